import type { Principal } from '@docent/core/principal';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Keeper = z.object({
  name: z.string(),
  department: z.string().nullable(),
  /** Of the content that they look after. */
  title: z.string(),
});
export type Keeper = z.infer<typeof Keeper>;

/** Who looks after these contents, in their order: active people that the caller may see. */
export function findKeepers(
  tx: Tx,
  { orgId }: Principal,
  contentIds: readonly string[],
): Promise<Keeper[]> {
  const query = sql`
    select u.name, d.name as department, c.title
      from docent.content c
      join docent.users u
        on u.org_id = ${orgId}
       and u.id = c.created_by
       and u.status = 'active'
      left join docent.departments d
        on d.org_id = ${orgId}
       and d.id = u.department_id
     where c.org_id = ${orgId}
       and c.id = any (${contentIds}::uuid[])
     order by array_position(${contentIds}::uuid[], c.id)`;
  return many(tx, Keeper, query);
}
