import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Wanted } from './candidates.store.ts';

const Origin = z.object({
  itemId: z.uuid(),
  fromId: z.uuid(),
  from: z.string(),
  people: z.int().nullable(),
});
export type Origin = z.infer<typeof Origin>;

/** Which item of the learner's history speaks most for each of these, by the signal that counts most for it. */
export function findOrigins(
  tx: Tx,
  orgId: string,
  wanted: Wanted,
  kind: 'course' | 'skill',
  asked: readonly { itemId: string; signal: 'next' | 'together' | 'similar' | 'linear' }[],
): Promise<Origin[]> {
  const titled =
    kind === 'course'
      ? sql`select id, title from docent.courses where org_id = ${orgId}`
      : sql`select id, name as title from docent.skills where org_id = ${orgId}`;
  return many(
    tx,
    Origin,
    sql`
      select distinct on (a.item_id) a.item_id as "itemId", l.from_id as "fromId", t.title as from,
             case when l.learners >= 5 then l.learners end as people
        from unnest(${asked.map(({ itemId }) => itemId)}::uuid[], ${asked.map(({ signal }) => signal)}::text[])
               a (item_id, signal)
        cross join docent.learner_history(${orgId}, ${wanted.userId}, ${kind}, ${wanted.settings.decay}::float8) h
        join docent.recommend_links l
          on l.org_id = ${orgId}
         and l.generation = ${wanted.generation}::bigint
         and l.from_id = h.item_id
         and l.signal = a.signal
         and l.to_id = a.item_id
        join (${titled}) t
          on t.id = l.from_id
       order by a.item_id, h.weight * l.score desc, l.from_id`,
  );
}
