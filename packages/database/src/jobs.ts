import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@docent/core/errors';
import { type Job as BossJob, PgBoss } from 'pg-boss';
import { inBackground } from './background.ts';
import type { Database } from './database.ts';
import { JOB_SCHEMA } from './internal/jobSchema.ts';
import { systemQuery } from './internal/system.ts';
import { afterCommit, rawQuery } from './internal/transactions.ts';
import type { Tx } from './sql.ts';

/** Queues of the installation; the data of a job always names its organization. */
export interface QueueData {
  /** Process a version of a content: extract, chunk, store, embed. */
  'process-version': { orgId: string; contentId: string; version: number };
  /** Give vectors of a model to chunks that lack them (new model, changed title). */
  'embed-missing': { orgId: string; modelId: string };
  /** Recount document frequencies after ingestion. */
  'refresh-statistics': { orgId: string };
  /** Work out everybody's progress in a course anew: what completes it has changed. */
  'refold-course': { orgId: string; courseId: string };
  /** Compare content with skills and courses, and propose links. */
  'propose-links': { orgId: string };
  /** Count the answers that mastery does not have yet. */
  'replay-mastery': { orgId: string };
  /** Take back an xAPI statement whose sender does not report about its actor any more. */
  'withdraw-statement': { orgId: string; id: string; by: string };
  /** Count anew what is learned together and in which order, and choose how to recommend by it. */
  'rebuild-recommendations': { orgId: string };
  /** Group new questions, and work out what analytics may show. */
  'refresh-analytics': { orgId: string };
  /** Ask the next questions of an evaluation. */
  'run-evaluation': { orgId: string; evaluationId: string };
}
export type Queue = keyof QueueData;

export interface Job<Q extends Queue> {
  readonly id: string;
  readonly data: QueueData[Q];
  /**
   * 1 on the first attempt. More than 5 when the process died during the last one: the handler should
   * then only write down that it gives up.
   */
  readonly attempt: number;
  /** No further attempt follows this one. */
  readonly last: boolean;
  /** Aborted when the process is asked to stop or the lease is lost. */
  readonly signal: AbortSignal;
}

/**
 * Background jobs in the database. A job is leased: when its worker dies, another one gets it within
 * 30 seconds. A handler that throws is tried again with growing pauses, five times in all.
 */
export interface Jobs {
  /** Enqueues in the caller's transaction: the job exists if and only if that commits. */
  send<Q extends Queue>(
    tx: Tx,
    queue: Q,
    data: QueueData[Q],
    options?: {
      /** While a job with this key waits, another one is not added. */
      singletonKey?: string;
      startAfterSeconds?: number;
    },
  ): Promise<void>;
  /** Starts taking jobs of a queue, at most `concurrency` at a time in this process. */
  work<Q extends Queue>(
    queue: Q,
    options: { concurrency: number },
    handler: (job: Job<Q>) => Promise<void>,
  ): Promise<void>;
  /** Stops taking jobs, aborts the running ones after a grace period, gives them back. */
  close(): Promise<void>;
}

export interface JobsOptions {
  /** Told of every failure of a handler, and of the queue itself when the database is away. */
  readonly onError?: (error: unknown, queue: Queue | null) => void;
  /** Shorter times for tests. */
  readonly pace?: Partial<Pace>;
}

/** All in seconds. */
export interface Pace {
  /** Between looks for new jobs. What this process sends itself is taken up at once. */
  readonly poll: number;
  /** A worker that has not been heard of for so long is dead; at least 10. */
  readonly heartbeat: number;
  /** Between looks for dead workers. */
  readonly supervise: number;
  /** Before the second attempt; doubled for each further one. 0 for none at all. */
  readonly retryDelay: number;
  /** What running jobs are given to finish when the process stops, before they are aborted. */
  readonly grace: number;
}

const ATTEMPTS = 5;
/** Deliveries beyond the attempts, for jobs whose process died during the last one. */
const LAST_WORDS = 5;
/** What an aborted handler is given to return, in milliseconds; then its job is given back without it. */
const ABORT_MS = 3_000;

/** A dead worker's job is in other hands after 10 + 5 + 2 to 4 + 2 seconds, of the promised 30. */
const ON_SERVERS: Pace = { poll: 2, heartbeat: 10, supervise: 5, retryDelay: 2, grace: 3 };
/** No other process can hold the folder: a heartbeat that is late says only that this one was busy. */
const EMBEDDED: Pace = { ...ON_SERVERS, heartbeat: 60, supervise: 30 };

const QUEUES: readonly Queue[] = [
  'process-version',
  'embed-missing',
  'refresh-statistics',
  'refold-course',
  'propose-links',
  'replay-mastery',
  'withdraw-statement',
  'rebuild-recommendations',
  'refresh-analytics',
  'run-evaluation',
];

