import { type AnalyticsTable, analyticsTables } from '@docent/contracts/analytics';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { listDepartments, listPlaces } from './groups.store.ts';
import { groupTree, reporting } from './groups.ts';
import {
  allowMinutes,
  findPublication,
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
import type { Table } from './tables/table.ts';
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

/** How often somebody else may have published meanwhile before that is an error. */
const TRIES = 5;

/**
 * Works out the reports of an organization and of all its departments, and puts them in place of the last ones, all
 * at once.
 *
 * Whatever a route of analytics answers is read from these: suppression has been decided for all callers, months
 * and departments together, so that no two answers can be held against each other. Each table is worked out in a
 * transaction of its own, so that others get their turn in between.
 */
export async function publishAnalytics(
  { database, now: clock = () => new Date() }: PublishDeps,
  orgId: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = <T>(step: (tx: Tx) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    return database.withPrincipal(workerPrincipal(orgId), async (tx) => {
      await allowMinutes(tx);
      return step(tx);
    });
  };
  for (let tried = 0; tried < TRIES; tried += 1) {
    const now = clock();
    const { before, k, tree } = await work(async (tx) => ({
      before: await findPublication(tx, orgId),
      k: (await findSettings(tx, orgId)).minGroup,
      tree: groupTree(orgId, await listDepartments(tx, orgId), await listPlaces(tx, orgId)),
    }));
    const made = new Map<AnalyticsTable, Report[]>();
    for (const part of analyticsTables) {
      const bodyOf = await work(async (tx) => {
        const shownBefore = await findShownBefore(tx, orgId, part);
        return tables[part]({ tx, orgId, tree, k, now, shownBefore });
      });
      made.set(
        part,
        reporting(tree).map((group) => ({
          nodeId: group.id,
          departmentId: group.shown.departmentId,
          body: bodyOf(group),
        })),
      );
    }
    const published = await work(async (tx) => {
      await lockReports(tx, orgId);
      // What was hidden the last time stays hidden: that must have been the last time.
      const last = await findPublication(tx, orgId);
      if (last?.computedAt.getTime() !== before?.computedAt.getTime()) return false;
      for (const [part, reports] of made) {
        await replaceReports(tx, { orgId, part, k, now }, reports);
      }
      return true;
    });
    if (published) return;
  }
  throw new Error(`analytics of ${orgId} were published ${TRIES} times by others`);
}
