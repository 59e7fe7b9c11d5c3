import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { ensureDemo } from '@docent/directory/demo';
import { createApp } from '@docent/http/app';
import { ingestionConfig, ingestionEnv } from '@docent/ingestion/config';
import { openFolder } from '@docent/ingestion/files';
import { ingestionService } from '@docent/ingestion/plugin';
import { modelsEnv } from '@docent/models/config';
import { openModels } from '@docent/models/open';
import { z } from 'zod';
import { fillCompany } from './start/company.ts';
import { demoCast } from './start/demoCompany.ts';
import { readInstance, writeInstance } from './start/instance.ts';

const USAGE = `npm run seed                          fills the demo company with people, courses and a year of progress
npm run seed -- --organization ID     fills another organization
Embedded, npm start does the first by itself; stop it for the second: one process has the data folder.`;

const opened: { close(): Promise<unknown> }[] = [];
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const resource of opened.reverse()) await resource.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { organization: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const organization = z.uuid().optional().safeParse(values.organization);
  if (!organization.success) throw new Error('--organization must be the id of an organization.');
  const config = parseEnv({ ...databaseEnv, ...modelsEnv, ...ingestionEnv }, process.env);
  const dataDir = config.DOCENT_DATA_DIR;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = keep(await openDatabase(config));
  const orgId = organization.data ?? (await demoOrganization(database, dataDir));

  const models = keep(await openModels(config));
  const jobs = keep(await openJobs(database));
  const ingestion = ingestionConfig(config);
  const files = await openFolder(ingestion.filesDir);
  const app = keep(await createApp({ title: 'Seed', database, log: false }));
  await app.register(ingestionService, { ...models, database, jobs, files, config: ingestion });
  await app.ready();

  const started = performance.now();
  const now = new Date();
  const what = await fillCompany({ ...models, ...ingestion, database, jobs }, orgId, {
    cast: demoCast,
    now,
    signal: new AbortController().signal,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${what} (${seconds} s)`);
  const instance = readInstance(dataDir);
  if (orgId === instance.demo?.orgId) {
    const begunAt = now.toISOString();
    writeInstance(dataDir, { ...instance, company: { begunAt, doneAt: begunAt } });
  }
}

async function demoOrganization(database: Database, dataDir: string): Promise<string> {
  const instance = readInstance(dataDir);
  const known = instance.demo ?? undefined;
  const demo = await ensureDemo(database, { known, nodeEnv: process.env.NODE_ENV });
  writeInstance(dataDir, { ...instance, demo });
  return demo.orgId;
}

function keep<T extends { close(): Promise<unknown> }>(resource: T): T {
  opened.push(resource);
  return resource;
}
