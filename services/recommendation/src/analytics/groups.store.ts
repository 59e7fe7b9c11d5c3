import { many, maybeOne, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Department, Place } from './groups.ts';

/** Columns of `docent.users u` that say where a person is counted. */
export const place: Sql = sql`
  u.department_id as "departmentId", lower(trim(coalesce(u.job_title, ''))) as job`;

export const PlaceRow = { departmentId: z.uuid().nullable(), job: z.string() };

const DepartmentRow = z.object({ id: z.uuid(), parentId: z.uuid().nullable(), name: z.string() });
const JobRow = z.object({ ...PlaceRow, title: z.string().nullable() });

export function listDepartments(tx: Tx, orgId: string): Promise<Department[]> {
  return many(
    tx,
    DepartmentRow,
    sql`
      select id, parent_id as "parentId", name
        from docent.departments
       where org_id = ${orgId}
       order by name, id`,
  );
}

/** Every place where somebody is or was. */
export function listPlaces(
  tx: Tx,
  orgId: string,
): Promise<(Place & { readonly title: string | null })[]> {
  return many(
    tx,
    JobRow,
    sql`
      select ${place}, nullif(min(trim(u.job_title)), '') as title
        from docent.users u
       where u.org_id = ${orgId}
       group by 1, 2
       order by 1, 2`,
  );
}

/** Null: there is no such department. */
export async function departmentName(tx: Tx, orgId: string, id: string): Promise<string | null> {
  const found = await maybeOne(
    tx,
    z.object({ name: z.string() }),
    sql`
      select name
        from docent.departments
       where org_id = ${orgId}
         and id = ${id}`,
  );
  return found?.name ?? null;
}
