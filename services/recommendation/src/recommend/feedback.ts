import type { RecommendationEvent } from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { noteEvent, restoreItem } from './feedback.store.ts';

/**
 * Notes what became of a recommendation: the caller's own, or anybody's for administrators. What was dismissed is
 * in no list that is asked for from now on, until it is restored.
 *
 * @throws AppError `not_found`
 */
export async function recordEvent(
  database: Database,
  principal: Principal,
  id: string,
  event: RecommendationEvent,
): Promise<void> {
  const { orgId } = principal;
  await database.withPrincipal(principal, async (tx) => {
    const noted =
      event.event === 'restored'
        ? await restoreItem(tx, orgId, id)
        : await noteEvent(tx, orgId, id, event);
    if (!noted) throw notFound('recommendation', id);
  });
}
