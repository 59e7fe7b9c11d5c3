import type { ApiKey, ApiKeyUpdate } from '@docent/contracts/access';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const moment = z
  .date()
  .transform((date) => date.toISOString())
  .nullable();
const Row = z
  .object({
    id: z.string(),
    env: z.string(),
    lastFour: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    userId: z.uuid(),
    scopes: z.array(z.string()),
    status: z.enum(['active', 'expired', 'revoked']),
    rateLimitPerMinute: z.int().nullable(),
    createdAt: z.date().transform((date) => date.toISOString()),
    createdBy: z.uuid().nullable(),
    expiresAt: moment,
    lastUsedAt: moment,
    lastUsedIp: z.string().nullable(),
    revokedAt: moment,
    revokedBy: z.uuid().nullable(),
    revokeReason: z.string().nullable(),
    rotatedFrom: z.string().nullable(),
    /** Microseconds: a page ends between two rows of one millisecond. */
    position: z.string(),
  })
  .transform(({ position, env, ...key }) => ({
    position,
    env,
    key: { ...key, prefix: `dct_${env}_${key.id}` } satisfies ApiKey,
  }));
export type ApiKeyRow = z.output<typeof Row>;

const columns = sql`
  k.id, k.env, k.last_four as "lastFour", k.name, k.description, k.user_id as "userId", k.scopes,
  case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired'
    else 'active' end as status,
  k.rate_limit_per_minute as "rateLimitPerMinute", k.created_at as "createdAt",
  k.created_by as "createdBy", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
  k.last_used_ip as "lastUsedIp", k.revoked_at as "revokedAt", k.revoked_by as "revokedBy",
  k.revoke_reason as "revokeReason", k.rotated_from as "rotatedFrom",
  to_char(k.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position`;

/** Keys that the caller may see, newest first: their own; administrators everybody's. */
export function listKeys(
  tx: Tx,
  orgId: string,
  wanted: {
    readonly seenBy: string | null;
    readonly userId: string | null;
    readonly status: ApiKey['status'] | null;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<ApiKeyRow[]> {
  const [position, id] = wanted.after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.api_keys k
       where k.org_id = ${orgId}
         and (${wanted.seenBy}::uuid is null or k.user_id = ${wanted.seenBy}::uuid)
         and (${wanted.userId}::uuid is null or k.user_id = ${wanted.userId}::uuid)
         and (${wanted.status}::text is null
           or ${wanted.status}::text = case when k.revoked_at is not null then 'revoked'
             when k.expires_at <= now() then 'expired' else 'active' end)
         and (${position}::timestamptz is null
           or (k.created_at, k.id) < (${position}::timestamptz, ${id}::text))
       order by k.created_at desc, k.id desc
       limit ${wanted.limit}`,
  );
}

/** @param seenBy the person whose keys alone are seen; null: everybody's. */
export function findKey(
  tx: Tx,
  orgId: string,
  id: string,
  seenBy: string | null,
): Promise<ApiKeyRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.api_keys k
       where k.org_id = ${orgId}
         and k.id = ${id}
         and (${seenBy}::uuid is null or k.user_id = ${seenBy}::uuid)`,
  );
}

export interface KeyToInsert {
  readonly id: string;
  readonly env: string;
  readonly secretHash: Buffer;
  readonly lastFour: string;
  readonly userId: string;
  readonly createdBy: string;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly rateLimitPerMinute: number | null;
  readonly expiresInSeconds: number;
  readonly rotatedFrom: string | null;
}

export function insertKey(tx: Tx, orgId: string, key: KeyToInsert): Promise<ApiKeyRow> {
  return one(
    tx,
    Row,
    sql`
      insert into docent.api_keys as k
        (org_id, id, env, user_id, name, description, secret_hash, last_four, scopes, created_by,
         rate_limit_per_minute, expires_at, rotated_from)
      values
        (${orgId}, ${key.id}, ${key.env}, ${key.userId}, ${key.name}, ${key.description},
         decode(${key.secretHash.toString('hex')}, 'hex'), ${key.lastFour}, ${key.scopes}::text[],
         ${key.createdBy}, ${key.rateLimitPerMinute}::int,
         now() + ${key.expiresInSeconds} * interval '1 second', ${key.rotatedFrom})
      returning ${columns}`,
  );
}

/** Fields that are not named stay. */
export function updateKey(tx: Tx, orgId: string, id: string, change: ApiKeyUpdate) {
  const { name, description, rateLimitPerMinute } = change;
  return one(
    tx,
    Row,
    sql`
      update docent.api_keys k
         set name = coalesce(${name ?? null}, k.name),
             description = case when ${description !== undefined}::boolean then ${description ?? null}::text
               else k.description end,
             rate_limit_per_minute = case when ${rateLimitPerMinute !== undefined}::boolean
               then ${rateLimitPerMinute ?? null}::int else k.rate_limit_per_minute end
       where k.org_id = ${orgId}
         and k.id = ${id}
      returning ${columns}`,
  );
}

/** A key that was revoked before stays as it is. */
export function revokeKey(
  tx: Tx,
  orgId: string,
  id: string,
  { by, reason }: { readonly by: string; readonly reason: string | null },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.api_keys
         set revoked_at = now(),
             revoked_by = ${by},
             revoke_reason = ${reason}
       where org_id = ${orgId}
         and id = ${id}
         and revoked_at is null`,
  );
}

/** The key works for so long at most. */
export function expireKeySoon(tx: Tx, orgId: string, id: string, seconds: number): Promise<number> {
  return run(
    tx,
    sql`
      update docent.api_keys
         set expires_at = least(expires_at, now() + ${seconds} * interval '1 second')
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
