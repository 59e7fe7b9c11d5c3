import { existsSync, mkdirSync } from 'node:fs';
import { openCache } from '@docent/cache/cache';
import type { Database } from '@docent/database/database';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { type Demo, ensureDemo } from '@docent/directory/demo';
import { type App, createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { ingestionConfig } from '@docent/ingestion/config';
import { openModels } from '@docent/models/open';
import { announcement } from './announce.ts';
import { bringsCompany, type StartConfig } from './config.ts';
import { bringCompany } from './demoCompany.ts';
import { type Instance, readInstance, writeInstance } from './instance.ts';
import { mountServices } from './mount.ts';

/**
 * All services and the worker in this process, on one port. It stops on SIGINT and SIGTERM. On a first start the
 * demo organization gets its company in the background.
 *
 * @param tell gets what the person who started it should read: when it runs, and what happens later.
 * @throws Error with one sentence when it cannot start; nothing stays open then.
 */
export async function startDocent(
  config: StartConfig,
  tell: (text: string) => void,
): Promise<void> {
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
    makeFolder(config.DOCENT_DATA_DIR);
    const database = keep(await openDatabase(config));
    const models = keep(await openModels(config));
    const cache = keep(
      await openCache(config, (state, reason) => {
        if (app !== undefined) app.log.warn({ reason }, `Redis is ${state}`);
        else process.stderr.write(`Redis is ${state} (${reason}).\n`);
      }),
    );
    const home = config.PORTAL === 'on' ? '/app/' : '/docs';
    app = await createApp({ title: 'Docent', home, database, cache, ...appOptionsOf(config) });
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
    const { company } = readInstance(dataDir);
    let instance: Instance = { running: { url, pid: process.pid }, demo, company };
    const note = (change: Partial<Instance>) => {
      instance = { ...instance, ...change };
      writeInstance(dataDir, instance);
    };
    note({});
    // Keys stay for the next start; the address does not.
    process.on('exit', () => {
      if (existsSync(dataDir)) note({ running: null });
    });
    const seconds = process.uptime();
    const pages = config.PORTAL === 'on';
    tell(announcement({ url, dataDir, database, cache, models, demo, pages, seconds }));
    if (demo !== null && bringsCompany(config)) {
      const { filesDir, maxFileBytes } = ingestionConfig(config);
      const { embedderById } = models;
      keep(
        bringCompany(
          { database, jobs, embedderById, filesDir, maxFileBytes },
          demo,
          { known: company, write: (next) => note({ company: next }) },
          (line) => tell(`${line}\n`),
        ),
      );
    }
  } catch (error) {
    await app?.close();
    await closeAll();
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`DOCENT_DATA_DIR cannot be a folder: ${folder} cannot be made.`, { cause });
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
