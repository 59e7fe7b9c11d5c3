import { many, maybeOne, one, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PersonRecord, recordColumns } from '../people/records.store.ts';

const Named = z.object({ id: z.uuid(), name: z.string() });
const Row = PersonRecord.extend({
  id: z.uuid(),
  department: Named.nullable(),
  manager: Named.nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type UserRow = z.infer<typeof Row>;

const columns = sql`
  u.id, ${recordColumns}, u.created_at as "createdAt", u.updated_at as "updatedAt",
  (
    select jsonb_build_object('id', d.id, 'name', d.name)
      from docent.departments d
     where d.org_id = u.org_id
       and d.id = u.department_id) as department,
  (
    select jsonb_build_object('id', m.id, 'name', m.name)
      from docent.users m
     where m.org_id = u.org_id
       and m.id = u.manager_id
       and m.deleted_at is null) as manager`;

export function findUser(tx: Tx, orgId: string, id: string): Promise<UserRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = ${id}
         and u.deleted_at is null`,
  );
}

export async function countUsers(tx: Tx, orgId: string, condition: Sql): Promise<number> {
  const { total } = await one(
    tx,
    z.object({ total: z.int() }),
    sql`
      select count(*)::int as total
        from docent.users u
       where u.org_id = ${orgId}
         and u.deleted_at is null
         and ${condition}`,
  );
  return total;
}

/** In the order in which they were added. */
export function listUsers(
  tx: Tx,
  orgId: string,
  condition: Sql,
  { offset, limit }: { offset: number; limit: number },
): Promise<UserRow[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.users u
       where u.org_id = ${orgId}
         and u.deleted_at is null
         and ${condition}
       order by u.created_at, u.id
      offset ${offset}
       limit ${limit}`,
  );
}

/** The one person whom this id, external id, user name or e-mail address names; the first of these counts. */
export async function findReferred(tx: Tx, orgId: string, key: string): Promise<string | null> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select u.id
        from docent.users u
       where u.org_id = ${orgId}
         and u.deleted_at is null
         and (u.id::text = lower(${key})
           or u.external_id = ${key}
           or u.user_name_key = lower(${key})
           or u.email_key = lower(${key}))
       order by u.id::text = lower(${key}) desc, u.external_id = ${key} desc nulls last, u.id
       limit 1`,
  );
  return row?.id ?? null;
}
