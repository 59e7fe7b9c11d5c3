import { type Principal, type Role, roles } from '@docent/core/principal';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const IdRow = z.object({ id: z.uuid() });
const PersonRow = z.object({
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  organizationName: z.string(),
});
const DepartmentRow = z.object({ id: z.uuid(), name: z.string() });
const KeyRow = z.object({
  userId: z.uuid(),
  secretHash: z.string(),
  usable: z.boolean(),
});

/** What is stored of an API key when it is made. */
export interface KeyRecord {
  readonly id: string;
  /** Second part of the token. */
  readonly env: string;
  readonly userId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly lastFour: string;
  readonly scopes: readonly string[];
}

/** Adds an organization; false when there is one with this id. */
export async function insertOrganization(
  tx: Tx,
  organization: { orgId: string; name: string },
): Promise<boolean> {
  const added = await run(
    tx,
    sql`
      insert into docent.organizations (org_id, name)
      values (${organization.orgId}, ${organization.name})
      on conflict (org_id) do nothing`,
  );
  return added === 1;
}

/** Id of the department with this name below `parentId`, added under `id` when there is none. */
export async function ensureDepartment(
  tx: Tx,
  department: { orgId: string; id: string; parentId: string | null; name: string },
): Promise<string> {
  const { orgId, id, parentId, name } = department;
  await run(
    tx,
    sql`
      insert into docent.departments (org_id, id, parent_id, name)
      values (${orgId}, ${id}, ${parentId}, ${name})
      on conflict (org_id, parent_id, name) do nothing`,
  );
  const row = await one(
    tx,
    IdRow,
    sql`
      select id
        from docent.departments
       where org_id = ${orgId}
         and parent_id is not distinct from ${parentId}::uuid
         and name = ${name}`,
  );
  return row.id;
}

/** Id of the person with this address, added under `id` when there is none. */
export async function ensureUser(
  tx: Tx,
  user: {
    orgId: string;
    id: string;
    email: string;
    name: string;
    role: Role;
    departmentId: string | null;
  },
): Promise<string> {
  await run(
    tx,
    sql`
      insert into docent.users (org_id, id, email, name, role, department_id)
      values (${user.orgId}, ${user.id}, ${user.email}, ${user.name}, ${user.role}, ${user.departmentId})
      on conflict (org_id, email_key) where deleted_at is null do nothing`,
  );
  const row = await one(
    tx,
    IdRow,
    sql`
      select id
        from docent.users
       where org_id = ${user.orgId}
         and email_key = lower(${user.email})
         and deleted_at is null`,
  );
  return row.id;
}

export function insertKey(tx: Tx, orgId: string, key: KeyRecord): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.api_keys (org_id, id, env, user_id, name, secret_hash, last_four, scopes)
      values (${orgId}, ${key.id}, ${key.env}, ${key.userId}, ${key.name},
        decode(${key.secretHash.toString('hex')}, 'hex'), ${key.lastFour}, ${key.scopes}::text[])`,
  );
}

/** A key of the organization by its id, with the SHA-256 of its secret in hex; or null. */
export function findKey(tx: Tx, orgId: string, id: string) {
  return maybeOne(
    tx,
    KeyRow,
    sql`
      select user_id as "userId", encode(secret_hash, 'hex') as "secretHash",
             revoked_at is null and (expires_at is null or expires_at > now()) as usable
        from docent.api_keys
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

/** Revokes a person's keys of this name. */
export function revokeKeys(
  tx: Tx,
  key: { orgId: string; userId: string; name: string },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.api_keys
         set revoked_at = now()
       where org_id = ${key.orgId}
         and user_id = ${key.userId}
         and name = ${key.name}
         and revoked_at is null`,
  );
}

/** The caller's own row, with the organization's name. */
export function findSelf(tx: Tx, principal: Principal) {
  return maybeOne(
    tx,
    PersonRow,
    sql`
      select u.name, u.email, u.role, o.name as "organizationName"
        from docent.users u
        join docent.organizations o on o.org_id = ${principal.orgId}
       where u.org_id = ${principal.orgId}
         and u.id = ${principal.userId}`,
  );
}

/** The departments with these ids, by name. */
export function findDepartments(tx: Tx, orgId: string, ids: readonly string[]) {
  return many(
    tx,
    DepartmentRow,
    sql`
      select id, name
        from docent.departments
       where org_id = ${orgId}
         and id = any (${ids}::uuid[])
       order by name, id`,
  );
}
