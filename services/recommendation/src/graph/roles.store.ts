import type { RoleFilters, TargetRole } from '@docent/contracts/learning';
import type { Principal } from '@docent/core/principal';
import type { Position } from '@docent/database/resource';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { patternsOf } from './rows.ts';

const ListRow = z
  .object({
    id: z.uuid(),
    position: z.string(),
    title: z.string(),
    skills: z.int(),
    own: z.boolean(),
  })
  .transform(({ id, position, ...item }) => ({ id, position, item: item satisfies TargetRole }));

/**
 * Jobs with targets that count for the caller: those of all departments and of their own. Titles that differ in
 * case only are one.
 */
export function listRoles(
  tx: Tx,
  { orgId, userId }: Principal,
  { q }: RoleFilters,
  after: Position | null,
  limit: number,
): Promise<(Position & { item: TargetRole })[]> {
  const patterns = patternsOf(q);
  return many(
    tx,
    ListRow,
    sql`
      select min(t.id::text) as id, lower(t.job_role) as position, max(t.job_role) as title,
             count(distinct t.skill_id)::int as skills,
             coalesce(bool_or(lower(t.job_role) = lower(u.job_title)), false) as own
        from docent.skill_targets t
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = t.skill_id
         and s.status = 'published'
        left join docent.users u
          on u.org_id = ${orgId}
         and u.id = ${userId}
       where t.org_id = ${orgId}
         and t.job_role is not null
         and (t.department_id is null or t.department_id = u.department_id)
         and (${patterns}::text[] is null or t.job_role ilike all (${patterns}::text[]))
         and (${after?.position ?? null}::text is null or lower(t.job_role) > ${after?.position ?? null}::text)
       group by lower(t.job_role)
       order by lower(t.job_role)
       limit ${limit}`,
  );
}
