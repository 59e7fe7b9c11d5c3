import {
  Department,
  type DepartmentFilters,
  type NewDepartment,
} from '@docent/contracts/directoryDepartments';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = Department.extend({
  createdAt: z.date(),
  updatedAt: z.date(),
  nameKey: z.string(),
}).transform(({ createdAt, updatedAt, nameKey, ...row }) => ({
  nameKey,
  department: {
    ...row,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  } satisfies Department,
}));
export type DepartmentRow = z.output<typeof Row>;

const columns = sql`
  d.id, d.name, d.parent_id as "parentId", d.path::text[] as path, d.depth,
  coalesce((
    select string_agg(above.name, '/' order by above.depth) || '/'
      from docent.departments above
     where above.org_id = d.org_id
       and above.id = any (d.path)), '') || d.name as "pathName",
  d.external_id as "externalId", d.description, d.created_at as "createdAt", d.updated_at as "updatedAt",
  lower(d.name) as "nameKey"`;

export function findDepartment(tx: Tx, orgId: string, id: string): Promise<DepartmentRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.departments d
       where d.org_id = ${orgId}
         and d.id = ${id}`,
  );
}

/** By name. */
export function listDepartments(
  tx: Tx,
  orgId: string,
  filters: Omit<DepartmentFilters, 'q'>,
  wanted: { pattern: string | null; after: readonly [string, string] | null; limit: number },
): Promise<DepartmentRow[]> {
  const { parent = null, under = null, externalId = null } = filters;
  const [name, id] = wanted.after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.departments d
       where d.org_id = ${orgId}
         and (${parent}::uuid is null or d.parent_id = ${parent})
         and (${under}::uuid is null or d.id = ${under} or d.path @> array[${under}::uuid])
         and (${externalId}::text is null or d.external_id = ${externalId})
         and (${wanted.pattern}::text is null or d.name ilike ${wanted.pattern})
         and (${name}::text is null or (lower(d.name), d.id) > (${name}, ${id}::uuid))
       order by lower(d.name), d.id
       limit ${wanted.limit}`,
  );
}

/** One change of the tree at a time, as the trigger that places departments has it. */
export function lockDepartments(tx: Tx, orgId: string): Promise<number> {
  return run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.departments:' || ${orgId}::text, 0))`,
  );
}

export function insertDepartment(
  tx: Tx,
  orgId: string,
  { id, name, parentId, externalId, description }: NewDepartment & { id: string },
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.departments (org_id, id, parent_id, name, external_id, description)
      values (${orgId}, ${id}, ${parentId}, ${name}, ${externalId}, ${description})`,
  );
}

/** Writes everything that may change of a department; what is below it moves along. */
export function saveDepartment(
  tx: Tx,
  orgId: string,
  { id, name, parentId, externalId, description }: NewDepartment & { id: string },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.departments
         set name = ${name},
             parent_id = ${parentId},
             external_id = ${externalId},
             description = ${description}
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

/** How many people are in a department, and how many departments directly below it. */
export function countInside(tx: Tx, orgId: string, id: string) {
  return one(
    tx,
    z.object({ people: z.int(), departments: z.int() }),
    sql`
      select (
               select count(*)::int
                 from docent.users u
                where u.org_id = ${orgId}
                  and u.department_id = ${id}
                  and u.deleted_at is null) as people,
             (
               select count(*)::int
                 from docent.departments d
                where d.org_id = ${orgId}
                  and d.parent_id = ${id}) as departments`,
  );
}

/** Moves people, also deleted ones, and departments from one department into another. */
export async function moveInside(tx: Tx, orgId: string, from: string, to: string): Promise<void> {
  await run(
    tx,
    sql`
      update docent.users
         set department_id = ${to}
       where org_id = ${orgId}
         and department_id = ${from}`,
  );
  await run(
    tx,
    sql`
      update docent.departments
         set parent_id = ${to}
       where org_id = ${orgId}
         and parent_id = ${from}`,
  );
}

export function deleteDepartment(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.departments
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
