/** What the probability is made of; `confidence.ts` says what each means. */
export const evidenceNames = [
  'words',
  'sentence',
  'covered',
  'headed',
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
 * clapnq, answerable or not      .839 ±.020 .061   .844 .100    .818 ±.022 .068   .823 .094
 * squad2, passage removed        .872 ±.013 .045   .861 .054    .866 ±.014 .047   .857 .036
 * product docs, passage removed  .808 ±.040 .083                .803 ±.041 .097
 * clinc, out of scope            .933 ±.010        .930         .923 ±.011        .919
 * squad2, absent topic           .970 ±.007        .972         .967 ±.008        .968
 * squad2, adversarial            .557 ±.021        .558         .537 ±.022        .536   (only reading can tell)
 *
 * What is said of headings stands on the product documentation alone, whose passages are sections: with their words in
 * `sentence` and `covered`, and with `headed`, its near misses went from .793 to .808, its absent topics from .986 to .988,
 * and of its questions .84 instead of .79 are answered. Titles of documents are left out: with them, clapnq fell from .839 to
 * .824 and squad2's near misses from .871 to .863, because all of an article shares its title.
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
  intercept: -6.34,
  weights: {
    words: 4.87,
    sentence: 1.11,
    covered: 4.27,
    headed: 2.09,
    names: 0.97,
    standout: 2.62,
    nearest: 0,
  },
};

/** By the start of the embedding model's id; the first match counts. */
const BY_MODEL: readonly (readonly [modelPrefix: string, calibration: Calibration])[] = [
  [
    'builtin:use-lite',
    {
      intercept: -6.55,
      weights: {
        words: 4.39,
        sentence: 1.38,
        covered: 4.16,
        headed: 2.1,
        names: 1.08,
        standout: 1.9,
        nearest: 1.16,
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
 * calibrated probability is (2/3) / (1 + 2/3) = .4, where the measured utility is highest, too (.328 of a question; .314
 * at .25, .315 at .5). It answers .88 of clapnq's, .85 of squad2's and .80 of clinc's questions that can be answered and
 * lets through .35 of those that the right article does not answer, .27 of near misses, .05 of absent topics, .07 out of
 * scope. What passes below .5 has the level `low`.
 */
export const ABSTAIN_BELOW = 0.4;
