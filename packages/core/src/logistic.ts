export interface Sample {
  readonly x: readonly number[];
  readonly positive: boolean;
  /** Its share in the fit and in the measures, > 0. */
  readonly weight: number;
}

export interface Fitted {
  readonly intercept: number;
  readonly weights: readonly number[];
  probability(x: readonly number[]): number;
}

/** Ridge: small against samples that weigh 1 in all, enough to keep collinear features apart. */
const RIDGE = 1e-4;

/** Logistic regression by Newton's method; 30 steps reach the optimum to the last digit shown. */
export function fitLogistic(samples: readonly Sample[]): Fitted {
  const size = (samples[0]?.x.length ?? 0) + 1;
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  let beta = new Array<number>(size).fill(0);
  for (let step = 0; step < 30; step += 1) {
    const gradient = beta.map((value, index) => (index === 0 ? 0 : -RIDGE * value));
    const hessian: number[][] = beta.map((_, row) =>
      beta.map((_, column) => (row === column ? RIDGE : 0)),
    );
    for (const { x, positive, weight } of samples) {
      const features = [1, ...x];
      const p = logistic(dot(beta, features));
      const share = weight / total;
      features.forEach((value, row) => {
        gradient[row] = (gradient[row] ?? 0) + share * ((positive ? 1 : 0) - p) * value;
        features.forEach((other, column) => {
          const line = hessian[row];
          if (line) line[column] = (line[column] ?? 0) + share * p * (1 - p) * value * other;
        });
      });
    }
    const change = solve(hessian, gradient);
    beta = beta.map((value, index) => value + (change[index] ?? 0));
  }
  const [intercept = 0, ...weights] = beta;
  return { intercept, weights, probability: (x) => logistic(intercept + dot(weights, x)) };
}

export interface Judged {
  readonly positive: boolean;
  readonly weight: number;
  readonly probability: number;
}

/** Probability that a positive is put above a negative, 0.5 to 1; ties count half. */
export function auroc(rows: readonly Judged[]): number {
  const sorted = [...rows].sort((a, b) => a.probability - b.probability);
  let [below, area, positives] = [0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    let [up, down] = [0, 0];
    while (to < sorted.length && sorted[to]?.probability === sorted[from]?.probability) {
      const row = sorted[to];
      if (row?.positive) up += row.weight;
      else down += row?.weight ?? 0;
      to += 1;
    }
    area += up * (below + down / 2);
    positives += up;
    below += down;
    from = to;
  }
  return area / (positives * below);
}

/** Expected calibration error: mean distance of probability and share of positives, ten bins; lower is better. */
export function calibrationError(rows: readonly Judged[], bins = 10): number {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  let error = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const inside = rows.filter(
      ({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)) === bin,
    );
    const said = inside.reduce((sum, { weight, probability }) => sum + weight * probability, 0);
    const was = inside.reduce((sum, { weight, positive }) => sum + (positive ? weight : 0), 0);
    error += Math.abs(said - was) / total;
  }
  return error;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Gaussian elimination with partial pivoting; for the five unknowns here. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let pivot = 0; pivot < size; pivot += 1) {
    let best = pivot;
    for (let row = pivot; row < size; row += 1) {
      if (Math.abs(at(row, pivot)) > Math.abs(at(best, pivot))) best = row;
    }
    const [upper, lower] = [rows[pivot], rows[best]];
    if (upper && lower) [rows[pivot], rows[best]] = [lower, upper];
    for (let row = 0; row < size; row += 1) {
      if (row === pivot || at(pivot, pivot) === 0) continue;
      const factor = at(row, pivot) / at(pivot, pivot);
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * at(pivot, column));
    }
  }
  return rows.map((_, index) => at(index, size) / at(index, index));
}
