import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { lineOptions } from '@docent/http/logging';
import { openModels } from '@docent/models/open';
import { pino } from 'pino';
import { ingestionConfig, loadConfig } from './config.ts';
import { createExtractor } from './extract/extract.ts';
import { openFolder } from './files.ts';
import { workerDeps } from './plugin.ts';
import { startWorker } from './processing/worker.ts';

const opened: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
  opened.unshift(resource);
  return resource;
};
const closeAll = async () => {
  for (const resource of opened.splice(0)) await resource.close();
};

// Processes uploads and answers nobody. Any number of these may run beside one database.
try {
  const settings = loadConfig(process.env);
  const config = ingestionConfig(settings);
  const log = pino(lineOptions(settings.LOG_LEVEL));
  const database = keep(await openDatabase(settings));
  const models = keep(await openModels(settings));
  const extractor = keep(createExtractor());
  const jobs = keep(
    await openJobs(database, {
      onError: (error, queue) => log.warn({ err: error, queue }, 'a background job failed'),
    }),
  );
  const files = await openFolder(config.filesDir);
  await startWorker(
    workerDeps({ ...models, database, jobs, files, config }, extractor.extract, log),
  );

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    closeAll().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop well');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  log.info('worker started');
} catch (error) {
  await closeAll();
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
