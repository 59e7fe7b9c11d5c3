import type { Tx } from '@docent/database/sql';
import { type Enrolment, findEnrolments, findRiskModel, saveRiskModel } from './atRisk.store.ts';
import { type RiskFeatures, riskFeatures } from './features.ts';
import { fitRiskModel, isAtRisk, type RiskModel, riskOf } from './model.ts';

/** Somebody in a course that is not over. */
export interface Risk {
  readonly userId: string;
  readonly departmentId: string | null;
  readonly courseId: string;
  /** Begun, not passed, silent for a week and more. */
  readonly byRule: boolean;
  /** Since something was last heard. */
  readonly silentDays: number;
  /** Probability of not passing, 0 to 1; null: no model, nothing was due yet, or the person is not to be profiled. */
  readonly probability: number | null;
  /** By the model where it knows a probability, else by the rule. */
  readonly likely: boolean;
  /** False: the person is counted, and named to nobody else. */
  readonly profiling: boolean;
}

/** When a finished enrolment is looked at for learning: late enough that something was due, early enough to help. */
const LEARNED_AT = 0.75;

/**
 * Learns from the organization's finished enrolments who does not pass; with too few of them there is no model.
 *
 * @param tx of a worker.
 */
export async function trainRiskModel(
  tx: Tx,
  orgId: string,
  now = new Date(),
): Promise<RiskModel | null> {
  const finished = await findEnrolments(tx, orgId, { finished: true, now });
  const samples = finished.flatMap((enrolment) => {
    const features = enrolment.profiling ? featuresOf(enrolment, LEARNED_AT) : null;
    return features === null ? [] : [{ features, failed: !enrolment.passed }];
  });
  const model = fitRiskModel(samples);
  await saveRiskModel(tx, orgId, model);
  return model;
}

/**
 * Who is in a course that is not over, and how likely it is that they do not pass.
 *
 * @param tx of a worker.
 * @param userId of this person only.
 */
export async function findRisks(
  tx: Tx,
  orgId: string,
  now: Date,
  userId?: string,
): Promise<Risk[]> {
  const model = await findRiskModel(tx, orgId);
  const open = await findEnrolments(tx, orgId, { finished: false, now, userId });
  return open.map((enrolment) => {
    const { departmentId, courseId, dueAt, startedAt, lastSeenAt, profiling } = enrolment;
    const share =
      dueAt === null ? null : (now.getTime() - startedAt.getTime()) / lengthOf(enrolment);
    const features =
      model === null || share === null || !profiling ? null : featuresOf(enrolment, share);
    const probability = model === null || features === null ? null : riskOf(model, features);
    const byRule = isAtRisk(enrolment, now);
    return {
      userId: enrolment.userId,
      departmentId,
      courseId,
      byRule,
      silentDays: Math.floor((now.getTime() - lastSeenAt.getTime()) / 86_400_000),
      probability,
      likely: model === null || probability === null ? byRule : probability >= model.threshold,
      profiling,
    };
  });
}

/**
 * The features after a share of the time until it is due. A course says when it is due, not its assessments:
 * they are taken to be spread evenly over that time. Null without a due time.
 */
function featuresOf(enrolment: Enrolment, share: number): RiskFeatures | null {
  if (enrolment.dueAt === null) return null;
  const start = enrolment.startedAt.getTime();
  const length = lengthOf(enrolment);
  const work = enrolment.work.map(({ handedIn, score }, index) => ({
    due: start + (length * (index + 1)) / (enrolment.work.length + 1),
    handedIn: handedIn?.getTime() ?? null,
    score,
  }));
  return riskFeatures(work, enrolment.previousAttempts, start + share * length);
}

function lengthOf({ startedAt, dueAt }: Enrolment): number {
  return Math.max(1, (dueAt?.getTime() ?? 0) - startedAt.getTime());
}
