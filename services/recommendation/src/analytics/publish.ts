import { type AnalyticsTable, analyticsTables } from '@docent/contracts/analytics';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { listDepartments, listPlaces } from './groups.store.ts';
import { groupTree, reporting } from './groups.ts';
import {
  allowMinutes,
  findShownBefore,
  lockReports,
  type Report,
  replaceReports,
} from './reports.store.ts';
import { findSettings } from './settings.store.ts';
import { activity } from './tables/activity.ts';
import { atRisk } from './tables/atRisk.ts';
import { completion } from './tables/completion.ts';
import { content } from './tables/content.ts';
import { knowledgeGaps } from './tables/knowledgeGaps.ts';
import { questions } from './tables/questions.ts';
import { recommendations } from './tables/recommendations.ts';
import { skillGaps } from './tables/skillGaps.ts';
import type { Table, TableContext } from './tables/table.ts';
import { timeToCompetency } from './tables/timeToCompetency.ts';

const tables: { [T in AnalyticsTable]: Table<T> } = {
  activity,
  atRisk,
  completion,
  content,
  knowledgeGaps,
  questions,
  recommendations,
  skillGaps,
  timeToCompetency,
};

export interface PublishDeps {
  readonly database: Database;
  readonly now?: (() => Date) | undefined;
}

/**
 * Works out the reports of an organization and of all its departments, and puts them in place of the last ones.
 *
 * Whatever a route of analytics answers is read from these: suppression has been decided for all callers, months
 * and departments together, so that no two answers can be held against each other.
 */
export async function publishAnalytics(
  { database, now: clock = () => new Date() }: PublishDeps,
  orgId: string,
): Promise<void> {
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await allowMinutes(tx);
    await lockReports(tx, orgId);
    const now = clock();
    const { minGroup: k } = await findSettings(tx, orgId);
    const tree = groupTree(orgId, await listDepartments(tx, orgId), await listPlaces(tx, orgId));
    for (const part of analyticsTables) {
      const shown = await findShownBefore(tx, orgId, part);
      const context: TableContext = {
        tx,
        orgId,
        tree,
        k,
        now,
        shownBefore: shown,
      };
      const bodyOf = await tables[part](context);
      const reports = reporting(tree).map(
        (group): Report => ({
          nodeId: group.id,
          departmentId: group.shown.departmentId,
          body: bodyOf(group),
        }),
      );
      await replaceReports(tx, { orgId, part, k, now }, reports);
    }
  });
}
