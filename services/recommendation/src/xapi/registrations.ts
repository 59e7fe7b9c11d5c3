import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { foldProgress, lockPeople } from '../progress/fold.store.ts';
import { applyStatements, effectOf } from './effects.ts';
import { FAILED, PASSED } from './meaning.ts';
import {
  deleteEffects,
  findActivities,
  listResults,
  type Registered,
  setEffect,
} from './statements.store.ts';

/**
 * In one registration nobody fails after having passed (cmi5 § 9.3.5): such a statement is kept and leads to nothing.
 * By the statements' own time, whatever order they came in; when the one that passed is voided, they count again.
 */
export async function settleRegistrations(
  tx: Tx,
  principal: Principal,
  registrations: readonly Registered[],
  now: Date,
): Promise<void> {
  for (const registered of distinct(registrations)) await settle(tx, principal, registered, now);
}

async function settle(
  tx: Tx,
  principal: Principal,
  registered: Registered,
  now: Date,
): Promise<void> {
  const { orgId } = principal;
  const { userId } = registered;
  const results = await listResults(tx, orgId, registered, [PASSED, FAILED]);
  const passedAt = Math.min(
    ...results.filter(({ verb }) => verb === PASSED).map(({ occurredAt }) => occurredAt.getTime()),
  );
  for (const { id, verb, effect, raw: statement, occurredAt } of results) {
    if (verb !== FAILED) continue;
    const invalid = occurredAt.getTime() > passedAt;
    if (invalid === (effect === 'after_passed')) continue;
    if (invalid) {
      const { keys } = await deleteEffects(tx, orgId, id);
      await lockPeople(tx, orgId, [userId]);
      await foldProgress(tx, orgId, keys);
      await setEffect(tx, orgId, id, 'after_passed');
      continue;
    }
    const [activity] = await findActivities(tx, orgId, [registered.activity]);
    if (activity === undefined) continue;
    const subject = { id, statement, userId, activity, occurredAt, trusted: true };
    await applyStatements(tx, principal, [subject], now);
    await setEffect(tx, orgId, id, effectOf(subject));
  }
}

function distinct(registrations: readonly Registered[]): Registered[] {
  return [...new Map(registrations.map((each) => [JSON.stringify(each), each])).values()];
}
