/** What the probability is made of; `confidence.ts` says what each means. */
export const evidenceNames = ['words', 'sentence', 'covered', 'names', 'margin', 'lead'] as const;
export type EvidenceName = (typeof evidenceNames)[number];

/** Coefficients of the logistic model of `confidence.ts`. */
export interface Calibration {
  readonly intercept: number;
  readonly weights: Readonly<Record<EvidenceName, number>>;
}

/*
 * Fitted on 2026-11-21 by what `npm run eval -- fit-confidence` does, on recorded results of the chat's search (30
 * passages, reranked): 2,836 cases of clapnq-dev, squad2-dev, product-docs-dev and clinc-oos; scripts/eval/confidenceCases.ts says of which
 * kinds, with what weights: half can be answered. On questions that the fit has not seen (five-fold, AUROC ± its
 * standard error and ECE), and on a whole set that it has not seen:
 *
 *                                         with vectors                  words alone
 *                                five-fold         other sets   five-fold         other sets
 * clapnq, answerable or not      .813 ±.023 .066   .814 .107    .804 ±.023 .081   .809 .075
 * squad2, passage removed        .863 ±.014 .049   .856 .065    .848 ±.016 .043   .837 .050
 * clinc, out of scope            .954 ±.008        .950         .937 ±.010        .931
 * squad2, absent topic           .969 ±.007        .971         .961 ±.007        .960
 * squad2, adversarial            .530 ±.020        .528         .534 ±.021        .535   (only reading can tell)
 *
 * Through the chat, times the answer's support: clapnq .816 ±.023 .059 (.778 ±.027 .094 while quotations with backticks
 * hid the citations of 11 answers), clinc .943 ±.021.
 * Of squad2's answerable questions .05 have their passage not among the first three; counted as answerable nevertheless,
 * the near misses have .833. Also tried: the cosine of the first passage instead of its lead (near misses .847, absent
 * topics .983), a sentence's own vector (+.002 for four more embeddings a question), words scattered over a passage,
 * the kind of answer that is asked for, title, proximity, second sentence's share, length of the question.
 */

/** Of words alone, and of vectors of models that nobody has fitted. */
const WORDS: Calibration = {
  intercept: -5.15,
  weights: { words: 5.85, sentence: 0.17, covered: 4.66, names: 0.98, margin: 1.17, lead: 0 },
};

/** By the start of the embedding model's id; the first match counts. */
const BY_MODEL: readonly (readonly [modelPrefix: string, calibration: Calibration])[] = [
  [
    'builtin:use-lite',
    {
      intercept: -5.97,
      weights: {
        words: 5.56,
        sentence: 0.32,
        covered: 5.11,
        names: 0.94,
        margin: 1.07,
        lead: 2.82,
      },
    },
  ],
];

/** The calibration for the vectors of a model; the one for words alone when it has none. */
export function calibrationFor(modelId: string | null): Calibration {
  if (modelId === null) return WORDS;
  return BY_MODEL.find(([prefix]) => modelId.startsWith(prefix))?.[1] ?? WORDS;
}

/**
 * Below this probability the answer is an abstention, with the nearest material. A right answer is worth 1, a wrong one
 * costs 2/3 (it is quoted, with its source, and says how unsure it is), an abstention nothing: then the threshold of a
 * calibrated probability is (2/3) / (1 + 2/3) = .4, where the measured utility is highest, too (.317 of a question; .305
 * at .25, .301 at .5). It answers .89 of clapnq's, .82 of squad2's and .85 of clinc's questions that can be answered and
 * lets through .42 of those that the right article does not answer, .27 of near misses, .05 of absent topics, .09 out of
 * scope. What passes below .5 has the level `low`.
 */
export const ABSTAIN_BELOW = 0.4;
