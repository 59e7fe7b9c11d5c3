import { many, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PersonRecord, recordColumns } from '../records.store.ts';
import type { KnownDepartment } from './departmentPaths.ts';
import type { StoredPerson } from './plan.ts';

const Stored = PersonRecord.extend({ id: z.uuid() });

/** People whom any of these keys name: ids, external ids, e-mail addresses, user names. */
export function findNamed(
  tx: Tx,
  orgId: string,
  keys: { readonly exact: readonly string[]; readonly small: readonly string[] },
): Promise<StoredPerson[]> {
  return many(
    tx,
    Stored,
    sql`
      select u.id, ${recordColumns}
        from docent.users u
       where u.org_id = ${orgId}
         and u.deleted_at is null
         and (u.external_id = any (${keys.exact}::text[])
           or u.email_key = any (${keys.small}::text[])
           or u.user_name_key = any (${keys.small}::text[])
           or u.id::text = any (${keys.small}::text[]))`,
  );
}

export function allDepartments(tx: Tx, orgId: string): Promise<KnownDepartment[]> {
  return many(
    tx,
    z.object({ id: z.uuid(), parentId: z.uuid().nullable(), name: z.string() }),
    sql`
      select d.id, d.parent_id as "parentId", d.name
        from docent.departments d
       where d.org_id = ${orgId}`,
  );
}

/** How many people and administrators can sign in, and how many people may. */
export function countPeople(tx: Tx, orgId: string) {
  return one(
    tx,
    z.object({ activePeople: z.int(), activeAdmins: z.int(), maxUsers: z.int().nullable() }),
    sql`
      select (
               select count(*)::int
                 from docent.users u
                where u.org_id = ${orgId}
                  and u.status = 'active') as "activePeople",
             (
               select count(*)::int
                 from docent.users u
                where u.org_id = ${orgId}
                  and u.status = 'active'
                  and u.role = 'admin') as "activeAdmins",
             (
               select o.max_users
                 from docent.organizations o
                where o.org_id = ${orgId}) as "maxUsers"`,
  );
}

/** Parents come before what is below them. */
export async function insertDepartments(
  tx: Tx,
  orgId: string,
  departments: readonly KnownDepartment[],
): Promise<void> {
  for (const { id, parentId, name } of departments) {
    await run(
      tx,
      sql`
        insert into docent.departments (org_id, id, parent_id, name)
        values (${orgId}, ${id}, ${parentId}, ${name})`,
    );
  }
}

const rows = (people: readonly StoredPerson[]) => sql`
  jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as r (
    id uuid, email text, name text, "givenName" text, "familyName" text, "userName" text, role text,
    status text, "departmentId" uuid, "jobTitle" text, "externalId" text, "managerId" uuid,
    "managerRef" text, visibility text, "learningProfile" jsonb, preferences jsonb)`;

export function insertPeople(
  tx: Tx,
  orgId: string,
  people: readonly StoredPerson[],
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.users (org_id, id, email, name, given_name, family_name, user_name, role, status,
        department_id, job_title, external_id, manager_id, manager_ref, visibility, learning_profile,
        preferences)
      select ${orgId}::uuid, r.id, r.email, r.name, r."givenName", r."familyName", r."userName", r.role, r.status,
             r."departmentId", r."jobTitle", r."externalId", r."managerId", r."managerRef", r.visibility,
             r."learningProfile", r.preferences
        from ${rows(people)}`,
  );
}

export function updatePeople(
  tx: Tx,
  orgId: string,
  people: readonly StoredPerson[],
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.users u
         set email = r.email,
             name = r.name,
             given_name = r."givenName",
             family_name = r."familyName",
             user_name = r."userName",
             role = r.role,
             status = r.status,
             department_id = r."departmentId",
             job_title = r."jobTitle",
             external_id = r."externalId",
             manager_id = r."managerId",
             manager_ref = r."managerRef",
             visibility = r.visibility,
             learning_profile = r."learningProfile",
             preferences = r.preferences
        from ${rows(people)}
       where u.org_id = ${orgId}
         and u.id = r.id
         and u.deleted_at is null`,
  );
}
