import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { createDatabase, testDatabase } from '@docent/test/database';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { databaseEnv } from './config.ts';
import type { Database } from './database.ts';
import { systemQuery } from './internal/system.ts';
import { type Job, type Jobs, openJobs, type Pace } from './jobs.ts';
import { openDatabase } from './open.ts';

const orgId = newId();
const fast: Partial<Pace> = { poll: 0.5, retryDelay: 0, grace: 0.05 };
const soon = { timeout: 20_000 };

interface Failure {
  error: unknown;
  queue: string | null;
}

async function openTest(
  pace = fast,
): Promise<{ database: Database; jobs: Jobs; failures: Failure[] }> {
  const database = await testDatabase();
  const failures: Failure[] = [];
  const jobs = await openJobs(database, {
    pace,
    onError: (error, queue) => failures.push({ error, queue }),
  });
  onTestFinished(() => jobs.close());
  return { database, jobs, failures };
}

function send(
  { database, jobs }: { database: Database; jobs: Jobs },
  modelId: string,
  options?: { singletonKey?: string; startAfterSeconds?: number },
): Promise<void> {
  return database.withPrincipal(workerPrincipal(orgId), (tx) =>
    jobs.send(tx, 'embed-missing', { orgId, modelId }, options),
  );
}

const State = z.object({ state: z.string(), model: z.string(), retries: z.number() });

/** What the queue knows of each job, in the order they were sent. */
async function states(database: Database): Promise<z.output<typeof State>[]> {
  const { rows } = await systemQuery(database)(`
    select state::text as state, data ->> 'modelId' as model, retry_count as retries
    from pgboss.job
    where name = 'embed-missing'
    order by created_on, id`);
  return z.array(State).parse(rows);
}

test('a worker takes one job after the other without waiting for its next look', async () => {
  const opened = await openTest({ ...fast, poll: 600 });
  for (const model of ['a', 'b', 'c']) await send(opened, model);

  await opened.jobs.work('embed-missing', { concurrency: 1 }, async () => {});

  await expect
    .poll(() => states(opened.database), soon)
    .toMatchObject(['a', 'b', 'c'].map((model) => ({ model, state: 'completed' })));
});

test('a job is done once its transaction commits', async () => {
  const opened = await openTest();
  const seen: Job<'embed-missing'>[] = [];
  await opened.jobs.work('embed-missing', { concurrency: 1 }, async (job) => {
    seen.push(job);
  });

  await send(opened, 'a');

  await expect.poll(() => states(opened.database), soon).toMatchObject([{ state: 'completed' }]);
  expect(seen).toMatchObject([{ data: { orgId, modelId: 'a' }, attempt: 1, last: false }]);
});

test('a job of a transaction that rolls back never is', async () => {
  const { database, jobs } = await openTest();

  const failing = database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await jobs.send(tx, 'embed-missing', { orgId, modelId: 'a' });
    throw new Error('changed my mind');
  });

  await expect(failing).rejects.toThrow('changed my mind');
  expect(await states(database)).toEqual([]);
});

test('a handler that throws is tried five times, and is told which one is the last', async () => {
  const opened = await openTest();
  const seen: { attempt: number; last: boolean }[] = [];
  await opened.jobs.work('embed-missing', { concurrency: 1 }, async ({ attempt, last }) => {
    seen.push({ attempt, last });
    throw new Error(`attempt ${attempt}`);
  });

  await send(opened, 'a');

  await expect.poll(() => states(opened.database), soon).toMatchObject([{ state: 'failed' }]);
  expect(seen).toEqual([1, 2, 3, 4, 5].map((attempt) => ({ attempt, last: attempt === 5 })));
  expect(opened.failures).toMatchObject(
    seen.map(({ attempt }) => ({
      error: { message: `attempt ${attempt}` },
      queue: 'embed-missing',
    })),
  );
});

test('while a job with a key waits, another one is not added; without a key every one is', async () => {
  const opened = await openTest();

  await send(opened, 'first', { singletonKey: 'k', startAfterSeconds: 3600 });
  await send(opened, 'second', { singletonKey: 'k' });
  await send(opened, 'third', { startAfterSeconds: 3600 });
  await send(opened, 'fourth', { startAfterSeconds: 3600 });

  const models = (await states(opened.database)).map(({ model }) => model);
  expect(models).toEqual(['first', 'third', 'fourth']);
});

