import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import { periodsOf, since } from '../periods.ts';
import type { CellRow } from '../slices.ts';

/** Enrolments of a period, and how many of them are completed by now. */
export interface Cohort {
  readonly people: number;
  readonly enrolments: number;
  readonly completed: number;
}

const Row = z
  .object({
    ...PlaceRow,
    period: z.string(),
    people: z.int(),
    enrolments: z.int(),
    completed: z.int(),
  })
  .transform(({ departmentId, job, period, ...cell }) => ({
    departmentId,
    job,
    period,
    slice: '',
    cell,
  }));

/** Enrolled is who was assigned a course or began it, whichever came first. */
export function countCohorts(tx: Tx, orgId: string, now: Date): Promise<CellRow<Cohort>[]> {
  return many(
    tx,
    Row,
    sql`
      with enrolments as materialized (
        select l.user_id, l.completed_at,
               least(l.assigned_at, l.started_at, l.completed_at, l.created_at) as enrolled_at
          from docent.learning_progress l
         where l.org_id = ${orgId}
           and l.course_id is not null
      ),
      each as materialized (
        select e.user_id, p.period, count(*) as enrolments, count(e.completed_at) as completed
          from enrolments e
          cross join lateral ${periodsOf(sql`e.enrolled_at`)} p (period)
         where e.enrolled_at >= ${since(now)}::timestamptz
           and e.enrolled_at <= ${now}::timestamptz
         group by e.user_id, p.period
      )
      select ${place}, e.period, count(*)::int as people, sum(e.enrolments)::int as enrolments,
             sum(e.completed)::int as completed
        from each e
        join docent.users u on u.org_id = ${orgId} and u.id = e.user_id
       group by 1, 2, 3`,
  );
}
