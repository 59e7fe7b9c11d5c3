import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Embedder } from '@docent/models/interfaces';
import { publishAnalytics } from '../analytics/publish.ts';
import { groupNewQuestions } from '../analytics/questions/group.ts';
import { trainRiskModel } from '../atRisk/atRisk.ts';
import { proposeLinks } from '../links/links.ts';
import { catchUpOrganization } from '../mastery/mastery.ts';
import { rebuild } from '../recommend/rebuild.ts';
import { embedItems } from '../recommend/vectors.ts';
import { linkMaterial } from './links.store.ts';

/**
 * What follows from the sample, one after the other: its texts cover their courses, mastery, recommendations,
 * analytics, proposals. The texts must be searchable.
 */
export async function workOutSample(
  deps: { readonly database: Database; readonly embedderById: (id: string) => Embedder | null },
  orgId: string,
  signal: AbortSignal,
): Promise<void> {
  const { database } = deps;
  const worker = workerPrincipal(orgId);
  await database.withPrincipal(worker, (tx) => linkMaterial(tx, orgId));
  await catchUpOrganization(database, orgId, signal);
  await embedItems(deps, orgId, signal);
  await rebuild(database, orgId, { signal });
  await database.withPrincipal(worker, (tx) => trainRiskModel(tx, orgId));
  await groupNewQuestions(deps, orgId, signal);
  await publishAnalytics({ database }, orgId, signal);
  await proposeLinks(deps, orgId, signal);
}
