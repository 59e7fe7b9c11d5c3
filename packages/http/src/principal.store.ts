import { type Principal, roles } from '@docent/core/principal';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const KeyRow = z.object({
  orgId: z.uuid(),
  userId: z.uuid(),
  secretHash: z.string(),
  scopes: z.array(z.string()),
  usable: z.boolean(),
});
export type KeyRow = z.infer<typeof KeyRow>;

const OwnerRow = z.object({
  role: z.enum(roles),
  departmentIds: z.array(z.uuid()),
  departmentPath: z.array(z.uuid()),
});
export type OwnerRow = z.infer<typeof OwnerRow>;

/** The key with this id. The one statement without an organization: it finds out which one it is. */
export function findKey(tx: Tx, keyId: string): Promise<KeyRow | null> {
  return maybeOne(
    tx,
    KeyRow,
    sql`
      select org_id as "orgId", user_id as "userId", encode(secret_hash, 'hex') as "secretHash", scopes,
             revoked_at is null and (expires_at is null or expires_at > now()) as usable
        from docent.api_keys
       where id = ${keyId}`,
  );
}

/**
 * Role and departments of an active person (HR managers: also the departments below), and the departments
 * above their own; or null.
 */
export function findOwner(tx: Tx, orgId: string, userId: string): Promise<OwnerRow | null> {
  return maybeOne(
    tx,
    OwnerRow,
    sql`
      with recursive own as (
        select u.department_id as id, u.role
          from docent.users u
         where u.org_id = ${orgId}
           and u.id = ${userId}
           and u.department_id is not null
        union
        select d.id, own.role
          from own
          join docent.departments d on d.org_id = ${orgId} and d.parent_id = own.id
         where own.role = 'hr_manager'
      ),
      above as (
        select d.parent_id as id
          from docent.users u
          join docent.departments d on d.org_id = ${orgId} and d.id = u.department_id
         where u.org_id = ${orgId}
           and u.id = ${userId}
           and d.parent_id is not null
        union
        select d.parent_id
          from above
          join docent.departments d on d.org_id = ${orgId} and d.id = above.id
         where d.parent_id is not null
      )
      select u.role, array(select own.id::text from own order by 1) as "departmentIds",
             array(select above.id::text from above order by 1) as "departmentPath"
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = ${userId}
         and u.status = 'active'`,
  );
}

/** Notes that a key is in use, at most once a minute. */
export function touchKey(tx: Tx, principal: Principal, keyId: string): Promise<number> {
  return run(
    tx,
    sql`
      update docent.api_keys
         set last_used_at = now()
       where org_id = ${principal.orgId}
         and id = ${keyId}
         and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
  );
}
