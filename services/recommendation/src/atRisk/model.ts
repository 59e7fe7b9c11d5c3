import { auroc, fitLogistic } from '@docent/core/logistic';
import { z } from 'zod';
import type { RiskFeatures } from './features.ts';

/** So many finished enrolments an organization needs before a model replaces the rule. */
export const ENOUGH_ENROLMENTS = 200;

/** Somebody who has begun and not passed is at risk by the rule after so many days without a visit. */
const SILENT_DAYS = 7;

/** After so many days without a visit nobody is at risk any more: they have stopped. */
export const STOPPED_DAYS = 60;

/** A fitted model, as it is stored. */
export const RiskModel = z.object({
  intercept: z.number(),
  /** In the order of `asVector`. */
  weights: z.array(z.number()).length(5),
  /** From this probability on somebody is likely not to pass; of models from before it was kept, even chances. */
  threshold: z.number().min(0).max(1).default(0.5),
  /** Enrolments that it was fitted on. */
  enrolments: z.int(),
  /** Probability that somebody who failed is put above somebody who passed, on those enrolments. */
  auc: z.number(),
});
export type RiskModel = z.infer<typeof RiskModel>;

export interface FinishedEnrolment {
  readonly features: RiskFeatures;
  readonly failed: boolean;
}

/**
 * Logistic regression of failing on the five features.
 *
 * @returns null when there are too few enrolments, or all ended alike.
 */
export function fitRiskModel(
  enrolments: readonly FinishedEnrolment[],
  enough = ENOUGH_ENROLMENTS,
): RiskModel | null {
  const failures = enrolments.filter(({ failed }) => failed).length;
  if (enrolments.length < enough || failures === 0 || failures === enrolments.length) return null;
  const samples = enrolments.map(({ features, failed }) => ({
    x: asVector(features),
    positive: failed,
    weight: 1,
  }));
  const { intercept, weights, probability } = fitLogistic(samples);
  const known = samples.map(({ x, positive, weight }) => ({
    positive,
    weight,
    probability: probability(x),
  }));
  return {
    intercept,
    weights: [...weights],
    threshold: thresholdOf(known),
    enrolments: enrolments.length,
    auc: auroc(known),
  };
}

/** Probabilities this near are the same but for rounding. */
const ROUNDING = 1e-6;

/**
 * The probability from which on those who failed stand out most from those who passed. Where few fail, hardly anybody
 * is more likely than not to: even chances would name nobody.
 *
 * @returns where sensitivity + specificity is highest (Youden, Cancer 1950), the highest of equals; not below the share
 *   of failures, and at most 1/2.
 */
function thresholdOf(known: readonly { positive: boolean; probability: number }[]): number {
  const failures = known.filter(({ positive }) => positive).length;
  const passes = known.length - failures;
  const ordered = [...known].sort((a, b) => b.probability - a.probability);
  let [threshold, best, found, wrong] = [0.5, 0, 0, 0];
  for (const [index, { positive, probability }] of ordered.entries()) {
    if (positive) found += 1;
    else wrong += 1;
    const next = ordered[index + 1]?.probability ?? -1;
    const gain = found / failures - wrong / passes;
    if (probability - next < ROUNDING || gain <= best) continue;
    [threshold, best] = [probability - ROUNDING, gain];
  }
  return Math.min(0.5, Math.max(threshold, failures / known.length));
}

/** Probability, 0 to 1, that the enrolment is not passed. */
export function riskOf({ intercept, weights }: RiskModel, features: RiskFeatures): number {
  const logit = asVector(features).reduce(
    (sum, value, index) => sum + value * (weights[index] ?? 0),
    intercept,
  );
  return 1 / (1 + Math.exp(-logit));
}

/**
 * The rule from the first day on: enrolled, has done something, has not passed, and has not been seen for a week. A
 * course without an end would keep everybody at risk who ever left it, so that months of silence end the risk.
 *
 * @see the at-risk learner filter of Open edX Aspects, where a course has an end
 */
export function isAtRisk(
  enrolment: { begun: boolean; passed: boolean; lastSeenAt: Date },
  now: Date,
): boolean {
  const silentDays = (now.getTime() - enrolment.lastSeenAt.getTime()) / 86_400_000;
  const silent = silentDays >= SILENT_DAYS && silentDays < STOPPED_DAYS;
  return enrolment.begun && !enrolment.passed && silent;
}

function asVector(features: RiskFeatures): number[] {
  const { shareHandedIn, meanScore, nothingHandedIn, lateShare, previousAttempts } = features;
  return [shareHandedIn, meanScore, nothingHandedIn, lateShare, previousAttempts];
}
