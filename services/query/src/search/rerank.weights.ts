import type { FeatureName } from './rerankFeatures.ts';

/*
 * Trained on 2026-11-21 by what `npm run eval -- train-reranker` does, on the first 30 candidates of the hybrid search with
 * the built-in encoder, up to 350 questions of a set. nDCG@10 of words alone; nDCG@10 / MRR@10 of the search, and with
 * weights that were trained on the other five sets; and how much better than words alone that is:
 *
 * squad2-dev        .890   .896 / .869   .907 / .883   +.017 ±.007
 * scifact-train     .706   .706 / .676   .709 / .677   +.003 ±.007
 * clapnq-dev        .958   .970 / .960   .970 / .959   +.012 ±.006
 * product-docs-dev  .815   .864 / .927   .919 / .966   +.104 ±.021
 * cranfield         .386   .401 / .560   .431 / .559   +.044 ±.008
 * cisi              .315   .365 / .601   .382 / .604   +.067 ±.013
 *
 * Mean nDCG@10 of the six without one of the features, by weights of the other sets: all .7194; without alike .7078,
 * sentence .7156, named .7156, phrase .7186, fused .7188, title .7194. Likeness costs SQuAD's questions .010, whose
 * answer is in one passage among others of its article, and gives the product documentation .037, Cranfield .025, CISI .012,
 * SciFact .006.
 *
 * Also tried, without gain: BM25 and cosine apart or by rank, the question's words in the whole passage, in two sentences,
 * in a window, close together in any order, unstemmed; words that the question repeats; length; the first 50 candidates
 * (−.003); likeness only where no passage has all of the question; expansion by the best passages' words (RM3), which
 * costs SQuAD's questions .02. No set has headings: their weight is half of the title's.
 */
export const RERANK_WEIGHTS: Readonly<Record<FeatureName, number>> = {
  fused: 4.26,
  sentence: 3.84,
  title: 1.03,
  heading: 0.52,
  named: 1.26,
  phrase: 1.81,
  alike: 5.0,
};
