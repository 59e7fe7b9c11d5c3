import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { TasteSettings } from './settings.ts';

/** How much a learner may like an item, 0 to 1, and what each signal adds to it. */
const Taste = z.object({
  itemId: z.uuid(),
  taste: z.number(),
  next: z.number(),
  together: z.number(),
  similar: z.number(),
  linear: z.number(),
});
export type Taste = z.infer<typeof Taste>;

/** What the learner may like, best first; nothing that they have begun. Empty without a history. */
export function findTaste(
  tx: Tx,
  {
    orgId,
    userId,
    kind,
    settings,
    generation,
    limit,
  }: {
    orgId: string;
    userId: string;
    kind: 'course' | 'skill';
    settings: TasteSettings;
    generation: number;
    limit: number;
  },
): Promise<Taste[]> {
  const { decay, next, together, similar, linear } = settings;
  return many(
    tx,
    Taste,
    sql`
      select t.item_id as "itemId", t.taste, t.next_part as next, t.together_part as together,
             t.similar_part as similar, t.linear_part as linear
        from (
          select array_agg(h.item_id order by h.back) as items, array_agg(h.weight order by h.back) as weights
            from docent.learner_history(${orgId}, ${userId}, ${kind}, ${decay}::float8) h
        ) h
        cross join lateral docent.recommend_taste(${orgId}, ${generation}::bigint, h.items, h.weights,
          ${next}::float8, ${together}::float8, ${similar}::float8, ${linear}::float8) t
       order by t.taste desc, t.item_id
       limit ${limit}`,
  );
}
