import { workerPrincipal } from '@docent/core/principal';
import type { Jobs } from '@docent/database/jobs';
import { trainRiskModel } from '../atRisk/atRisk.ts';
import { catchUpOrganization } from '../mastery/mastery.ts';
import { rebuild } from './rebuild.ts';
import { embedItems, type VectorDeps } from './vectors.ts';

/** The next look comes a day later, also when nobody asks for anything. */
const AGAIN_AFTER_SECONDS = 24 * 3_600;

/** Starts taking the jobs that make recommendations anew. */
export async function startRecommendWorker(deps: VectorDeps & { jobs: Jobs }): Promise<void> {
  const { database, jobs } = deps;
  await jobs.work(
    'rebuild-recommendations',
    { concurrency: 1 },
    async ({ data: { orgId }, signal }) => {
      await catchUpOrganization(database, orgId, signal);
      await embedItems(deps, orgId, signal);
      await rebuild(database, orgId, { signal });
      const worker = workerPrincipal(orgId);
      await database.withPrincipal(worker, (tx) => trainRiskModel(tx, orgId));
      await database.withPrincipal(worker, (tx) =>
        jobs.send(
          tx,
          'rebuild-recommendations',
          { orgId },
          { singletonKey: `${orgId}:daily`, startAfterSeconds: AGAIN_AFTER_SECONDS },
        ),
      );
    },
  );
}
