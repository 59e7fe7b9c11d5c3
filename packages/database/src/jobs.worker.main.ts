// A process for jobs.test.ts: it takes one job, says so, and never finishes it.
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from './config.ts';
import { openJobs } from './jobs.ts';
import { openDatabase } from './open.ts';

const database = await openDatabase(parseEnv(databaseEnv, process.env));
const jobs = await openJobs(database, { pace: { poll: 0.5 } });
await jobs.work('process-version', { concurrency: 1 }, async (job) => {
  process.stdout.write(`${job.id} attempt ${job.attempt}\n`);
  await new Promise(() => undefined);
});
