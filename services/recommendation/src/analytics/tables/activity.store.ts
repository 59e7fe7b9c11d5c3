import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import { periodsOf, since } from '../periods.ts';
import type { CellRow } from '../slices.ts';

/** People who did something in a period, and how many things. */
export interface Doing {
  readonly people: number;
  readonly events: number;
}

const Row = z
  .object({ ...PlaceRow, period: z.string(), people: z.int(), events: z.int() })
  .transform(({ departmentId, job, period, ...cell }) => ({
    departmentId,
    job,
    period,
    slice: '',
    cell,
  }));

/** Reports of progress, answers to questions of assessments, and questions asked. */
export function countActivity(tx: Tx, orgId: string, now: Date): Promise<CellRow<Doing>[]> {
  const from = since(now);
  return many(
    tx,
    Row,
    sql`
      with done as materialized (
        select e.user_id, e.occurred_at as at
          from docent.progress_events e
         where e.org_id = ${orgId}
           and e.occurred_at >= ${from}::timestamptz
           and e.status is distinct from 'assigned'
        union all
        select a.user_id, a.answered_at
          from docent.attempt_answers a
         where a.org_id = ${orgId}
           and a.answered_at >= ${from}::timestamptz
        union all
        select v.user_id, v.created_at
          from docent.analytics_events v
         where v.org_id = ${orgId}
           and v.event_type = 'chat_message'
           and v.created_at >= ${from}::timestamptz
      ),
      months as materialized (
        select d.user_id, date_trunc('month', d.at at time zone 'utc') at time zone 'utc' as month,
               count(*) as events
          from done d
         where d.at <= ${now}::timestamptz
         group by 1, 2
      ),
      each as materialized (
        select m.user_id, p.period, sum(m.events) as events
          from months m
          cross join lateral ${periodsOf(sql`m.month`)} p (period)
         group by m.user_id, p.period
      )
      select ${place}, e.period, count(*)::int as people, sum(e.events)::int as events
        from each e
        join docent.users u on u.org_id = ${orgId} and u.id = e.user_id
       group by 1, 2, 3`,
  );
}
