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
  /** Probability of not passing, 0 to 1; null: no model, or nothing was due yet. */
  readonly probability: number | null;
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
    const features = featuresOf(enrolment, LEARNED_AT);
    return features === null ? [] : [{ features, failed: !enrolment.passed }];
  });
  const model = fitRiskModel(samples);
  await saveRiskModel(tx, orgId, model);
  return model;
}

/** Who is in a course that is not over, and how likely it is that they do not pass. */
export async function findRisks(tx: Tx, orgId: string, now: Date): Promise<Risk[]> {
  const model = await findRiskModel(tx, orgId);
  const open = await findEnrolments(tx, orgId, { finished: false, now });
  return open.map((enrolment) => {
    const { userId, departmentId, courseId, dueAt, startedAt } = enrolment;
    const share =
      dueAt === null ? null : (now.getTime() - startedAt.getTime()) / lengthOf(enrolment);
    const features = model === null || share === null ? null : featuresOf(enrolment, share);
    return {
      userId,
      departmentId,
      courseId,
      byRule: isAtRisk(enrolment, now),
      probability: model === null || features === null ? null : riskOf(model, features),
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
