import { estimate } from '@docent/core/metrics';

/** A measured value. */
export interface Estimate {
  readonly value: number;
  /** Standard error: how far the value of other questions of the same kind would be off, in its own unit. */
  readonly se: number;
  /** Questions (or citations) that it was measured on. */
  readonly n: number;
}

/** The mean of values that stand for one question each; NaN of none. */
export function meanOf(values: readonly number[]): Estimate {
  const found = estimate(values);
  if (found === null) return { value: Number.NaN, se: Number.NaN, n: 0 };
  return { value: found.mean, se: found.standardError ?? 0, n: found.count };
}

/**
 * A share of rows. Its error is that of a share with one more of each kind: all of 100 is no proof of all of 1,000.
 *
 * @see Agresti & Coull, "Approximate is Better than 'Exact' for Interval Estimation", 1998.
 */
export function shareOf<T>(rows: readonly T[], holds: (row: T) => boolean): Estimate {
  const n = rows.length;
  const count = rows.filter(holds).length;
  const likely = (count + 1) / (n + 2);
  return { value: count / n, se: Math.sqrt((likely * (1 - likely)) / n), n };
}

/** The middle of values; its standard error is not told (NaN): for times, which no run is judged by. */
export function medianOf(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { value, se: Number.NaN, n: sorted.length };
}

const RESAMPLES = 200;

/**
 * A statistic that is no mean, with the standard deviation of its values on 200 samples with replacement. The
 * samples are the same in every run.
 *
 * @see Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979.
 */
export function bootstrapped<T>(
  rows: readonly T[],
  statistic: (rows: readonly T[]) => number,
): Estimate {
  const random = seeded(rows.length);
  const values: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    const sample = rows.flatMap(() => rows[Math.floor(random() * rows.length)] ?? []);
    const value = statistic(sample);
    // A sample of one kind only has no AUROC.
    if (Number.isFinite(value)) values.push(value);
  }
  const { value: center } = meanOf(values);
  const variance = meanOf(values.map((value) => (value - center) ** 2)).value;
  return { value: statistic(rows), se: Math.sqrt(variance), n: rows.length };
}

/** Numbers from 0 to 1, the same for the same seed (xorshift32, Marsaglia 2003). */
function seeded(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Every n-th of the items, so that about `wanted` of them are left, evenly spread. */
export function spread<T>(items: readonly T[], wanted: number): T[] {
  const step = Math.max(1, items.length / wanted);
  const kept: T[] = [];
  for (let at = 0; at < items.length; at += step) {
    const item = items[Math.floor(at)];
    if (item !== undefined) kept.push(item);
  }
  return kept;
}
