import type { FeatureName } from './rerankFeatures.ts';

/*
 * Trained on 2026-11-21 by `npm run eval -- train-reranker` on the first 30 candidates of the hybrid search with the
 * built-in encoder. nDCG@10 / MRR@10 of the search, and with weights that were trained on the other four sets:
 *
 * squad2-dev        .895 / .870   .905 / .882
 * clapnq-dev        .977 / .969   .975 / .966
 * product-docs-dev  .855 / .919   .889 / .956
 * cranfield         .390 / .546   .396 / .549
 * cisi              .361 / .624   .360 / .617
 *
 * Also tried, without gain: BM25 and cosine apart, share of the question's words in the whole passage, codes and
 * numbers of the question. No set has headings: their weight is half of the title's.
 */
export const RERANK_WEIGHTS: Readonly<Record<FeatureName, number>> = {
  fused: 7.31,
  sentence: 1.01,
  title: 3.0,
  heading: 1.5,
  proximity: 1.56,
};
