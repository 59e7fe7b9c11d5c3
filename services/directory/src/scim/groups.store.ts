import { many, maybeOne, one, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Member = z.object({ id: z.uuid(), name: z.string() });
const Row = z.object({
  id: z.uuid(),
  name: z.string(),
  parentId: z.uuid().nullable(),
  externalId: z.string().nullable(),
  description: z.string().nullable(),
  members: z.array(Member),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type GroupRow = z.infer<typeof Row>;

const columns = (withMembers: boolean) => sql`
  d.id, d.name, d.parent_id as "parentId", d.external_id as "externalId", d.description,
  case when ${withMembers}::boolean then coalesce((
    select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.created_at, u.id)
      from docent.users u
     where u.org_id = d.org_id
       and u.department_id = d.id
       and u.deleted_at is null), '[]') else '[]' end as members,
  d.created_at as "createdAt", d.updated_at as "updatedAt"`;

/** What `members eq "id"` means. */
export function hasMember(orgId: string) {
  return (id: string | null): Sql => sql`(d.id = (
    select u.department_id
      from docent.users u
     where u.org_id = ${orgId}
       and u.id = ${id}::uuid
       and u.deleted_at is null))`;
}

export function findGroup(
  tx: Tx,
  orgId: string,
  id: string,
  withMembers: boolean,
): Promise<GroupRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns(withMembers)}
        from docent.departments d
       where d.org_id = ${orgId}
         and d.id = ${id}`,
  );
}

export async function countGroups(tx: Tx, orgId: string, condition: Sql): Promise<number> {
  const { total } = await one(
    tx,
    z.object({ total: z.int() }),
    sql`
      select count(*)::int as total
        from docent.departments d
       where d.org_id = ${orgId}
         and ${condition}`,
  );
  return total;
}

export function listGroups(
  tx: Tx,
  orgId: string,
  condition: Sql,
  page: { offset: number; limit: number; withMembers: boolean },
): Promise<GroupRow[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns(page.withMembers)}
        from docent.departments d
       where d.org_id = ${orgId}
         and ${condition}
       order by d.created_at, d.id
      offset ${page.offset}
       limit ${page.limit}`,
  );
}

/** The department of this name: a topmost one first, then the one that is least deep. */
export async function findDepartmentNamed(
  tx: Tx,
  orgId: string,
  name: string,
): Promise<string | null> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select d.id
        from docent.departments d
       where d.org_id = ${orgId}
         and lower(d.name) = lower(${name})
       order by d.depth, d.name = ${name} desc, d.id
       limit 1`,
  );
  return row?.id ?? null;
}

/** Ids among these of people who are there. */
export async function existingPeople(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select u.id
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = any (${ids}::uuid[])
         and u.deleted_at is null`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Puts people into a department, whichever they were in. */
export function addMembers(
  tx: Tx,
  orgId: string,
  departmentId: string,
  ids: readonly string[],
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.users
         set department_id = ${departmentId}
       where org_id = ${orgId}
         and id = any (${ids}::uuid[])
         and deleted_at is null
         and department_id is distinct from ${departmentId}::uuid`,
  );
}

/** Takes people out of a department. */
export function removeMembers(
  tx: Tx,
  orgId: string,
  departmentId: string,
  ids: readonly string[],
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.users
         set department_id = null
       where org_id = ${orgId}
         and id = any (${ids}::uuid[])
         and department_id = ${departmentId}`,
  );
}
