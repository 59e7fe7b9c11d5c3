import type { Cache } from '@docent/cache/interfaces';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { ChatModel, Embedder, Reranker } from '@docent/models/interfaces';
import type { FastifyPluginAsync } from 'fastify';
import { chatRoutes } from './chat/chat.routes.ts';
import type { QueryConfig } from './config.ts';
import { evaluationRoutes } from './evaluations/evaluations.routes.ts';
import { makeEvaluations } from './evaluations/evaluations.ts';
import { startEvaluationWorker } from './evaluations/run.ts';
import { evaluationSetRoutes } from './evaluations/sets.routes.ts';
import { makeQuestions, makeSets } from './evaluations/sets.ts';
import { searchRoutes } from './search/search.routes.ts';
import { makeSearch } from './search/search.ts';
import type { FusionWeights } from './search/weights.ts';

export interface QueryDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** Embeds questions, when the organization's vectors are of this model. */
  readonly embedder: Embedder;
  /** The embedder of a model that is still in use; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
  /** Null: answers are sentences of the passages. */
  readonly chatModel: ChatModel | null;
  /** Null: passages are reranked by their words. */
  readonly reranker: Reranker | null;
  /** Where the events of running answers are kept for readers who come back. */
  readonly cache: Cache;
  readonly config: QueryConfig;
  /** Other weights than the reviewed ones: for the evaluation. */
  readonly weights?: (modelId: string) => FusionWeights;
  /** Without looking into misspelt words: for the evaluation. */
  readonly spelling?: () => boolean;
}

/** The routes of search, chat and evaluations, and the worker of evaluations unless `config.WORKER` is off. */
export const queryService: FastifyPluginAsync<QueryDeps> = async (app, deps) => {
  const search = makeSearch({ ...deps, log: app.log });
  await app.register(searchRoutes, { search });
  const { database, cache, chatModel, embedder, embedderById, config: settings } = deps;
  const clock = () => performance.now();
  await app.register(chatRoutes, {
    database,
    cache,
    chatModel,
    embedder,
    embedderById,
    search,
    settings,
    clock,
    log: app.log,
  });
  await app.register(evaluationSetRoutes, {
    database,
    sets: makeSets(database),
    questions: makeQuestions(database),
  });
  const evaluations = makeEvaluations({ ...deps, settings });
  await app.register(evaluationRoutes, { database, evaluations });
  if (settings.WORKER === 'on') {
    app.addHook('onReady', () => startEvaluationWorker({ ...deps, settings, clock, log: app.log }));
  }
};
