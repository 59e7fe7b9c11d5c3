import { Grant, type NewGrant } from '@docent/contracts/directory';
import { many, maybeOne, one, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const moment = z.date().transform((date) => date.toISOString());
const Row = Grant.extend({
  createdAt: moment,
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
  /** Microseconds: a page ends between two rows of one millisecond. */
  position: z.string(),
}).transform(({ position, ...grant }) => ({ position, grant: grant satisfies Grant }));
export type GrantRow = z.output<typeof Row>;

const columns = sql`
  g.id, g.user_id as "userId", g.scope, g.extent, g.reason, g.granted_by as "grantedBy",
  g.created_at as "createdAt", g.expires_at as "expiresAt", g.revoked_at as "revokedAt",
  g.revoked_by as "revokedBy",
  g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) as "inForce",
  to_char(g.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position`;

/** A person's grants, newest first. */
export function listGrants(
  tx: Tx,
  orgId: string,
  userId: string,
  wanted: { inForce: boolean; after: readonly [string, string] | null; limit: number },
): Promise<GrantRow[]> {
  const [position, id] = wanted.after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.grants g
       where g.org_id = ${orgId}
         and g.user_id = ${userId}
         and (not ${wanted.inForce}::boolean
           or g.revoked_at is null and (g.expires_at is null or g.expires_at > now()))
         and (${position}::timestamptz is null
           or (g.created_at, g.id) < (${position}::timestamptz, ${id}::uuid))
       order by g.created_at desc, g.id desc
       limit ${wanted.limit}`,
  );
}

/** Adds a right, or renews the one that the person has already, also when it has expired. */
export function upsertGrant(
  tx: Tx,
  orgId: string,
  grant: NewGrant & { id: string; userId: string; grantedBy: string },
): Promise<GrantRow> {
  return one(
    tx,
    Row,
    sql`
      insert into docent.grants as g (org_id, id, user_id, scope, extent, reason, granted_by, expires_at)
      values (${orgId}, ${grant.id}, ${grant.userId}, ${grant.scope}, ${grant.extent},
        ${grant.reason ?? null}, ${grant.grantedBy}, ${grant.expiresAt ?? null}::timestamptz)
      on conflict (org_id, user_id, scope, extent) where revoked_at is null do update
         set reason = excluded.reason,
             granted_by = excluded.granted_by,
             expires_at = excluded.expires_at
      returning ${columns}`,
  );
}

/** A right that was not revoked before, or null. */
export function revokeGrant(
  tx: Tx,
  orgId: string,
  grant: { id: string; userId: string; revokedBy: string },
): Promise<GrantRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      update docent.grants g
         set revoked_at = now(),
             revoked_by = ${grant.revokedBy}
       where g.org_id = ${orgId}
         and g.user_id = ${grant.userId}
         and g.id = ${grant.id}
         and g.revoked_at is null
      returning ${columns}`,
  );
}
