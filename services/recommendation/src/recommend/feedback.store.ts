import type { RecommendationEvent } from '@docent/contracts/recommend';
import { run, sql, type Tx } from '@docent/database/sql';

/**
 * Notes the first event of its kind. Clicking or enrolling implies that it was shown.
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
