import type { Statement } from '@docent/contracts/learningXapi';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { insertAnswers } from '../assessments/attempts.store.ts';
import { type Report, recordProgress } from '../progress/record.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { type Effect, insertResult, type KnownActivity } from './statements.store.ts';

/** A statement about a known person and activity. */
export interface Subject {
  readonly id: string;
  readonly statement: Statement;
  readonly userId: string;
  readonly activity: KnownActivity;
  readonly occurredAt: Date;
  /** The sender is somebody else than the person, with the right to report about them. */
  readonly trusted: boolean;
}

/** What a statement leads to here, told before anything is written. */
export function effectOf({ statement, activity, trusted }: Omit<Subject, 'userId'>): Effect {
  const meaning = meaningOf(statement);
  const { kind } = activity;
  if (meaning.kind === 'none') return 'none';
  if (meaning.kind === 'answer') {
    if (kind !== 'question') return 'none';
    return trusted ? 'answer' : 'not_trusted';
  }
  if (kind === 'question') return 'none';
  if (meaning.kind === 'result') {
    if (!trusted) return 'not_trusted';
    return kind === 'assessment' ? 'attempt' : 'progress';
  }
  if (kind === 'assessment' || (meaning.courseOnly && kind !== 'course')) return 'none';
  return meaning.status === 'waived' && !trusted ? 'not_trusted' : 'progress';
}

/** Writes what statements lead to, and brings people's progress up to it, in the caller's transaction. */
export async function applyStatements(
  tx: Tx,
  principal: Principal,
  subjects: readonly Subject[],
  now: Date,
): Promise<void> {
  const reports: Report[] = [];
  for (const subject of subjects) {
    const effect = effectOf(subject);
    const meaning = meaningOf(subject.statement);
    if (effect === 'answer' && meaning.kind === 'answer') {
      await writeAnswer(tx, principal.orgId, subject, meaning);
    } else if (effect === 'attempt' && meaning.kind === 'result') {
      await writeResult(tx, principal.orgId, subject, meaning);
    }
    reports.push(...reportsOf(subject, effect, meaning));
  }
  for (const result of await recordProgress(tx, principal, reports, now)) {
    if (result.status === 'refused') throw result.error;
  }
}

function reportsOf(subject: Subject, effect: Effect, meaning: Meaning): Report[] {
  if (effect !== 'progress' && effect !== 'attempt') return [];
  const { id, statement, userId, activity, occurredAt } = subject;
  const { registration } = statement.context ?? {};
  const said =
    meaning.kind === 'result'
      ? { status: meaning.passed ? ('passed' as const) : ('failed' as const) }
      : meaning.kind === 'progress'
        ? {
            ...(meaning.status === null ? {} : { status: meaning.status }),
            ...(meaning.progress === null ? {} : { progress: meaning.progress }),
          }
        : {};
  const report = {
    ...said,
    userId,
    source: 'xapi',
    occurredAt: occurredAt.toISOString(),
    ...(registration === undefined ? {} : { registration }),
    statementId: id,
    trusted: true,
  };
  if (!('status' in said) && !('progress' in said)) return [];
  const { courseId, skillId } = activity;
  return [
    ...(courseId === null ? [] : [{ ...report, courseId, eventId: id }]),
    ...(skillId === null ? [] : [{ ...report, skillId, eventId: `${id}:skill` }]),
  ];
}

async function writeAnswer(
  tx: Tx,
  orgId: string,
  { id, userId, activity, occurredAt }: Subject,
  { score, response }: Extract<Meaning, { kind: 'answer' }>,
): Promise<void> {
  const of = {
    userId,
    attemptId: null,
    ownerId: activity.ownerId,
    answeredAt: occurredAt,
    source: 'xapi',
    statementId: id,
  };
  const { skillId } = activity;
  await insertAnswers(tx, orgId, of, [
    { id: newId(), questionId: activity.id, skillId, score, response },
  ]);
}

async function writeResult(
  tx: Tx,
  orgId: string,
  { id, statement, userId, activity, occurredAt }: Subject,
  { score, passed, seconds }: Extract<Meaning, { kind: 'result' }>,
): Promise<void> {
  await insertResult(tx, orgId, {
    id: newId(),
    userId,
    assessmentId: activity.id,
    ownerId: activity.ownerId,
    completedAt: occurredAt,
    seconds,
    score,
    passed,
    registration: statement.context?.registration ?? null,
    statementId: id,
  });
}
