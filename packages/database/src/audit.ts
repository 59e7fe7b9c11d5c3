import type { Principal } from '@docent/core/principal';
import { run, sql, type Tx } from './sql.ts';

/** Something worth a line in the audit log that is no change of a row: an export, a key shown, a sign-in as somebody. */
export interface AuditAction {
  /** `<kind>.<what happened>`: `audit.exported`. */
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  /** Facts that an administrator may read for years: ids, counts, names of filters. Never secrets or personal data. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Puts an action of the caller on record, in the transaction of what it belongs to: who, when and from where is
 * taken from the transaction itself. Changes of rows need no call: `docent.audit(…)` attaches their tables.
 */
export async function recordAction(
  tx: Tx,
  { orgId }: Principal,
  { action, targetKind, targetId, details = {} }: AuditAction,
): Promise<void> {
  await run(
    tx,
    sql`
      select docent.record_action(${orgId}, ${action}, ${targetKind}, ${targetId},
        ${JSON.stringify(details)}::jsonb)`,
  );
}

/**
 * Makes the partitions of the audit log for this month and the three after it. Safe to call at any time; where
 * it is not called for months, entries go to a partition of their own.
 *
 */
export async function ensureAuditPartitions(tx: Tx): Promise<void> {
  await run(tx, sql`select docent.ensure_audit_partitions()`);
}
