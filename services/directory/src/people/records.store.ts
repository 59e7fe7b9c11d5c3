import { PersonVisibility } from '@docent/contracts/directory';
import { PersonStatus } from '@docent/contracts/directoryPeople';
import { roles } from '@docent/core/principal';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/** What is stored of a person, whoever writes it: a request, an import, an identity provider. */
export const PersonRecord = z.object({
  email: z.string(),
  name: z.string(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  /** Null: the e-mail address. */
  userName: z.string().nullable(),
  role: z.enum(roles),
  status: PersonStatus,
  departmentId: z.uuid().nullable(),
  jobTitle: z.string().nullable(),
  externalId: z.string().nullable(),
  managerId: z.uuid().nullable(),
  /** Id, external id, user name or e-mail address of a manager who is not there yet. */
  managerRef: z.string().nullable(),
  visibility: PersonVisibility,
  learningProfile: z.record(z.string(), z.json()),
  preferences: z.record(z.string(), z.json()),
});
export type PersonRecord = z.infer<typeof PersonRecord>;

/** A person of whom nothing is said but this. */
export function newRecord(given: { email: string; name: string }): PersonRecord {
  return {
    ...given,
    givenName: null,
    familyName: null,
    userName: null,
    role: 'learner',
    status: 'active',
    departmentId: null,
    jobTitle: null,
    externalId: null,
    managerId: null,
    managerRef: null,
    visibility: 'organization',
    learningProfile: {},
    preferences: {},
  };
}

/** The columns of a record under its names, of `docent.users u`. */
export const recordColumns = sql`
  u.email, u.name, u.given_name as "givenName", u.family_name as "familyName", u.user_name as "userName",
  u.role, u.status, u.department_id as "departmentId", u.job_title as "jobTitle",
  u.external_id as "externalId", u.manager_id as "managerId", u.manager_ref as "managerRef", u.visibility,
  u.learning_profile as "learningProfile", u.preferences`;

/**
 * One writer of people of an organization at a time: limits, the last administrator and whose address it is
 * are then decided on what stays true. The triggers of docent.users take the same lock.
 */
export function lockPeople(tx: Tx, orgId: string): Promise<number> {
  return run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.people:' || ${orgId}::text, 0))`,
  );
}

/** A person's record, held until the transaction ends; null when there is none that the caller may change. */
export function lockRecord(tx: Tx, orgId: string, id: string): Promise<PersonRecord | null> {
  return maybeOne(
    tx,
    PersonRecord,
    sql`
      select ${recordColumns}
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = ${id}
         and u.deleted_at is null
         for update`,
  );
}

export function insertRecord(
  tx: Tx,
  orgId: string,
  id: string,
  record: PersonRecord,
): Promise<number> {
  const { learningProfile, preferences, ...person } = record;
  return run(
    tx,
    sql`
      insert into docent.users (org_id, id, email, name, given_name, family_name, user_name, role, status,
        department_id, job_title, external_id, manager_id, manager_ref, visibility, learning_profile,
        preferences)
      values (${orgId}, ${id}, ${person.email}, ${person.name}, ${person.givenName}, ${person.familyName},
        ${person.userName}, ${person.role}, ${person.status}, ${person.departmentId}, ${person.jobTitle},
        ${person.externalId}, ${person.managerId}, ${person.managerRef}, ${person.visibility},
        ${JSON.stringify(learningProfile)}::jsonb, ${JSON.stringify(preferences)}::jsonb)`,
  );
}

export function updateRecord(
  tx: Tx,
  orgId: string,
  id: string,
  record: PersonRecord,
): Promise<number> {
  const { learningProfile, preferences, ...person } = record;
  return run(
    tx,
    sql`
      update docent.users
         set email = ${person.email},
             name = ${person.name},
             given_name = ${person.givenName},
             family_name = ${person.familyName},
             user_name = ${person.userName},
             role = ${person.role},
             status = ${person.status},
             department_id = ${person.departmentId},
             job_title = ${person.jobTitle},
             external_id = ${person.externalId},
             manager_id = ${person.managerId},
             manager_ref = ${person.managerRef},
             visibility = ${person.visibility},
             learning_profile = ${JSON.stringify(learningProfile)}::jsonb,
             preferences = ${JSON.stringify(preferences)}::jsonb
       where org_id = ${orgId}
         and id = ${id}
         and deleted_at is null`,
  );
}

/** Deactivated at once; the row stays for what refers to it, the e-mail address is free again. */
export function deleteRecord(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      update docent.users
         set status = 'deactivated',
             deleted_at = now()
       where org_id = ${orgId}
         and id = ${id}
         and deleted_at is null`,
  );
}

/** True when somebody who was not deleted has this id. */
export async function isPerson(tx: Tx, orgId: string, id: string): Promise<boolean> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select id
        from docent.users
       where org_id = ${orgId}
         and id = ${id}
         and deleted_at is null`,
  );
  return row !== null;
}

/**
 * People whose manager was not there yet get theirs, as far as they are there now.
 * @param manager only those who wait for this person; null: all who wait.
 */
export function settleManagers(tx: Tx, orgId: string, manager: string | null): Promise<number> {
  return run(
    tx,
    sql`
      with found as (
        select distinct on (w.id) w.id, p.id as manager_id
          from docent.users w
         cross join lateral (values (w.manager_ref), (lower(w.manager_ref))) said (key)
          join (
            select u.id, k.key, k.rank
              from docent.users u
             cross join lateral (
               values (u.id::text, 1), (u.external_id, 2), (u.user_name_key, 3), (u.email_key, 4)) k (key, rank)
             where u.org_id = ${orgId}
               and u.deleted_at is null
               and (${manager}::uuid is null or u.id = ${manager})) p
            on p.key = said.key
           and p.id <> w.id
           and (p.rank <> 2 or p.key = w.manager_ref)
         where w.org_id = ${orgId}
           and w.manager_ref is not null
         order by w.id, p.rank, p.id)
      update docent.users u
         set manager_id = found.manager_id,
             manager_ref = null
        from found
       where u.org_id = ${orgId}
         and u.id = found.id`,
  );
}
