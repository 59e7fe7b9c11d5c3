import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';

/** Recommendations that were shown, and what became of them. */
export interface Shown {
  readonly people: number;
  readonly shown: number;
  readonly clicked: number;
  /** Within 14 days. */
  readonly enrolled: number;
  /** Within 90 days. */
  readonly completed: number;
}

const Row = z
  .object({
    ...PlaceRow,
    slice: z.string(),
    people: z.int(),
    shown: z.int(),
    clicked: z.int(),
    enrolled: z.int(),
    completed: z.int(),
  })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));

/** Of the last year: all, by position of the first ten, by type of reason. Slices are `by key`. */
export function countShown(tx: Tx, orgId: string, now: Date): Promise<CellRow<Shown>[]> {
  return many(
    tx,
    Row,
    sql`
      select ${place}, s.slice, count(distinct r.user_id)::int as people, count(*)::int as shown,
             count(r.clicked_at)::int as clicked,
             count(*) filter (where r.enrolled_at <= r.shown_at + interval '14 days')::int as enrolled,
             count(*) filter (where r.completed_at <= r.shown_at + interval '90 days')::int as completed
        from docent.recommendations r
        join docent.users u on u.org_id = ${orgId} and u.id = r.user_id
        cross join lateral (values ('all all'),
          (case when r.position <= 10 then 'position ' || r.position end),
          -- Chosen by chance among several: what stood there for want of a reason tested nothing.
          (case when r.reason_type <> 'explore' or r.propensity < 1 then 'reason ' || r.reason_type end)) s (slice)
       where r.org_id = ${orgId}
         and r.shown_at > ${now}::timestamptz - interval '1 year'
         and r.shown_at <= ${now}::timestamptz
         and s.slice is not null
       group by 1, 2, 3
       order by 3`,
  );
}

/** Share of published skills and courses that was shown to anybody, 0 to 1; null when there are none. */
export async function catalogueShown(tx: Tx, orgId: string, now: Date): Promise<number | null> {
  const row = await maybeOne(
    tx,
    z.object({ share: z.number().nullable() }),
    sql`
      select avg(case when exists (
               select
                 from docent.recommendations r
                where r.org_id = ${orgId}
                  and r.item_id = i.id
                  and r.shown_at > ${now}::timestamptz - interval '1 year') then 1.0 else 0.0 end)::float8 as share
        from (
          select id from docent.skills where org_id = ${orgId} and status = 'published'
          union all
          select id from docent.courses where org_id = ${orgId} and status = 'published'
        ) i`,
  );
  return row?.share ?? null;
}
