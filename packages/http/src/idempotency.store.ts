import type { Principal } from '@docent/core/principal';
import { maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const StoredRow = z.object({
  fingerprint: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
export type StoredRow = z.infer<typeof StoredRow>;

/** What a key is unique in. */
export interface Slot {
  readonly principal: Principal;
  readonly route: string;
  readonly key: string;
}

/** Takes the lock `id` (a signed 64-bit number) until the transaction ends; false: another has it. */
export async function tryLock(tx: Tx, id: bigint): Promise<boolean> {
  const row = await one(
    tx,
    z.object({ locked: z.boolean() }),
    sql`select pg_try_advisory_xact_lock(${id.toString()}::bigint) as locked`,
  );
  return row.locked;
}

/** The outcome of an earlier request with this key, if it is younger than 24 hours. */
export function findOutcome(tx: Tx, { principal, route, key }: Slot): Promise<StoredRow | null> {
  return maybeOne(
    tx,
    StoredRow,
    sql`
      select encode(fingerprint, 'hex') as fingerprint, status, headers, body
        from docent.idempotency_keys
       where org_id = ${principal.orgId}
         and user_id = ${principal.userId}
         and route = ${route}
         and key = ${key}
         and created_at > now() - interval '24 hours'`,
  );
}

/** Stores an outcome; a row of the same key that is older than 24 hours gives way. */
export function storeOutcome(
  tx: Tx,
  { principal, route, key }: Slot,
  row: { fingerprint: string; status: number; headers: Record<string, string>; body: unknown },
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.idempotency_keys
        (org_id, user_id, route, key, fingerprint, status, headers, body)
      values (${principal.orgId}, ${principal.userId}, ${route}, ${key},
        decode(${row.fingerprint}, 'hex'), ${row.status}, ${JSON.stringify(row.headers)}::jsonb,
        ${JSON.stringify(row.body ?? null)}::jsonb)
      on conflict (org_id, user_id, route, key) do update
        set fingerprint = excluded.fingerprint,
            status = excluded.status,
            headers = excluded.headers,
            body = excluded.body,
            created_at = now()`,
  );
}

/** Deletes the caller's rows that are older than 24 hours. */
export function deleteExpired(tx: Tx, principal: Principal): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.idempotency_keys
       where org_id = ${principal.orgId}
         and user_id = ${principal.userId}
         and created_at < now() - interval '24 hours'`,
  );
}
