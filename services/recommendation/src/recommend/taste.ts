import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { TasteSettings } from './settings.ts';
import { findTaste, type Taste } from './taste.store.ts';

/**
 * What a learner may like best, by what everybody learned alone: the part of recommendations that public data can
 * judge. Nothing about needs, readiness or variety.
 *
 * @returns ids of ten items, best first.
 */
export async function rankByTaste(
  database: Database,
  asked: {
    orgId: string;
    userId: string;
    kind: 'course' | 'skill';
    settings: TasteSettings;
    generation: number;
  },
): Promise<string[]> {
  const tastes: Taste[] = await database.withPrincipal(
    workerPrincipal(asked.orgId),
    (tx) => findTaste(tx, { ...asked, limit: 10 }),
    { readOnly: true },
  );
  return tastes.map(({ itemId }) => itemId);
}
