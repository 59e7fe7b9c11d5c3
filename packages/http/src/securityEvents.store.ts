import { run, sql, type Tx } from '@docent/database/sql';
import type { SecurityEvent } from './securityEvents.ts';

export function insertEvent(
  tx: Tx,
  event: SecurityEvent & { readonly orgId: string; readonly id: string; readonly count: number },
): Promise<number> {
  const { orgId, id, kind, count, userId, apiKeyId, issuerId, identityHash, origin } = event;
  return run(
    tx,
    sql`
      insert into docent.security_events
        (org_id, id, kind, count, user_id, api_key_id, issuer_id, identity_hash, ip, user_agent, request_id,
         details)
      select o.org_id, ${id}, ${kind}, ${count}, ${userId ?? null}, ${apiKeyId ?? null}, ${issuerId ?? null},
             ${identityHash ?? null}, ${origin.ip}, ${origin.userAgent}, ${origin.requestId},
             ${JSON.stringify(event.details ?? {})}::jsonb
        from docent.organizations o
       where o.org_id = ${orgId}`,
  );
}

/** Removes what is older than a year. */
export function deleteOldEvents(tx: Tx, orgId: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.security_events
       where org_id = ${orgId}
         and at < now() - interval '366 days'`,
  );
}
