import type { Cache } from '@docent/cache/interfaces';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Embedder } from '@docent/models/interfaces';
import type { FastifyPluginAsync } from 'fastify';
import { analyticsRoutes } from './analytics/analytics.routes.ts';
import { makeAnalytics } from './analytics/analytics.ts';
import { makePeople } from './analytics/people.ts';
import { startAnalyticsWorker } from './analytics/worker.ts';
import { assessmentRoutes } from './assessments/assessments.routes.ts';
import { makeAssessments } from './assessments/assessments.ts';
import { attemptRoutes } from './assessments/attempts.routes.ts';
import { makeAttempts } from './assessments/attempts.ts';
import { declarationRoutes } from './declarations/declarations.routes.ts';
import { makeDeclarations } from './declarations/declarations.ts';
import { courseRoutes } from './graph/courses.routes.ts';
import { edgeRoutes } from './graph/edges.routes.ts';
import { makeEdges } from './graph/edges.ts';
import { makeCourses, makeSkills, makeTargets } from './graph/graph.ts';
import { skillRoutes } from './graph/skills.routes.ts';
import { targetRoutes } from './graph/targets.routes.ts';
import { importRoutes } from './import/import.routes.ts';
import { makeImports } from './import/import.ts';
import { linkRoutes } from './links/links.routes.ts';
import { makeLinks, proposeLinks } from './links/links.ts';
import { startMasteryWorker } from './mastery/worker.ts';
import { refoldCourse } from './progress/fold.store.ts';
import { progressRoutes } from './progress/progress.routes.ts';
import { makeProgressBook } from './progress/progress.ts';
import { recommendRoutes } from './recommend/recommend.routes.ts';
import { makeRecommender } from './recommend/recommend.ts';
import { startRecommendWorker } from './recommend/worker.ts';
import { makeStatements } from './xapi/statements.ts';
import { withdrawStatement } from './xapi/withdraw.ts';
import { xapiRoutes } from './xapi/xapi.routes.ts';

export interface RecommendationDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly cache: Cache;
  /** The embedder of a model that is in use; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
  /** False: this process answers requests only, another one does the work in the background. */
  readonly worker: boolean;
  /** Analytics older than this are worked out anew in the background, minutes. */
  readonly analyticsRefreshMinutes?: number | undefined;
  /** Gives numbers from 0 up to 1, for tests: what recommendations try is drawn with it. */
  readonly random?: () => number;
  /** The time, for tests. */
  readonly clock?: () => Date;
}

/** The learning layer: graph, progress, assessments, mastery, recommendations, analytics. */
export const recommendationService: FastifyPluginAsync<RecommendationDeps> = async (app, deps) => {
  const { database, jobs } = deps;
  await app.register(skillRoutes, { database, skills: makeSkills(database) });
  await app.register(courseRoutes, { database, courses: makeCourses(database, jobs) });
  await app.register(targetRoutes, { database, targets: makeTargets(database) });
  const edges = makeEdges(database);
  await app.register(edgeRoutes, { database, edges });
  await app.register(linkRoutes, { links: makeLinks(deps), edges });
  await app.register(importRoutes, { imports: makeImports(database) });
  await app.register(assessmentRoutes, { database, assessments: makeAssessments(database) });
  await app.register(attemptRoutes, { attempts: makeAttempts(database, jobs, deps.clock) });
  await app.register(progressRoutes, { progress: makeProgressBook(database) });
  await app.register(declarationRoutes, { declarations: makeDeclarations(database) });
  await app.register(xapiRoutes, { statements: makeStatements(database, jobs) });
  await app.register(analyticsRoutes, {
    analytics: makeAnalytics({
      database,
      jobs,
      refreshMinutes: deps.analyticsRefreshMinutes ?? 60,
      now: deps.clock,
    }),
    people: makePeople({ database, now: deps.clock }),
  });
  const recommender = makeRecommender({ ...deps, random: deps.random ?? Math.random });
  await app.register(recommendRoutes, { database, jobs, recommender });
  if (deps.worker) {
    app.addHook('onReady', () => startMasteryWorker(deps));
    app.addHook('onReady', () => startRecommendWorker(deps));
    app.addHook('onReady', () => startLearningWorker(deps));
    app.addHook('onReady', () => startAnalyticsWorker(deps));
  }
};

/** Takes the background work of graph, progress and statements. */
async function startLearningWorker(deps: RecommendationDeps): Promise<void> {
  const { database, jobs } = deps;
  await jobs.work('refold-course', { concurrency: 1 }, ({ data: { orgId, courseId } }) =>
    database.withPrincipal(workerPrincipal(orgId), (tx) => refoldCourse(tx, orgId, courseId)),
  );
  await jobs.work('withdraw-statement', { concurrency: 1 }, ({ data }) =>
    withdrawStatement(deps, data),
  );
  await jobs.work('propose-links', { concurrency: 1 }, async ({ data: { orgId }, signal }) => {
    await proposeLinks(deps, orgId, signal);
  });
}
