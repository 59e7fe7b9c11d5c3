import { Person, type PersonFilters } from '@docent/contracts/directoryPeople';
import type { Principal } from '@docent/core/principal';
import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { anySight, wholeSight } from './sight.ts';

const Row = Person.required()
  .extend({
    createdAt: z.date(),
    updatedAt: z.date(),
    nameKey: z.string(),
    whole: z.boolean(),
  })
  .transform(({ createdAt, updatedAt, nameKey, whole, ...row }) => ({
    nameKey,
    /** The caller reads everything of this person. */
    whole,
    person: {
      ...row,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    } satisfies Person,
  }));
export type PersonRow = z.output<typeof Row>;

const columns = sql`
  u.id, u.name, u.job_title as "jobTitle",
  (
    select jsonb_build_object('id', d.id, 'name', d.name)
      from docent.departments d
     where d.org_id = u.org_id
       and d.id = u.department_id) as department,
  u.email, u.given_name as "givenName", u.family_name as "familyName", u.user_name as "userName", u.role,
  u.status, u.visibility, u.external_id as "externalId",
  (
    select jsonb_build_object('id', m.id, 'name', m.name)
      from docent.users m
     where m.org_id = u.org_id
       and m.id = u.manager_id
       and m.deleted_at is null) as manager,
  u.learning_profile as "learningProfile", u.preferences, u.created_at as "createdAt",
  u.updated_at as "updatedAt", lower(u.name) as "nameKey"`;

/** A person whom the caller may know of, or null. */
export function findPerson(tx: Tx, principal: Principal, id: string): Promise<PersonRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}, ${wholeSight(principal)} as whole
        from docent.users u
       where u.org_id = ${principal.orgId}
         and u.id = ${id}
         and u.deleted_at is null
         and ${anySight(principal)}`,
  );
}

/**
 * People by name. What a caller may not read of somebody does not find them either: role, status, manager,
 * external id and e-mail address.
 */
export function listPeople(
  tx: Tx,
  principal: Principal,
  filters: Omit<PersonFilters, 'q'>,
  wanted: { pattern: string | null; after: readonly [string, string] | null; limit: number },
): Promise<PersonRow[]> {
  const {
    ids = null,
    role = null,
    status = null,
    department = null,
    manager = null,
    externalId = null,
  } = filters;
  const [name, id] = wanted.after ?? [null, null];
  const whole = wholeSight(principal);
  return many(
    tx,
    Row,
    sql`
      select ${columns}, ${whole} as whole
        from docent.users u
       where u.org_id = ${principal.orgId}
         and u.deleted_at is null
         and ${anySight(principal)}
         and (${ids}::uuid[] is null or u.id = any(${ids}::uuid[]))
         and (${role}::text is null or u.role = ${role} and ${whole})
         and (${status}::text is null or u.status = ${status} and (${status} = 'active' or ${whole}))
         and (${manager}::uuid is null or u.manager_id = ${manager} and ${whole})
         and (${externalId}::text is null or u.external_id = ${externalId} and ${whole})
         and (${department}::uuid is null or u.department_id in (
           select d.id
             from docent.departments d
            where d.org_id = ${principal.orgId}
              and (d.id = ${department}
                or ${filters.subtree}::boolean and d.path @> array[${department}::uuid])))
         and (${wanted.pattern}::text is null
           or u.name ilike ${wanted.pattern}
           or u.email ilike ${wanted.pattern} and ${whole})
         and (${name}::text is null or (lower(u.name), u.id) > (${name}, ${id}::uuid))
       order by lower(u.name), u.id
       limit ${wanted.limit}`,
  );
}