/** The job queue of `database`; close it before the database. */
export async function openJobs(database: Database, options: JobsOptions = {}): Promise<Jobs> {
  const { onError = () => undefined } = options;
  const pace = { ...(database.kind === 'embedded' ? EMBEDDED : ON_SERVERS), ...options.pace };
  const system = systemQuery(database);
  const boss = await startBoss(database, pace, onError);
  const workers = new Map<Queue, string[]>();
  const running = new Set<BossJob<object>>();
  const stopping = new AbortController();
  let closing: Promise<void> | undefined;

  /** Puts a job back as it was before this attempt; pg-boss then has nothing left to settle. */
  async function giveBack(job: BossJob<object>): Promise<void> {
    await system(
      `update ${JOB_SCHEMA}.job
       set state = 'retry', start_after = now(), started_on = null, heartbeat_on = null
       where name = $1 and id = $2 and retry_count = $3 and state = 'active'`,
      [job.name, job.id, job.retryCount],
    );
  }

  async function handle<Q extends Queue>(
    queue: Q,
    raw: BossJob<QueueData[Q]>,
    handler: (job: Job<Q>) => Promise<void>,
  ): Promise<void> {
    const attempt = raw.retryCount + 1;
    const signal = AbortSignal.any([raw.signal, stopping.signal]);
    try {
      await handler({ id: raw.id, data: raw.data, attempt, last: attempt >= ATTEMPTS, signal });
    } catch (error) {
      if (stopping.signal.aborted) return giveBack(raw);
      onError(error, queue);
      if (attempt >= ATTEMPTS) {
        await system(
          `update ${JOB_SCHEMA}.job set retry_limit = retry_count
           where name = $1 and id = $2 and state = 'active'`,
          [queue, raw.id],
        );
      }
      throw error;
    }
  }

  return {
    async send(tx, queue, data, { singletonKey, startAfterSeconds } = {}) {
      await boss.send(queue, data, {
        // The queues hold one waiting job for each key: a job without one gets a key of its own.
        singletonKey: singletonKey ?? randomUUID(),
        ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
        db: { executeSql: (text, values) => rawQuery(tx, text, values) },
      });
      afterCommit(tx, () => {
        for (const worker of workers.get(queue) ?? []) boss.notifyWorker(worker);
      });
    },

    async work<Q extends Queue>(
      queue: Q,
      { concurrency }: { concurrency: number },
      handler: (job: Job<Q>) => Promise<void>,
    ) {
      for (let worker = 0; worker < concurrency; worker++) {
        let id = '';
        id = await boss.work<QueueData[Q], void>(
          queue,
          {
            pollingIntervalSeconds: pace.poll,
            heartbeatRefreshSeconds: pace.heartbeat / 3,
          },
          async ([raw]) => {
            if (raw === undefined) return;
            running.add(raw);
            await inBackground(() => handle(queue, raw, handler)).finally(() => {
              running.delete(raw);
              // Where one job was there may be more: waiting for the next look would hold a thousand small
              // uploads to one each poll interval.
              if (id !== '') boss.notifyWorker(id);
            });
          },
        );
        workers.set(queue, [...(workers.get(queue) ?? []), id]);
      }
    },

    close() {
      closing ??= (async () => {
        // No new ones from here on; resolves when what is running is done and written down.
        const done = Promise.all([...workers.keys()].map((queue) => boss.offWork(queue)));
        await settledWithin(done, 1000 * pace.grace);
        stopping.abort(new AppError('shutting_down', 'The process is stopping.'));
        await settledWithin(done, ABORT_MS);
        await Promise.all([...running].map(giveBack));
        await boss.stop({ close: false, graceful: false });
      })();
      return closing;
    },
  };
}

async function startBoss(
  database: Database,
  pace: Pace,
  onError: (error: unknown, queue: null) => void,
): Promise<PgBoss> {
  const system = systemQuery(database);
  if (database.kind === 'embedded') await releaseAll(database);
  const boss = new PgBoss({
    db: { executeSql: system },
    schema: JOB_SCHEMA,
    ...(database.kind === 'embedded' ? { backend: 'pglite' } : {}),
    // The schema is the migrator's (prepare.ts), and so are its indexes.
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    schedule: false,
    superviseIntervalSeconds: pace.supervise,
    monitorIntervalSeconds: pace.supervise,
    maintenanceIntervalSeconds: 3600,
  });
  boss.on('error', (error: unknown) => onError(error, null));
  await boss.start();
  try {
    for (const name of QUEUES) {
      const settings = {
        retryLimit: ATTEMPTS - 1 + LAST_WORDS,
        retryDelay: pace.retryDelay,
        retryBackoff: pace.retryDelay > 0,
        ...(pace.retryDelay > 0 ? { retryDelayMax: 300 } : {}),
        heartbeatSeconds: pace.heartbeat,
        // A whole book may take hours to embed; whether its worker lives is told by the heartbeat.
        expireInSeconds: 12 * 3600,
        retentionSeconds: 30 * 24 * 3600,
        deleteAfterSeconds: 24 * 3600,
      };
      await boss.createQueue(name, { ...settings, policy: 'short' });
      await boss.updateQueue(name, settings);
      // Remembers the queue: inside a transaction of the embedded database nothing can be looked up.
      await boss.touch(name, randomUUID());
    }
  } catch (error) {
    await boss.stop({ close: false, graceful: false });
    throw error;
  }
  return boss;
}

/** Whoever was working on these is dead: nobody else can have had the data folder. */
async function releaseAll(database: Database): Promise<void> {
  await systemQuery(database)(
    `update ${JOB_SCHEMA}.job set state = 'retry', start_after = now(), heartbeat_on = null
     where state = 'active' and retry_count < retry_limit`,
  );
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  const timeout = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled([promise]), timeout]);
  timer.abort();
}
