import { AuditEntry } from '@docent/contracts/audit';
import { many, one, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = AuditEntry.extend({
  seq: z.coerce.number(),
  at: z.date().transform((date) => date.toISOString()),
});

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly targetKind?: string | undefined;
  readonly targetId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const columns = sql`
  l.seq, l.at, l.actor, l.action, l.target_kind as "targetKind", l.target_id as "targetId", l.changes, l.details,
  l.request_id as "requestId", l.ip, l.user_agent as "userAgent", encode(l.hash, 'hex') as hash`;

function matching(filter: AuditFilter) {
  const { actor = null, action = null, targetKind = null, targetId = null } = filter;
  const { from = null, to = null } = filter;
  return sql`
         and (${actor}::text is null or l.actor = ${actor})
         and (${action}::text is null or l.action = ${action})
         and (${targetKind}::text is null or l.target_kind = ${targetKind})
         and (${targetId}::text is null or l.target_id = ${targetId})
         and (${from}::timestamptz is null or l.at >= ${from}::timestamptz)
         and (${to}::timestamptz is null or l.at < ${to}::timestamptz)`;
}

/** Newest first, those before the entry `before`. */
export function listEntries(
  tx: Tx,
  orgId: string,
  filter: AuditFilter,
  { before, limit }: { before: number | null; limit: number },
): Promise<AuditEntry[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.audit_log l
       where l.org_id = ${orgId}
         and (${before}::bigint is null or l.seq < ${before}::bigint)
         ${matching(filter)}
       order by l.seq desc
       limit ${limit}`,
  );
}

/** Oldest first, those after the entry `after` up to the entry `last`. */
export function readEntries(
  tx: Tx,
  orgId: string,
  filter: AuditFilter,
  { after, last, limit }: { after: number; last: number; limit: number },
): Promise<AuditEntry[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.audit_log l
       where l.org_id = ${orgId}
         and l.seq > ${after}::bigint
         and l.seq <= ${last}::bigint
         ${matching(filter)}
       order by l.seq
       limit ${limit}`,
  );
}

/** Number of the newest entry; 0 when there is none. */
export async function lastEntry(tx: Tx, orgId: string): Promise<number> {
  const { seq } = await one(
    tx,
    z.object({ seq: z.coerce.number() }),
    sql`
      select coalesce(max(l.seq), 0) as seq
        from docent.audit_log l
       where l.org_id = ${orgId}`,
  );
  return seq;
}
