// A worker as worker.main.ts builds it, with a model that needs no download, that can be told to stop
// dead at a step of a content's processing: `DOCENT_TEST_PAUSE` is a JSON object of steps by content id.
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { ingestionConfig, ingestionEnv } from '@docent/ingestion/config';
import { createExtractor } from '@docent/ingestion/extract/extract';
import { openFolder } from '@docent/ingestion/files';
import { workerDeps } from '@docent/ingestion/plugin';
import type { OnStep } from '@docent/ingestion/processing/process';
import { startWorker } from '@docent/ingestion/processing/worker';
import { z } from 'zod';
import { fakeEmbedder } from '../support/models.ts';

const settings = parseEnv({ ...databaseEnv, ...ingestionEnv }, process.env);
const config = ingestionConfig(settings);
const pauses = z
  .record(z.string(), z.string())
  .parse(JSON.parse(process.env.DOCENT_TEST_PAUSE ?? '{}'));
const say = (line: string) => process.stdout.write(`${line}\n`);
const forever = new Promise<void>(() => {});

let open = Object.values(pauses).filter((step) => step !== 'storing').length;
let othersPaused: () => void = () => {};
const allOthersPaused = new Promise<void>((resolve) => {
  othersPaused = resolve;
});
if (open === 0) othersPaused();

const onStep: OnStep = async (step, { contentId }) => {
  say(`${step} ${contentId}`);
  const pause = pauses[contentId];
  // A worker that stands in its transaction holds the only connection of an embedded database.
  if (pause === 'storing' && step === 'taken') await allOthersPaused;
  if (pause !== step) return;
  say(`paused ${contentId}`);
  open -= 1;
  if (open === 0) othersPaused();
  await forever;
};

// What keeps the process alive while every worker stands still.
setInterval(() => {}, 60_000);
const database = await openDatabase(settings);
const jobs = await openJobs(database);
const files = await openFolder(config.filesDir);
const embedder = fakeEmbedder();
const deps = { database, jobs, files, embedder, embedderById: () => null, config, onStep };
const extractor = createExtractor();
await startWorker(
  workerDeps(deps, extractor.extract, { warn: (_facts, message) => say(`warning ${message}`) }),
);
say('started');
process.on('SIGTERM', () => {
  const stopped = jobs
    .close()
    .then(() => extractor.close())
    .then(() => database.close());
  stopped.then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
