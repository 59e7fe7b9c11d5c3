import type { Cache } from '@docent/cache/interfaces';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Embedder } from '@docent/models/interfaces';
import type { FastifyPluginAsync } from 'fastify';

export interface RecommendationDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly cache: Cache;
  /** The embedder of a model that is in use; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
}

/** The learning layer: graph, progress, assessments, mastery, recommendations, analytics. */
export const recommendationService: FastifyPluginAsync<RecommendationDeps> = async () => {};
