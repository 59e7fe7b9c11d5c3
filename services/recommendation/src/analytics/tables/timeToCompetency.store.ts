import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';
import type { Watched } from './kaplanMeier.ts';

/** Mastery, 0 to 1, that counts as competent, on as many answers. */
const COMPETENT = 0.8;
const ENOUGH_ANSWERS = 5;

export interface Times {
  readonly people: number;
  /** Of them: who mastered something that was assigned to them. */
  readonly competent: number;
  /** One for each person and skill. */
  readonly days: readonly Watched[];
}

const Row = z
  .object({
    ...PlaceRow,
    slice: z.string(),
    people: z.int(),
    competent: z.int(),
    days: z.array(z.int()),
    reached: z.array(z.boolean()),
  })
  .transform(({ departmentId, job, slice, people, competent, days, reached }) => ({
    departmentId,
    job,
    slice,
    cell: {
      people,
      competent,
      days: days.map((day, index) => ({ days: day, reached: reached[index] === true })),
    },
  }));

/**
 * By skill, and for all skills together (slice ''). A skill is assigned by itself or with a course that teaches it,
 * whichever came first; who had mastered it before is left out, and so is a skill that nobody
 * has mastered and no question asks for: nobody could. Who left is watched until then.
 */
export function listTimes(tx: Tx, orgId: string, now: Date): Promise<CellRow<Times>[]> {
  return many(
    tx,
    Row,
    sql`
      with assigned as materialized (
        select a.user_id, a.skill_id, min(a.assigned_at) as at
          from (
            select l.user_id, l.skill_id, l.assigned_at
              from docent.learning_progress l
             where l.org_id = ${orgId}
               and l.skill_id is not null
               and l.assigned_at is not null
            union all
            select l.user_id, e.to_skill_id, l.assigned_at
              from docent.learning_progress l
              join docent.learning_edges e
                on e.org_id = ${orgId}
               and e.from_course_id = l.course_id
               and e.type = 'teaches'
               and e.status = 'confirmed'
               and e.to_skill_id is not null
             where l.org_id = ${orgId}
               and l.assigned_at is not null
          ) a
         where a.assigned_at <= ${now}::timestamptz
         group by a.user_id, a.skill_id
      ),
      mastered as materialized (
        select m.user_id, m.skill_id, min(m.answered_at) as at
          from docent.mastery_answers m
         where m.org_id = ${orgId}
           and m.mastery >= ${COMPETENT}
           and m.skill_answers >= ${ENOUGH_ANSWERS}
           and m.answered_at <= ${now}::timestamptz
         group by m.user_id, m.skill_id
      ),
      watched as materialized (
        select a.user_id, a.skill_id, m.at is not null as reached,
               floor(extract(epoch from
                 greatest(coalesce(m.at, case when u.status = 'active' then ${now}::timestamptz
                   else least(u.updated_at, ${now}::timestamptz) end), a.at) - a.at) / 86400)::int as days
          from assigned a
          join docent.users u on u.org_id = ${orgId} and u.id = a.user_id
          left join mastered m on m.user_id = a.user_id and m.skill_id = a.skill_id
         where (m.at is null or m.at >= a.at)
           and (exists (select from mastered o where o.skill_id = a.skill_id)
             or exists (
               select
                 from docent.assessment_questions q
                where q.org_id = ${orgId}
                  and q.skill_id = a.skill_id))
      )
      select ${place}, coalesce(w.skill_id::text, '') as slice,
             count(distinct w.user_id)::int as people,
             count(distinct w.user_id) filter (where w.reached)::int as competent,
             array_agg(w.days order by w.days, w.reached) as days,
             array_agg(w.reached order by w.days, w.reached) as reached
        from watched w
        join docent.users u on u.org_id = ${orgId} and u.id = w.user_id
       group by grouping sets ((u.department_id, lower(trim(coalesce(u.job_title, ''))), w.skill_id),
         (u.department_id, lower(trim(coalesce(u.job_title, '')))))`,
  );
}
