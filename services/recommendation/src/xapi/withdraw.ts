import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs, QueueData } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { requestReplay } from '../mastery/worker.ts';
import { foldProgress, lockPeople } from '../progress/fold.store.ts';
import { FAILED, PASSED } from './meaning.ts';
import { settleRegistrations } from './registrations.ts';
import {
  findKnown,
  type Known,
  lockStatements,
  type Registered,
  takeBack,
} from './statements.store.ts';

/** A statement that was sent, and the one that voids it. */
export type Withdrawal = QueueData['withdraw-statement'];

/**
 * Asks for a statement to be taken back that the caller sent about somebody whose progress they may not write any
 * more: they see nothing of what it led to, so a worker does it.
 */
export function requestWithdrawal(jobs: Jobs, tx: Tx, withdrawal: Withdrawal): Promise<void> {
  return jobs.send(tx, 'withdraw-statement', withdrawal, { singletonKey: withdrawal.id });
}

/** Takes a statement back as a worker, unless that was done already. */
export async function withdrawStatement(
  { database, jobs }: { readonly database: Database; readonly jobs: Jobs },
  { orgId, id, by }: Withdrawal,
): Promise<void> {
  const worker = workerPrincipal(orgId);
  await database.withPrincipal(worker, async (tx) => {
    await lockStatements(tx, orgId);
    const target = (await findKnown(tx, [id])).find((known) => known.id === id);
    if (target === undefined || target.voidedBy !== null) return;
    const answersChanged = await undo(tx, orgId, id, by);
    await settleRegistrations(tx, worker, registrationOf(target), new Date());
    if (answersChanged) await requestReplay(jobs, tx, orgId);
  });
}

/**
 * Takes back what a statement had led to: progress is worked out without it, mastery is asked for anew.
 *
 * @returns whether an answer went.
 */
export async function undo(tx: Tx, orgId: string, id: string, by: string): Promise<boolean> {
  const taken = await takeBack(tx, id, by);
  if (taken === null) throw new Error('a statement that may be voided was not');
  const { keys, answers } = taken;
  await lockPeople(tx, orgId, [...new Set(keys.map(({ userId }) => userId))]);
  await foldProgress(tx, orgId, keys);
  return answers > 0;
}

/** The registration in which a result does not count any more, if the statement is one. */
export function registrationOf({ userId, verb, activity, registration }: Known): Registered[] {
  const isResult = verb === PASSED || verb === FAILED;
  if (!isResult || userId === null || activity === null || registration === null) return [];
  return [{ userId, activity, registration }];
}
