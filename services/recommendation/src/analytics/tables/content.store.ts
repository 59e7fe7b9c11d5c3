import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { STOPPED_DAYS } from '../../atRisk/model.ts';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';

/** Who enrolled in a course. */
export interface Taken {
  readonly people: number;
  readonly completed: number;
}

/** Whose mastery of the skills of a course is known twice; `gain`: the sum of theirs, each −1 to 1. */
export interface Gained {
  readonly people: number;
  readonly gain: number;
}

/** Who stopped without completing, and in which quarter of the course. */
export interface Stopped {
  readonly people: number;
  readonly quarters: readonly number[];
}

const course = { ...PlaceRow, slice: z.uuid() };
const TakenRow = z
  .object({ ...course, people: z.int(), completed: z.int() })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));
const GainedRow = z
  .object({ ...course, people: z.int(), gain: z.number() })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));
const StoppedRow = z
  .object({ ...course, people: z.int(), quarters: z.array(z.int()).length(4) })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));

export function countTakers(tx: Tx, orgId: string): Promise<CellRow<Taken>[]> {
  return many(
    tx,
    TakenRow,
    sql`
      select ${place}, l.course_id as slice, count(*)::int as people,
             count(l.completed_at)::int as completed
        from docent.learning_progress l
        join docent.users u on u.org_id = ${orgId} and u.id = l.user_id
       where l.org_id = ${orgId}
         and l.course_id is not null
       group by 1, 2, 3`,
  );
}

/**
 * Last minus first estimate of mastery of the skills that a course teaches, less what everybody gained who started
 * in the same tenth of mastery: whoever starts low gains more in any course.
 */
export function countGains(tx: Tx, orgId: string): Promise<CellRow<Gained>[]> {
  return many(
    tx,
    GainedRow,
    sql`
      with estimates as materialized (
        select distinct on (m.user_id, m.skill_id) m.user_id, m.skill_id, m.mastery as last,
               first_value(m.mastery) over w as first, count(*) over w_all as answers
          from docent.mastery_answers m
         where m.org_id = ${orgId}
           and m.skill_id is not null
           and m.mastery is not null
        window w as (partition by m.user_id, m.skill_id order by m.answered_at, m.answer_id),
               w_all as (partition by m.user_id, m.skill_id)
         order by m.user_id, m.skill_id, m.answered_at desc, m.answer_id desc
      ),
      gains as materialized (
        select e.user_id, e.skill_id,
               e.last - e.first - avg(e.last - e.first)
                 over (partition by width_bucket(e.first, 0, 1, 10)) as gain
          from estimates e
         where e.answers > 1
      ),
      each as materialized (
        select l.user_id, l.course_id, avg(g.gain) as gain
          from docent.learning_progress l
          join docent.learning_edges t
            on t.org_id = ${orgId}
           and t.from_course_id = l.course_id
           and t.type = 'teaches'
           and t.status = 'confirmed'
          join gains g on g.user_id = l.user_id and g.skill_id = t.to_skill_id
         where l.org_id = ${orgId}
           and l.status <> 'assigned'
         group by l.user_id, l.course_id
      )
      select ${place}, e.course_id as slice, count(*)::int as people, sum(e.gain)::float8 as gain
        from each e
        join docent.users u on u.org_id = ${orgId} and u.id = e.user_id
       group by 1, 2, 3`,
  );
}

export function countStops(tx: Tx, orgId: string, now: Date): Promise<CellRow<Stopped>[]> {
  return many(
    tx,
    StoppedRow,
    sql`
      select ${place}, l.course_id as slice, count(*)::int as people,
             array[count(*) filter (where l.progress < 25)::int,
                   count(*) filter (where l.progress >= 25 and l.progress < 50)::int,
                   count(*) filter (where l.progress >= 50 and l.progress < 75)::int,
                   count(*) filter (where l.progress >= 75)::int] as quarters
        from docent.learning_progress l
        join docent.users u on u.org_id = ${orgId} and u.id = l.user_id
       where l.org_id = ${orgId}
         and l.course_id is not null
         and (l.status = 'dropped'
           or l.status = 'in_progress'
             and l.occurred_at < ${now}::timestamptz - make_interval(days => ${STOPPED_DAYS}))
       group by 1, 2, 3`,
  );
}

/** Titles of the organization’s courses by id. */
export async function listCourseTitles(tx: Tx, orgId: string): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), title: z.string() }),
    sql`
      select id, title
        from docent.courses
       where org_id = ${orgId}`,
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}
