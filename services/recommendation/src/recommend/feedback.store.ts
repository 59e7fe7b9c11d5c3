import type { RecommendationEvent } from '@docent/contracts/recommend';
import { run, sql, type Tx } from '@docent/database/sql';

/**
 * Notes the first event of its kind, all but `restored`. Clicking or enrolling implies that it was shown.
 *
 * @returns false: there is no such recommendation for the caller.
 */
export async function noteEvent(
  tx: Tx,
  orgId: string,
  id: string,
  event: RecommendationEvent,
): Promise<boolean> {
  const kind = event.event;
  const reason = event.event === 'dismissed' ? event.reason : null;
  const changed = await run(
    tx,
    sql`
      update docent.recommendations
         set shown_at = coalesce(shown_at, now()),
             clicked = clicked or ${kind} = 'clicked',
             clicked_at = case when ${kind} = 'clicked' then coalesce(clicked_at, now()) else clicked_at end,
             dismissed_at = case when ${kind} = 'dismissed' then coalesce(dismissed_at, now()) else dismissed_at end,
             dismiss_reason = coalesce(dismiss_reason, ${reason}),
             enrolled_at = case when ${kind} in ('enrolled', 'completed') then coalesce(enrolled_at, now())
               else enrolled_at end,
             completed_at = case when ${kind} = 'completed' then coalesce(completed_at, now()) else completed_at end,
             position = coalesce(${event.position ?? null}::int, position)
       where org_id = ${orgId}
         and id = ${id}`,
  );
  return changed > 0;
}

/**
 * Takes back that a recommendation's item was dismissed, wherever the same person did so.
 *
 * @returns false: there is no such recommendation for the caller.
 */
export async function restoreItem(tx: Tx, orgId: string, id: string): Promise<boolean> {
  const changed = await run(
    tx,
    sql`
      update docent.recommendations r
         set dismissed_at = null,
             dismiss_reason = null
        from docent.recommendations of
       where of.org_id = ${orgId}
         and of.id = ${id}
         and r.org_id = ${orgId}
         and r.user_id = of.user_id
         and r.type = of.type
         and r.item_id = of.item_id`,
  );
  return changed > 0;
}
