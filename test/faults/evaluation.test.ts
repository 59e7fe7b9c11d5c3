import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@docent/core/env';
import type { Principal } from '@docent/core/principal';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { type Jobs, openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { queryEnv } from '@docent/query/config';
import { makeEvaluations } from '@docent/query/evaluations/evaluations';
import { makeQuestions, makeSets } from '@docent/query/evaluations/sets';
import { storeContent } from '@docent/query/search/testing';
import { testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, onTestFinished, test } from 'vitest';
import { serverDatabase, startProcess } from './process.ts';

const embedder = fakeEmbedder();
/** Two jobs and a half. */
const QUESTIONS = 50;
const TAKEN_UP_MS = 30_000;

test('an evaluation whose worker is killed goes on within 30 seconds, and asks no question twice', {
  timeout: 240_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'docent-evaluation-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = process.env.DATABASE_URL === undefined ? undefined : await serverDatabase();
  const env = { DOCENT_DATA_DIR: folder, ...(url === undefined ? {} : { DATABASE_URL: url }) };
  const started = await use(env, startRun);

  const killed = startProcess('evaluation.worker.main.ts', env, { DOCENT_TEST_PAUSE: '27' });
  await killed.said(['asked 1', 'asked 20', 'asked 27']);
  await killed.kill();
  const next = startProcess('evaluation.worker.main.ts', env);
  await next.said(['started']);
  await next.said(['asked 28'], TAKEN_UP_MS);
  await next.said([`asked ${QUESTIONS}`]);
  const exitCode = await next.stop();

  const { status, asked, figures } = await use(env, ({ evaluations }) =>
    evaluations.get(started.principal, started.id),
  );
  expect(exitCode).toBe(0);
  expect(next.has('asked 27')).toBe(false);
  expect({ status, asked, questions: figures?.questions }).toEqual({
    status: 'done',
    asked: QUESTIONS,
    questions: QUESTIONS,
  });
});

interface Opened {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly evaluations: ReturnType<typeof makeEvaluations>;
}

/** Opens the installation, as one process at a time may when it is embedded. */
async function use<T>(
  env: Record<string, string>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(parseEnv(databaseEnv, env));
  const jobs = await openJobs(database);
  const settings = parseEnv(queryEnv, env);
  const evaluations = makeEvaluations({ database, jobs, embedder, chatModel: null, settings });
  try {
    return await work({ database, jobs, evaluations });
  } finally {
    await jobs.close();
    await database.close();
  }
}

/** An organization that knows one thing, and is asked for it many times. */
async function startRun({
  database,
  evaluations,
}: Opened): Promise<{ id: string; principal: Principal }> {
  const { principal } = await testOrganization(database);
  await storeContent(database, principal, [
    { title: 'Vacation', chunks: ['Every employee has 25 vacation days a year.'], embedder },
  ]);
  return database.withPrincipal(principal, async (tx) => {
    const set = await makeSets(database).create(tx, principal, { name: 'Many', description: '' });
    const questions = makeQuestions(database);
    for (let n = 1; n <= QUESTIONS; n += 1) {
      await questions.create(tx, principal, set.id, {
        question: `How many vacation days has employee ${n}?`,
        answerable: true,
        expectedContents: [],
        expectedAnswers: ['25'],
        language: null,
        note: '',
      });
    }
    const { id } = await evaluations.start(tx, principal, {
      setId: set.id,
      label: '',
      settings: {},
    });
    return { id, principal };
  });
}
