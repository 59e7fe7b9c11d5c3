import { extents, roles, scopes } from '@docent/core/principal';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const KeyRow = z.object({
  orgId: z.uuid(),
  userId: z.uuid(),
  secretHash: z.string(),
  scopes: z.array(z.string()),
  rateLimitPerMinute: z.int().nullable(),
  revoked: z.boolean(),
  expired: z.boolean(),
});
export type KeyRow = z.infer<typeof KeyRow>;

const OwnerRow = z.object({
  role: z.enum(roles),
  departmentIds: z.array(z.uuid()),
  departmentPath: z.array(z.uuid()),
  grants: z.array(z.object({ scope: z.enum(scopes), extent: z.enum(extents) })),
});
export type OwnerRow = z.infer<typeof OwnerRow>;

/** The key with this id. The one statement without an organization: it finds out which one it is. */
export function findKey(tx: Tx, keyId: string): Promise<KeyRow | null> {
  return maybeOne(
    tx,
    KeyRow,
    sql`
      select org_id as "orgId", user_id as "userId", encode(secret_hash, 'hex') as "secretHash", scopes,
             rate_limit_per_minute as "rateLimitPerMinute", revoked_at is not null as revoked,
             coalesce(expires_at <= now(), false) as expired
        from docent.api_keys
       where id = ${keyId}`,
  );
}

/**
 * Role, departments (HR managers: also those below), the departments above their own, and grants that have not
 * expired, of an active person whose organization may use the service; or null.
 */
export function findOwner(tx: Tx, orgId: string, userId: string): Promise<OwnerRow | null> {
  return maybeOne(
    tx,
    OwnerRow,
    sql`
      select u.role,
             array(
               select d.id::text
                 from docent.departments d
                where d.org_id = ${orgId}
                  and (d.id = u.department_id
                    or u.role = 'hr_manager' and d.path @> array[u.department_id])
                order by 1) as "departmentIds",
             array(
               select above.id::text
                 from docent.departments d
                 cross join unnest(d.path) above (id)
                where d.org_id = ${orgId}
                  and d.id = u.department_id
                order by 1) as "departmentPath",
             coalesce((
               select jsonb_agg(jsonb_build_object('scope', g.scope, 'extent', g.extent) order by g.scope, g.extent)
                 from docent.grants g
                where g.org_id = ${orgId}
                  and g.user_id = u.id
                  and g.revoked_at is null
                  and (g.expires_at is null or g.expires_at > now())), '[]') as grants
        from docent.users u
        join docent.organizations o
          on o.org_id = ${orgId}
         and o.status in ('active', 'trial')
       where u.org_id = ${orgId}
         and u.id = ${userId}
         and u.status = 'active'
         and u.deleted_at is null`,
  );
}

/** Notes that a key is in use, and from where, at most once a minute. */
export function touchKey(
  tx: Tx,
  key: { readonly orgId: string; readonly id: string; readonly ip: string },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.api_keys
         set last_used_at = now(),
             last_used_ip = ${key.ip}
       where org_id = ${key.orgId}
         and id = ${key.id}
         and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
  );
}
