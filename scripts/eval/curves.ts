import type { Judged } from '@docent/core/logistic';

/** Answers of about the same confidence. */
export interface Bin {
  /** Mean confidence, and the share that was right, 0 to 1. */
  readonly said: number;
  readonly was: number;
  readonly count: number;
}

/** Ten bins of equal width, without the empty ones: a calibrated confidence has `said` = `was` in each. */
export function reliability(rows: readonly Judged[], bins = 10): Bin[] {
  const inside = Map.groupBy(rows, ({ probability }) =>
    Math.min(bins - 1, Math.floor(probability * bins)),
  );
  return [...inside]
    .sort(([a], [b]) => a - b)
    .map(([, own]) => ({
      said: own.reduce((sum, { probability }) => sum + probability, 0) / own.length,
      was: own.filter(({ positive }) => positive).length / own.length,
      count: own.length,
    }));
}

export interface RiskPoint {
  /** Answers below it are withheld. */
  readonly threshold: number;
  /** Share of the questions that get an answer, and of these answers that are wrong, 0 to 1. */
  readonly coverage: number;
  readonly risk: number;
}

/**
 * Risk against coverage, from the most confident answer to all of them.
 *
 * @see El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010.
 */
export function riskCoverage(rows: readonly Judged[]): RiskPoint[] {
  const sorted = [...rows].sort((a, b) => b.probability - a.probability);
  const points: RiskPoint[] = [];
  let wrong = 0;
  sorted.forEach(({ positive, probability }, index) => {
    if (!positive) wrong += 1;
    // Answers of one confidence are given together.
    if (sorted[index + 1]?.probability === probability) return;
    const given = index + 1;
    points.push({
      threshold: probability,
      coverage: given / sorted.length,
      risk: wrong / given,
    });
  });
  return points;
}
