import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { SILENT_DAYS } from '../../atRisk/model.ts';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';

/** People with a course that is not completed. */
export interface AtRiskCount {
  readonly people: number;
  readonly atRisk: number;
}

const Row = z
  .object({ ...PlaceRow, people: z.int(), atRisk: z.int() })
  .transform(({ departmentId, job, ...cell }) => ({ departmentId, job, slice: '', cell }));

/** Active people, by the rule: begun, not completed, nothing heard for a week. */
export function countAtRisk(tx: Tx, orgId: string, now: Date): Promise<CellRow<AtRiskCount>[]> {
  return many(
    tx,
    Row,
    sql`
      select ${place}, count(distinct l.user_id)::int as people,
             count(distinct l.user_id) filter (where l.status = 'in_progress'
               and l.occurred_at <= ${now}::timestamptz - make_interval(days => ${SILENT_DAYS}))::int as "atRisk"
        from docent.learning_progress l
        join docent.users u on u.org_id = ${orgId} and u.id = l.user_id
       where l.org_id = ${orgId}
         and l.course_id is not null
         and l.status in ('assigned', 'in_progress')
         and u.status = 'active'
       group by 1, 2`,
  );
}

/** Where each active person is counted, by id. */
export async function listActivePlaces(
  tx: Tx,
  orgId: string,
): Promise<Map<string, { departmentId: string | null; job: string }>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), ...PlaceRow }),
    sql`
      select u.id, ${place}
        from docent.users u
       where u.org_id = ${orgId}
         and u.status = 'active'`,
  );
  return new Map(rows.map(({ id, ...where }) => [id, where]));
}
