/** Share of each signal in a passage's score; the two sum to 1. */
export interface FusionWeights {
  readonly words: number;
  readonly vectors: number;
}

/**
 * How much the vectors of a model are worth beside BM25, by the start of the model's id; the first match
 * counts. Both signals are min-max normalised over the candidates of a question before they are added.
 */
const WEIGHTS: readonly (readonly [modelPrefix: string, weights: FusionWeights])[] = [
  // The built-in sentence encoder knows topics better than facts. Measured with `npm run eval`, nDCG@10 of
  // vectors' share 0 / 0.3 / 0.4 / 0.5, passages searched whole: SQuAD 2 .888 / .897 / .902 / .899,
  // ClapNQ .960 / .970 / .975 / .977, product documentation .797 / .847 / .849 / .840, Cranfield .385 / .392
  // / .394 / .388.
  ['builtin', { words: 0.6, vectors: 0.4 }],
];

// Encoders of the size that providers serve: equal weights are the usual start of a weighted fusion
// (Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023: 0.5 to 0.8 for
// the vectors of a fine-tuned encoder, flat around the best value).
const OTHERS: FusionWeights = { words: 0.5, vectors: 0.5 };

/** The weights for the vectors of a model. */
export function fusionWeights(modelId: string): FusionWeights {
  return WEIGHTS.find(([prefix]) => modelId.startsWith(prefix))?.[1] ?? OTHERS;
}
