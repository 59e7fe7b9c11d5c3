/** What is relevant to a query: how much, by the id of the passage; above 0. */
export type Relevant = ReadonlyMap<string, number>;

/** All from 0 to 1, higher is better. */
export interface Metrics {
  readonly ndcg: number;
  readonly recall: number;
  readonly mrr: number;
}

/**
 * Measures of one result list at ten places.
 *
 * @param found ids, best first, each once.
 * @see Järvelin & Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", TOIS 2002; gains are
 *   linear, as in trec_eval's `ndcg_cut`.
 */
export function metricsAt10(found: readonly string[], relevant: Relevant): Metrics {
  const gains = found.slice(0, 10).map((id) => relevant.get(id) ?? 0);
  const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, 10);
  const first = gains.findIndex((gain) => gain > 0);
  return {
    ndcg: discounted(gains) / discounted(ideal),
    recall: gains.filter((gain) => gain > 0).length / relevant.size,
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The mean of each measure over queries; NaN for none. */
export function mean(all: readonly Metrics[]): Metrics {
  const of = (measure: keyof Metrics) =>
    all.reduce((sum, metrics) => sum + metrics[measure], 0) / all.length;
  return { ndcg: of('ndcg'), recall: of('recall'), mrr: of('mrr') };
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}
