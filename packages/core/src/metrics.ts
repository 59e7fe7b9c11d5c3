import { fold } from './text.ts';

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

/**
 * Whether a short answer stands in a text: word by word, compared without case, accents and punctuation. The markers
 * of an answer (`[1]`) do not count. An answer without a letter or digit stands nowhere.
 *
 * @see Rajpurkar et al., "SQuAD", EMNLP 2016, whose exact match normalises alike (articles are kept here).
 */
export function containsAnswer(text: string, answer: string): boolean {
  const wanted = plain(answer);
  return wanted.trim() !== '' && plain(text.replace(/\s?\[\d+\]/g, '')).includes(wanted);
}

function plain(text: string): string {
  return ` ${fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

/** A mean and how far it may be off by chance. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean, ≥ 0, in the unit of the values; null for fewer than two of them. */
  readonly standardError: number | null;
  readonly count: number;
}

/**
 * The mean of values with its standard error: s / √n, s with n − 1. Null when there is none.
 *
 * Of the differences of pairs it is the paired comparison of two runs: what makes a question hard for both is gone.
 *
 * @see Sakai, "Statistical Reform in Information Retrieval?", SIGIR Forum 48(1), 2014.
 */
export function estimate(values: readonly number[]): Estimate | null {
  const count = values.length;
  if (count === 0) return null;
  const average = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean: average, standardError: null, count };
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return { mean: average, standardError: Math.sqrt(squares / (count - 1) / count), count };
}

/** Of pairs that differ, fewer than these cannot tell a difference from chance: 2 · 0.5⁵ > .05 (sign test). */
const FEWEST_CHANGED = 6;
/** Standard errors: two-sided .05 of a normal distribution is 1.96. */
const BEYOND = 2;

/**
 * Whether the mean of paired differences is more than noise: beyond two standard errors, and enough pairs differ that
 * even all of them in one direction could be.
 */
export function beyondNoise(differences: readonly number[]): boolean {
  const found = estimate(differences);
  if (found?.standardError == null) return false;
  const changed = differences.filter((difference) => difference !== 0).length;
  return changed >= FEWEST_CHANGED && Math.abs(found.mean) > BEYOND * found.standardError;
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}
