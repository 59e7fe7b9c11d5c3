import { SecurityEvent } from '@docent/contracts/access';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = SecurityEvent.extend({
  at: z.date().transform((date) => date.toISOString()),
  /** Microseconds: a page ends between two rows of one millisecond. */
  position: z.string(),
}).transform(({ position, ...event }) => ({ position, event: event satisfies SecurityEvent }));
export type SecurityEventRow = z.output<typeof Row>;

export interface SecurityEventFilter {
  readonly kind?: SecurityEvent['kind'] | undefined;
  readonly apiKeyId?: string | undefined;
  readonly userId?: string | undefined;
  readonly ip?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Newest first. */
export function listEvents(
  tx: Tx,
  orgId: string,
  filter: SecurityEventFilter,
  { after, limit }: { after: readonly [string, string] | null; limit: number },
): Promise<SecurityEventRow[]> {
  const { kind = null, apiKeyId = null, userId = null, ip = null, from = null, to = null } = filter;
  const [position, id] = after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select e.id, e.at, e.kind, e.count, e.user_id as "userId", e.api_key_id as "apiKeyId",
             e.issuer_id as "issuerId", e.identity_hash as "identityHash", e.ip,
             e.user_agent as "userAgent", e.request_id as "requestId", e.details,
             to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
        from docent.security_events e
       where e.org_id = ${orgId}
         and (${kind}::text is null or e.kind = ${kind})
         and (${apiKeyId}::text is null or e.api_key_id = ${apiKeyId})
         and (${userId}::uuid is null or e.user_id = ${userId}::uuid)
         and (${ip}::text is null or e.ip = ${ip})
         and (${from}::timestamptz is null or e.at >= ${from}::timestamptz)
         and (${to}::timestamptz is null or e.at < ${to}::timestamptz)
         and (${position}::timestamptz is null
           or (e.at, e.id) < (${position}::timestamptz, ${id}::uuid))
       order by e.at desc, e.id desc
       limit ${limit}`,
  );
}
