import { existsSync, mkdirSync } from 'node:fs';
import { openCache } from '@docent/cache/cache';
import type { Database } from '@docent/database/database';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { type Demo, ensureDemo } from '@docent/directory/demo';
import { type App, createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { openModels } from '@docent/models/open';
import { announcement } from './announce.ts';
import type { StartConfig } from './config.ts';
import { readInstance, writeInstance } from './instance.ts';
import { mountServices } from './mount.ts';

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
  let app: App | undefined;
  try {
    // Material and keys: for this user only.
    mkdirSync(config.DOCENT_DATA_DIR, { recursive: true, mode: 0o700 });
    const database = keep(await openDatabase(config));
    const models = keep(await openModels(config));
    const cache = keep(
      await openCache(config, (state, reason) => {
        if (app !== undefined) app.log.warn({ reason }, `Redis is ${state}`);
        else process.stderr.write(`Redis is ${state} (${reason}).\n`);
      }),
    );
    app = await createApp({ title: 'Docent', database, cache, ...appOptionsOf(config) });
    app.addHook('onClose', closeAll);
    const { log } = app;
    const jobs = keep(
      await openJobs(database, {
        onError: (err, queue) => log.error({ err, queue }, 'a job failed'),
      }),
    );
    await mountServices(app, { database, models, cache, jobs }, config);

    const url = await serve(app, serveOptionsOf(config));
    const dataDir = config.DOCENT_DATA_DIR;
    const demo = await demoOf(database, config);
    writeInstance(dataDir, { running: { url, pid: process.pid }, demo });
    // Keys stay for the next start; the address does not.
    process.on('exit', () => {
      if (existsSync(dataDir)) writeInstance(dataDir, { running: null, demo });
    });
    const seconds = process.uptime();
    return announcement({ url, dataDir, database, cache, models, demo, seconds });
  } catch (error) {
    await app?.close();
    await closeAll();
    throw error;
  }
}

/**
 * The demo organization; none in production. Made when the port is ours: a second start on the same
 * servers that fails must not have replaced the keys of the first.
 */
async function demoOf(database: Database, config: StartConfig): Promise<Demo | null> {
  const { NODE_ENV: nodeEnv, DOCENT_DATA_DIR: dataDir } = config;
  if (nodeEnv === 'production') return null;
  const { demo } = readInstance(dataDir);
  return ensureDemo(database, { known: demo ?? undefined, nodeEnv });
}
