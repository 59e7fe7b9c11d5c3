/** Coefficients of the logistic model of `confidence.ts`. */
export interface Calibration {
  readonly intercept: number;
  readonly weights: {
    readonly words: number;
    readonly sentence: number;
    readonly margin: number;
    readonly vector: number;
  };
}

/*
 * Fitted on 2026-11-21 by scripts/eval/fitConfidence.ts, through the real search, on 1,504 cases of
 * clapnq-dev (295 questions) and squad2-dev (every fifth of 2,805). Positive (.6 of the weight): the question's
 * passage is among the first three. Negative: unanswerable questions, questions about topics that the corpus
 * does not have, and answerable ones without their passage. Five-fold:
 *
 *                                       AUROC           ECE
 *                                   vectors  words  vectors  words
 * all                                 .835    .827    .033    .052
 * clapnq answerable or not            .814    .815    .061    .069
 * squad2 without its passage          .839    .834
 * topic absent                        .965    .951
 * squad2 answerable or adversarial    .683    .657     (only reading the answer can tell)
 *
 * Also tried, without gain: share of the question's words in the passage with its title, in the first
 * passage alone, unknown words, the rarest word, length of the question, unbounded BM25.
 */
const WORDS: Calibration = {
  intercept: -3.77,
  weights: { words: 5.42, sentence: 1.61, margin: 2.03, vector: 0 },
};

/** By the start of the embedding model's id; the first match counts. */
const BY_MODEL: readonly (readonly [modelPrefix: string, calibration: Calibration])[] = [
  [
    'builtin:use-lite',
    {
      intercept: -5.66,
      weights: { words: 4.41, sentence: 1.91, margin: 2.47, vector: 3.59 },
    },
  ],
];

/** The calibration for the vectors of a model; the one for words alone when it has none. */
export function calibrationFor(modelId: string | null): Calibration {
  if (modelId === null) return WORDS;
  return BY_MODEL.find(([prefix]) => modelId.startsWith(prefix))?.[1] ?? WORDS;
}

/**
 * Below this probability the answer is an abstention, with the nearest material. It keeps .83 of squad2's and .89 of
 * clapnq's answerable questions and turns away .93 of those about absent topics (.25: .95, .96 and .76): a wrong
 * answer costs more trust than a pointer to the nearest material. What passes below .5 has the level `low`.
 */
export const ABSTAIN_BELOW = 0.4;
