import { openCache } from '@docent/cache/cache';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { openModels } from '@docent/models/open';
import { ingestionConfig, loadConfig } from './config.ts';
import { openFolder } from './files.ts';
import { ingestionService } from './plugin.ts';

const opened: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
  opened.unshift(resource);
  return resource;
};
const closeAll = async () => {
  for (const resource of opened.splice(0)) await resource.close();
};

// The API, and the worker beside it unless WORKER=off.
try {
  const settings = loadConfig(process.env);
  const config = ingestionConfig(settings);
  const database = keep(await openDatabase(settings));
  const models = keep(await openModels(settings));
  const files = await openFolder(config.filesDir);
  const cache = keep(
    await openCache(settings, (state, reason) => {
      process.stderr.write(`Redis is ${state === 'lost' ? 'gone' : 'back'} (${reason}).\n`);
    }),
  );
  const options = { title: 'Docent ingestion', database, cache };
  const app = await createApp({ ...options, ...appOptionsOf(settings) });
  const jobs = keep(
    await openJobs(database, {
      onError: (error, queue) => app.log.warn({ err: error, queue }, 'a background job failed'),
    }),
  );
  app.addHook('onClose', closeAll);
  await app.register(ingestionService, { ...models, database, jobs, files, config });
  await serve(app, serveOptionsOf(settings));
} catch (error) {
  await closeAll();
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
