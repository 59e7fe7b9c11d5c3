// A worker of evaluations, with a model that needs no download, that stops dead after a question:
// `DOCENT_TEST_PAUSE` is its position.
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { queryEnv } from '@docent/query/config';
import { startEvaluationWorker } from '@docent/query/evaluations/run';
import { fakeEmbedder } from '../support/models.ts';

const settings = parseEnv({ ...databaseEnv, ...queryEnv }, process.env);
const pauseAfter = Number(process.env.DOCENT_TEST_PAUSE ?? 0);
const say = (line: string) => process.stdout.write(`${line}\n`);

// What keeps the process alive while the worker stands still.
setInterval(() => {}, 60_000);
const database = await openDatabase(settings);
const jobs = await openJobs(database);
const embedder = fakeEmbedder();
await startEvaluationWorker({
  database,
  jobs,
  embedder,
  embedderById: () => embedder,
  chatModel: null,
  reranker: null,
  settings,
  clock: () => performance.now(),
  log: {
    warn: (_facts, message) => say(`warning ${message}`),
    error: (_facts, message) => say(`error ${message}`),
  },
  onAsked: async (_id, position) => {
    say(`asked ${position}`);
    if (position === pauseAfter) await new Promise<void>(() => {});
  },
});
say('started');
process.on('SIGTERM', () => {
  jobs
    .close()
    .then(() => database.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
