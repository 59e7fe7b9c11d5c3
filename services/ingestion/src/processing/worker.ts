import { workerPrincipal } from '@docent/core/principal';
import { fillVectorsOf } from './fillVectors.ts';
import { type ProcessDeps, processVersion } from './process.ts';
import { refreshStatistics } from './statistics.store.ts';

/** Starts taking the jobs of ingestion; they stop when the queue is closed. */
export async function startWorker(deps: ProcessDeps): Promise<void> {
  const { jobs, database, config } = deps;
  await jobs.work('process-version', { concurrency: config.workerConcurrency }, (job) =>
    processVersion(deps, job),
  );
  await jobs.work('embed-missing', { concurrency: 1 }, (job) => fillVectorsOf(deps, job));
  await jobs.work('refresh-statistics', { concurrency: 1 }, ({ data: { orgId } }) =>
    database.withPrincipal(workerPrincipal(orgId), (tx) => refreshStatistics(tx, orgId)),
  );
}
