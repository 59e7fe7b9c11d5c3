import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { catchUpOrganization } from '../mastery/mastery.ts';
import { publishAnalytics } from './publish.ts';
import { type GroupingDeps, groupNewQuestions } from './questions/group.ts';

/** Takes the jobs of analytics: new questions are grouped, then everything is worked out anew. */
export async function startAnalyticsWorker(
  deps: GroupingDeps & { readonly database: Database; readonly jobs: Jobs },
): Promise<void> {
  await deps.jobs.work('refresh-analytics', { concurrency: 1 }, async ({ data, signal }) => {
    await catchUpOrganization(deps.database, data.orgId, signal);
    await groupNewQuestions(deps, data.orgId, signal);
    await publishAnalytics(deps, data.orgId, signal);
  });
}
