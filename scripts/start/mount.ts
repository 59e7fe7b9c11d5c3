import type { Cache } from '@docent/cache/interfaces';
import { VERSION } from '@docent/core/version';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { accessConfigOf } from '@docent/directory/config';
import { directoryService } from '@docent/directory/plugin';
import type { App } from '@docent/http/app';
import { ingestionConfig } from '@docent/ingestion/config';
import { openFolder } from '@docent/ingestion/files';
import { ingestionService } from '@docent/ingestion/plugin';
import type { openModels } from '@docent/models/open';
import { builtPortal } from '@docent/portal/build';
import { connectOrigins, signInOf } from '@docent/portal/config';
import { portal } from '@docent/portal/plugin';
import { queryService } from '@docent/query/plugin';
import { recommendationService } from '@docent/recommendation/plugin';
import type { StartConfig } from './config.ts';

/** What the services stand on. */
export interface Foundation {
  readonly database: Database;
  readonly models: Awaited<ReturnType<typeof openModels>>;
  readonly cache: Cache;
  readonly jobs: Jobs;
}

/** Every service on one app. */
export async function mountServices(
  app: App,
  { database, models, cache, jobs }: Foundation,
  config: StartConfig,
): Promise<void> {
  // Of a company that everybody may enter there is one at most, and none in production.
  const demo = config.NODE_ENV !== 'production';
  await app.register(directoryService, {
    database,
    access: accessConfigOf(config),
    demo,
    installation: {
      version: VERSION,
      cache: cache.kind,
      models: {
        embedder: models.embedder.id,
        dimensions: models.embedder.dimensions,
        chatModel: models.chatModel?.id ?? null,
        reranker: models.reranker?.id ?? null,
      },
    },
  });
  const ingestion = ingestionConfig(config);
  await app.register(ingestionService, {
    database,
    jobs,
    files: await openFolder(ingestion.filesDir),
    embedder: models.embedder,
    embedderById: models.embedderById,
    config: ingestion,
  });
  await app.register(queryService, { ...models, database, jobs, cache, config });
  await app.register(recommendationService, {
    ...models,
    database,
    jobs,
    cache,
    worker: config.WORKER === 'on',
    analyticsRefreshMinutes: config.ANALYTICS_REFRESH_MINUTES,
  });
  if (config.PORTAL === 'on') {
    const dist = await builtPortal(() => app.log.info('building the pages'));
    await app.register(portal, {
      dist,
      signIn: signInOf(config, demo),
      connectTo: connectOrigins(config),
    });
  }
}
