import { existsSync, mkdirSync } from 'node:fs';
import { openCache } from '@docent/cache/cache';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { ensureDemo } from '@docent/directory/demo';
import { directoryService } from '@docent/directory/plugin';
import { createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { ingestionConfig } from '@docent/ingestion/config';
import { openFolder } from '@docent/ingestion/files';
import { ingestionService } from '@docent/ingestion/plugin';
import { openModels } from '@docent/models/open';
import { queryService } from '@docent/query/plugin';
import { announcement } from './announce.ts';
import type { StartConfig } from './config.ts';
import { readInstance, writeInstance } from './instance.ts';

/**
 * All services and the worker in this process, on one port. It stops on SIGINT and SIGTERM.
 *
 * @returns what to tell the person who started it.
 * @throws Error with one sentence when it cannot start; nothing stays open then.
 */
export async function startDocent(config: StartConfig): Promise<string> {
  // What was opened, last first: closed in this order, whether the start fails or the process stops.
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.splice(0)) await close();
  };
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    opened.unshift(() => resource.close());
    return resource;
  };
  try {
    // Material and keys: for this user only.
    mkdirSync(config.DOCENT_DATA_DIR, { recursive: true, mode: 0o700 });
    const database = keep(await openDatabase(config));
    const models = keep(await openModels(config));
    const cache = keep(await openCache(config, reportCache));
    const jobs = keep(await openJobs(database));
    const dataDir = config.DOCENT_DATA_DIR;
    const { demo: known } = readInstance(dataDir);
    const nodeEnv = config.NODE_ENV;
    const demo =
      nodeEnv === 'production'
        ? null
        : await ensureDemo(database, { known: known ?? undefined, nodeEnv });

    const app = await createApp({ title: 'Docent', database, ...appOptionsOf(config) });
    app.addHook('onClose', closeAll);
    await app.register(directoryService, { database });
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

    const url = await serve(app, serveOptionsOf(config));
    writeInstance(dataDir, { running: { url, pid: process.pid }, demo });
    // Keys stay for the next start; the address does not.
    process.on('exit', () => {
      if (existsSync(dataDir)) writeInstance(dataDir, { running: null, demo });
    });
    const seconds = process.uptime();
    return announcement({ url, dataDir, database, cache, models, demo, seconds });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function reportCache(state: 'lost' | 'back', reason: string): void {
  const what = state === 'lost' ? 'Redis is gone, answers cannot be resumed' : 'Redis is back';
  process.stderr.write(`${what} (${reason}).\n`);
}
