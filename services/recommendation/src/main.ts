import { openCache } from '@docent/cache/cache';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { openModels } from '@docent/models/open';
import { loadConfig } from './config.ts';
import { recommendationService } from './plugin.ts';

const opened: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
  opened.unshift(resource);
  return resource;
};
const closeAll = async () => {
  for (const resource of opened.splice(0)) await resource.close();
};

try {
  const config = loadConfig(process.env);
  const database = keep(await openDatabase(config));
  const models = keep(await openModels(config));
  const cache = keep(
    await openCache(config, (state, reason) => {
      process.stderr.write(`Redis is ${state === 'lost' ? 'gone' : 'back'} (${reason}).\n`);
    }),
  );
  const app = await createApp({
    title: 'Docent recommendation',
    database,
    cache,
    ...appOptionsOf(config),
  });
  const jobs = keep(
    await openJobs(database, {
      onError: (error, queue) => app.log.warn({ err: error, queue }, 'a background job failed'),
    }),
  );
  app.addHook('onClose', closeAll);
  const worker = config.WORKER === 'on';
  const analyticsRefreshMinutes = config.ANALYTICS_REFRESH_MINUTES;
  await app.register(recommendationService, {
    ...models,
    database,
    jobs,
    cache,
    worker,
    analyticsRefreshMinutes,
  });
  await serve(app, serveOptionsOf(config));
} catch (error) {
  await closeAll();
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
