import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/** Those of the ids that no department of the organization has. */
export async function unknownDepartments(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select named.id
        from unnest(${ids}::uuid[]) named (id)
       where not exists (
         select from docent.departments d
          where d.org_id = ${orgId}
            and d.id = named.id)`,
  );
  return rows.map(({ id }) => id);
}
