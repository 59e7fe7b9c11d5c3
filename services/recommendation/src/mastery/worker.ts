import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { catchUpOrganization } from './mastery.ts';

/** Asks for the answers of an organization to be counted; readers of one person's mastery do not wait for it. */
export function requestReplay(jobs: Jobs, tx: Tx, orgId: string): Promise<void> {
  return jobs.send(tx, 'replay-mastery', { orgId }, { singletonKey: orgId });
}

/** Starts taking the jobs of mastery. */
export async function startMasteryWorker(deps: { database: Database; jobs: Jobs }): Promise<void> {
  await deps.jobs.work(
    'replay-mastery',
    { concurrency: 1 },
    async ({ data: { orgId }, signal }) => {
      await catchUpOrganization(deps.database, orgId, signal);
    },
  );
}
