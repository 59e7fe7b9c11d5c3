import type { RecommendationEvent } from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { noteEvent } from './feedback.store.ts';

/**
 * Notes what became of a recommendation: the caller's own, or anybody's for administrators. What was dismissed is
 * in no list that is asked for from now on.
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
    if (!(await noteEvent(tx, orgId, id, event))) throw notFound('recommendation', id);
  });
}
