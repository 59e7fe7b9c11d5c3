/** nDCG@10 on whole sets, measured once with plain scripts: Porter stemming, title and text. */
export interface Figures {
  /** BM25 with k1 = 1.2, b = 0.75. */
  readonly bm25: number;
  /** PostgreSQL's own: any word, `ts_rank` with normalisation 1. */
  readonly tsRank: number;
  /** 0.7 BM25 + 0.3 sentence encoder, min-max over the top 100. */
  readonly fusion?: number;
  /** What the hybrid search of this repository must reach. */
  readonly floor?: number;
}

export const FIGURES: Readonly<Record<string, Figures>> = {
  'squad2-dev': { bm25: 0.894, tsRank: 0.88, fusion: 0.901, floor: 0.88 },
  'clapnq-dev': { bm25: 0.948, tsRank: 0.912, fusion: 0.97, floor: 0.93 },
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: measured, not the root of one half
  'product-docs-dev': { bm25: 0.707, tsRank: 0.72, fusion: 0.77, floor: 0.72 },
  cranfield: { bm25: 0.375, tsRank: 0.332, fusion: 0.378, floor: 0.33 },
  'scifact-train': { bm25: 0.683, tsRank: 0.604 },
};