test('a job with a key can be sent again while the one before is being done', async () => {
  const opened = await openTest();
  const first = Promise.withResolvers<void>();
  const begun: string[] = [];
  await opened.jobs.work('embed-missing', { concurrency: 1 }, async ({ data }) => {
    begun.push(data.modelId);
    if (data.modelId === 'first') await first.promise;
  });
  await send(opened, 'first', { singletonKey: 'k' });
  await expect.poll(() => begun, soon).toEqual(['first']);

  await send(opened, 'second', { singletonKey: 'k' });
  first.resolve();

  await expect.poll(() => begun, soon).toEqual(['first', 'second']);
});

test('as many jobs as asked for are done at the same time, not more', async () => {
  const opened = await openTest();
  const finish = Promise.withResolvers<void>();
  const begun = new Set<string>();
  await opened.jobs.work('embed-missing', { concurrency: 2 }, async ({ data }) => {
    begun.add(data.modelId);
    await finish.promise;
  });

  for (const model of ['a', 'b', 'c']) await send(opened, model);
  await expect.poll(() => begun.size, soon).toBe(2);
  expect((await states(opened.database)).map(({ state }) => state).sort()).toEqual([
    'active',
    'active',
    'created',
  ]);
  finish.resolve();

  await expect.poll(() => begun.size, soon).toBe(3);
});

test('closing lets a job finish that is about to', async () => {
  const opened = await openTest();
  const begun = Promise.withResolvers<void>();
  await opened.jobs.work('embed-missing', { concurrency: 1 }, async ({ signal }) => {
    begun.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  await send(opened, 'a');
  await begun.promise;

  await opened.jobs.close();

  await expect.poll(() => states(opened.database), soon).toMatchObject([{ state: 'completed' }]);
});

test.each([
  ['gives up when it is told to', true],
  ['does not listen', false],
])(
  'closing gives back the job of a handler that %s, as if it had not begun',
  async (_, listens) => {
    const opened = await openTest();
    const begun = Promise.withResolvers<void>();
    await opened.jobs.work('embed-missing', { concurrency: 1 }, async ({ signal }) => {
      begun.resolve();
      await new Promise((_resolve, reject) => {
        if (listens) signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    await send(opened, 'a');
    await begun.promise;
    await opened.jobs.close();

    const attempts: number[] = [];
    const others = await openJobs(opened.database, { pace: fast });
    onTestFinished(() => others.close());
    await others.work('embed-missing', { concurrency: 1 }, async ({ attempt }) => {
      attempts.push(attempt);
    });

    await expect.poll(() => attempts, soon).toEqual([1]);
    expect(opened.failures).toEqual([]);
  },
);

test('the job of a process that was killed is done by another one within 30 seconds', {
  timeout: 180_000,
}, async () => {
  const { env, open } = await outsideDatabase();
  const first = await open();
  const jobs = await openJobs(first, { pace: fast });
  await first.withPrincipal(workerPrincipal(orgId), (tx) =>
    jobs.send(tx, 'process-version', { orgId, contentId: newId(), version: 1 }),
  );
  await jobs.close();
  await first.close();

  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./jobs.worker.main.ts', import.meta.url))],
    {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const second = await open();
  const others = await openJobs(second);
  onTestFinished(async () => {
    await others.close();
    await second.close();
  });
  const seen: string[] = [];
  await others.work('process-version', { concurrency: 1 }, async ({ id, attempt }) => {
    seen.push(`${id} attempt ${attempt}`);
  });

  await expect.poll(() => seen, { timeout: 30_000, interval: 250 }).toHaveLength(1);
  expect(said.toString()).toMatch(/attempt 1\n$/);
  expect(seen).toEqual([said.toString().trim().replace('attempt 1', 'attempt 2')]);
});

/** A database that another process can open, too: on a server, or in a folder. */
async function outsideDatabase(): Promise<{
  env: Record<string, string>;
  open: () => Promise<Database>;
}> {
  let env: Record<string, string>;
  if (process.env.DATABASE_URL) {
    const { database, url = '', drop } = await createDatabase();
    onTestFinished(drop);
    await database.ping();
    env = { DATABASE_URL: url };
  } else {
    const folder = await mkdtemp(join(tmpdir(), 'docent-data-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    env = { DOCENT_DATA_DIR: folder };
  }
  return { env, open: () => openDatabase(z.object(databaseEnv).parse(env)) };
}
