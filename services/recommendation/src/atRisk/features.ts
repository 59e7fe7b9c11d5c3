/** A piece of work of an enrolment that is to be handed in. Times in one unit of your choice, all the same. */
export interface Work {
  /** When it is due. */
  readonly due: number;
  /** When it was handed in; null: not yet. */
  readonly handedIn: number | null;
  /** 0 to 100; null: not marked. */
  readonly score: number | null;
}

/** What the chance to fail is worked out from, all 0 to 1. Nothing about the person. */
export interface RiskFeatures {
  /** Of the work that was due. */
  readonly shareHandedIn: number;
  /** Of what was handed in; 0 when nothing was. */
  readonly meanScore: number;
  /** 1: nothing was handed in. */
  readonly nothingHandedIn: number;
  /** Of what was handed in. */
  readonly lateShare: number;
  /** Earlier enrolments in the same course, 3 and more as 1. */
  readonly previousAttempts: number;
}

const MANY_ATTEMPTS = 3;

/**
 * The features of an enrolment at a time; what happened later is not looked at.
 *
 * @returns null while nothing was due: there is nothing to go on yet, and the rule serves (OULAD, day 60: AUC
 *   .795 without these enrolments, .788 with them).
 */
export function riskFeatures(
  work: readonly Work[],
  previousAttempts: number,
  at: number,
): RiskFeatures | null {
  const handedIn = work.filter((each) => each.handedIn !== null && each.handedIn <= at);
  const due = work.filter((each) => each.due <= at);
  if (due.length === 0) return null;
  const dueAndIn = due.filter((each) => each.handedIn !== null && each.handedIn <= at);
  const late = handedIn.filter((each) => each.handedIn !== null && each.handedIn > each.due);
  const scores = handedIn.flatMap(({ score }) => (score === null ? [] : [score]));
  return {
    shareHandedIn: dueAndIn.length / due.length,
    meanScore: ratio(
      scores.reduce((sum, score) => sum + score, 0),
      100 * scores.length,
    ),
    nothingHandedIn: handedIn.length === 0 ? 1 : 0,
    lateShare: ratio(late.length, handedIn.length),
    previousAttempts: Math.min(previousAttempts, MANY_ATTEMPTS) / MANY_ATTEMPTS,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
