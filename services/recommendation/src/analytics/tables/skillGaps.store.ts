import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';

/** People with a target level of a skill. Gaps in levels, 0 to 4, of those with evidence. */
export interface Gap {
  readonly people: number;
  /** Of them: with 5 answers or more. */
  readonly evidence: number;
  /** Sum, smallest and largest. */
  readonly gap: number;
  readonly least: number;
  readonly most: number;
  /** Sum of the target levels of all people. */
  readonly required: number;
}

const Row = z
  .object({
    ...PlaceRow,
    slice: z.uuid(),
    people: z.int(),
    evidence: z.int(),
    gap: z.number(),
    least: z.number(),
    most: z.number(),
    required: z.number(),
  })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));

/**
 * Of active people. Several targets for the same skill: the highest counts. The places of people are few, so what
 * each asks for is worked out once.
 */
export function countGaps(tx: Tx, orgId: string): Promise<CellRow<Gap>[]> {
  return many(
    tx,
    Row,
    sql`
      with people as materialized (
        select u.id, u.department_id, u.job_title,
               concat(u.department_id, '/', lower(u.job_title)) as place
          from docent.users u
         where u.org_id = ${orgId}
           and u.status = 'active'
      ),
      required as materialized (
        select w.place, t.skill_id, max(t.level) as level
          from (select distinct p.place, p.department_id, lower(p.job_title) as job from people p) w
          left join docent.departments d on d.org_id = ${orgId} and d.id = w.department_id
          join docent.skill_targets t
            on t.org_id = ${orgId}
           and (t.job_role is null or lower(t.job_role) = w.job)
           and (t.department_id is null or t.department_id = w.department_id
             or t.department_id = any (d.path))
         group by w.place, t.skill_id
      ),
      levels as materialized (
        select l.user_id, l.skill_id, l.level
          from docent.skill_levels l
         where l.org_id = ${orgId}
           and l.enough
      ),
      each as materialized (
        select p.id, r.skill_id, r.level as required,
               case when l.level is not null then greatest(0, r.level - l.level) end as gap
          from people p
          join required r on r.place = p.place
          left join levels l on l.user_id = p.id and l.skill_id = r.skill_id
      )
      select ${place}, e.skill_id as slice, count(*)::int as people, count(e.gap)::int as evidence,
             coalesce(sum(e.gap), 0)::float8 as gap, coalesce(min(e.gap), 4)::float8 as least,
             coalesce(max(e.gap), 0)::float8 as most, sum(e.required)::float8 as required
        from each e
        join docent.users u on u.org_id = ${orgId} and u.id = e.id
       group by 1, 2, 3`,
  );
}

/** Names of the organization’s skills by id. */
export async function listSkillNames(tx: Tx, orgId: string): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), name: z.string() }),
    sql`
      select id, name
        from docent.skills
       where org_id = ${orgId}`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
