/** Coefficients of the logistic model of `confidence.ts`. */
export interface Calibration {
  readonly intercept: number;
  readonly weights: {
    readonly words: number;
    readonly sentence: number;
    readonly passage: number;
    readonly margin: number;
    readonly vector: number;
  };
}

const WORDS: Calibration = {
  intercept: -5,
  weights: { words: 3, sentence: 4, passage: 2, margin: 0.5, vector: 0 },
};

/** By the start of the embedding model's id; the first match counts. */
const BY_MODEL: readonly (readonly [modelPrefix: string, calibration: Calibration])[] = [];

/** The calibration for the vectors of a model; the one for words alone when it has none. */
export function calibrationFor(modelId: string | null): Calibration {
  if (modelId === null) return WORDS;
  return BY_MODEL.find(([prefix]) => modelId.startsWith(prefix))?.[1] ?? WORDS;
}

/** Below this probability the answer is an abstention. */
export const ABSTAIN_BELOW = 0.25;
