/** What the probability is made of; `confidence.ts` says what each means. */
export const evidenceNames = [
  'words',
  'sentence',
  'covered',
  'names',
  'standout',
  'nearest',
] as const;
export type EvidenceName = (typeof evidenceNames)[number];

/** Coefficients of the logistic model of `confidence.ts`. */
export interface Calibration {
  readonly intercept: number;
  readonly weights: Readonly<Record<EvidenceName, number>>;
}

/*
 * Fitted on 2026-11-21 by `npm run eval -- fit-confidence` on results of the chat's search (30 passages, reranked): 2,833
 * cases of clapnq-dev, squad2-dev, product-docs-dev and clinc-oos; scripts/eval/confidenceCases.ts says of which kinds, with
 * what weights: half can be answered. On questions that the fit has not seen (five-fold, AUROC ± its standard error and
 * ECE), and on a whole set that it has not seen:
 *
 *                                         with vectors                  words alone
 *                                five-fold         other sets   five-fold         other sets
 * clapnq, answerable or not      .829 ±.022 .066   .832 .078    .813 ±.023 .070   .817 .080
 * squad2, passage removed        .871 ±.014 .041   .861 .045    .864 ±.014 .045   .856 .039
 * clinc, out of scope            .928 ±.010        .925         .918 ±.011        .914
 * squad2, absent topic           .972 ±.006        .974         .969 ±.007        .970
 * squad2, adversarial            .562 ±.021        .562         .542 ±.021        .542   (only reading can tell)
 *
 * Of squad2's answerable questions .04 have their passage not among the first three; counted as answerable nevertheless,
 * the near misses have .851. Standing out by the reranked scores of all 30 took the place of being ahead of the next four by
 * BM25, and being nearest that of how near: on the same cases clapnq +.015 ±.006, near misses +.009 ±.004.
 *
 * Also tried: whether the best sentence has the kind of answer that is asked for (near misses +.003 ±.001, clapnq +.003
 * ±.003, and it knows English only), words weighted by how few of the candidates have them, the three rarest words, the
 * rarest that is missing, how far the best sentence is ahead, products and logarithms of the evidence (near misses within
 * .002), the cosine of the first passage (near misses −.004, absent topics +.013), a sentence's own vector, length of the
 * question.
 */

/** Of words alone, and of vectors of models that nobody has fitted. */
const WORDS: Calibration = {
  intercept: -6.38,
  weights: { words: 5.18, sentence: 0.95, covered: 4.38, names: 1.07, standout: 2.38, nearest: 0 },
};

/** By the start of the embedding model's id; the first match counts. */
const BY_MODEL: readonly (readonly [modelPrefix: string, calibration: Calibration])[] = [
  [
    'builtin:use-lite',
    {
      intercept: -6.54,
      weights: {
        words: 4.69,
        sentence: 1.19,
        covered: 4.24,
        names: 1.19,
        standout: 1.72,
        nearest: 1.06,
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
 * calibrated probability is (2/3) / (1 + 2/3) = .4, where the measured utility is highest, too (.325 of a question; .313
 * at .25, .315 at .5). It answers .88 of clapnq's, .85 of squad2's and .82 of clinc's questions that can be answered and
 * lets through .37 of those that the right article does not answer, .28 of near misses, .05 of absent topics, .09 out of
 * scope. What passes below .5 has the level `low`.
 */
export const ABSTAIN_BELOW = 0.4;
