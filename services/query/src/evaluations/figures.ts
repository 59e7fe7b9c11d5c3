import {
  type EvaluationFigures,
  type EvaluationResult,
  type Measure,
  measures,
} from '@docent/contracts/evaluations';
import { estimate } from '@docent/core/metrics';

/** What a figure is made of; results without their texts. */
export type Measured = Pick<
  EvaluationResult,
  'status' | 'outcome' | 'ms' | 'embeddingModel' | 'tokens' | Measure
>;

/** The value of a measure, 0 to 1; null when it cannot be told for this question. */
export function measured(result: Pick<EvaluationResult, Measure>, measure: Measure): number | null {
  const value = result[measure];
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Means with standard errors over the questions that were answered. */
export function figuresOf(
  results: readonly Measured[],
  material: EvaluationFigures['material'],
): EvaluationFigures {
  const done = results.filter(({ status }) => status === 'done');
  const count = (outcome: EvaluationResult['outcome']) =>
    done.filter((result) => result.outcome === outcome).length;
  const stages = ['search', 'write', 'verify', 'total'] as const;
  return {
    questions: done.length,
    failed: results.filter(({ status }) => status === 'failed').length,
    outcomes: { answer: count('answer'), abstain: count('abstain'), clarify: count('clarify') },
    measures: Object.fromEntries(
      measures.flatMap((measure) => {
        const found = estimate(done.flatMap((result) => measured(result, measure) ?? []));
        if (found === null) return [];
        const { mean, standardError, count: questions } = found;
        return [[measure, { mean, standardError, questions }]];
      }),
    ),
    ms: Object.fromEntries(
      stages.flatMap((stage) => {
        const times = done.flatMap(({ ms }) => ms[stage] ?? []).sort((a, b) => a - b);
        if (times.length === 0) return [];
        return [[stage, { median: quantile(times, 0.5), p95: quantile(times, 0.95) }]];
      }),
    ),
    tokens: results.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0),
    embeddingModels: [
      ...new Set(done.flatMap(({ embeddingModel }) => embeddingModel ?? [])),
    ].sort(),
    material,
  };
}

/** Nearest rank, of sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}
