import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseEnv } from '@docent/core/env';
import { workerPrincipal } from '@docent/core/principal';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { many, sql } from '@docent/database/sql';
import { ensureDemo } from '@docent/directory/demo';
import { createApp } from '@docent/http/app';
import { ingestionConfig, ingestionEnv } from '@docent/ingestion/config';
import { openFolder } from '@docent/ingestion/files';
import { ingestionService } from '@docent/ingestion/plugin';
import { acceptBatch, discardBatch, stageBatch } from '@docent/ingestion/upload/batch';
import { modelsEnv } from '@docent/models/config';
import { openModels } from '@docent/models/open';
import { linkMaterial } from '@docent/recommendation/seed/links.store';
import { sampleMaterial } from '@docent/recommendation/seed/material';
import { seedCompany } from '@docent/recommendation/seed/seed';
import { z } from 'zod';
import { readInstance, writeInstance } from './start/instance.ts';

const USAGE = `npm run seed                          fills the demo company with people, courses and a year of progress
npm run seed -- --organization ID     fills another organization
Embedded, stop npm start first: one process has the data folder.`;
/** Longest wait for the texts to be searchable. */
const PATIENCE_MS = 10 * 60_000;

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
  const env = { ...databaseEnv, ...modelsEnv, ...ingestionEnv };
  const config = parseEnv(env, process.env);
  mkdirSync(config.DOCENT_DATA_DIR, { recursive: true, mode: 0o700 });
  const database = await openDatabase(config);
  opened.push(database);
  const orgId = values.organization ?? (await demoOrganization(database, config.DOCENT_DATA_DIR));

  const started = performance.now();
  const { trainerId, ...counts } = await seedCompany(database, z.uuid().parse(orgId));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const told = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`${told.join(', ')} (${seconds} s)`);
  await addMaterial(database, config, { orgId, trainerId });
}

async function demoOrganization(database: Database, dataDir: string): Promise<string> {
  const instance = readInstance(dataDir);
  const known = instance.demo ?? undefined;
  const demo = await ensureDemo(database, { known, nodeEnv: process.env.NODE_ENV });
  writeInstance(dataDir, { ...instance, demo });
  return demo.orgId;
}

/** The texts go the way of every upload, so that chat answers about them. */
async function addMaterial(
  database: Database,
  config: z.output<z.ZodObject<typeof databaseEnv & typeof modelsEnv & typeof ingestionEnv>>,
  { orgId, trainerId }: { orgId: string; trainerId: string },
): Promise<void> {
  const models = await openModels(config);
  opened.push(models);
  const jobs = await openJobs(database);
  opened.push(jobs);
  const ingestion = ingestionConfig(config);
  const files = await openFolder(ingestion.filesDir);
  const app = await createApp({ title: 'Seed', database, log: false });
  opened.push(app);
  await app.register(ingestionService, { ...models, database, jobs, files, config: ingestion });
  await app.ready();

  const limits = { maxBytes: ingestion.maxFileBytes };
  const trainer = {
    orgId,
    userId: trainerId,
    role: 'trainer' as const,
    departmentIds: [],
    scopes: ['*'],
  };
  const material = sampleMaterial(orgId);
  const staged = await stageBatch(files, orgId, material, limits);
  try {
    await database.withPrincipal(trainer, (tx) => acceptBatch(tx, jobs, trainer, staged));
  } finally {
    await discardBatch(staged);
  }
  await waitUntilSearchable(database, orgId);
  const worker = workerPrincipal(orgId);
  await database.withPrincipal(worker, async (tx) => {
    await linkMaterial(tx, orgId);
    await jobs.send(tx, 'propose-links', { orgId }, { singletonKey: orgId });
  });
  console.log(`${material.length} texts are searchable`);
}

async function waitUntilSearchable(database: Database, orgId: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const [row] = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
      many(
        tx,
        z.object({ waiting: z.int() }),
        sql`
          select count(*)::int as waiting
            from docent.content_versions v
           where v.org_id = ${orgId}
             and v.state in ('queued', 'extracting', 'embedding')`,
      ),
    );
    if (row?.waiting === 0) return;
    await pause(500);
  }
  throw new Error('The texts are still being read; they are searched when npm start goes on.');
}
