import type { Tx } from './sql.ts';

/** Queues of the installation; the data of a job always names its organization. */
export interface QueueData {
  /** Process a version of a content: extract, chunk, store, embed. */
  'process-version': { orgId: string; contentId: string; version: number };
  /** Give vectors of a model to chunks that lack them (new model, changed title). */
  'embed-missing': { orgId: string; modelId: string };
  /** Recount document frequencies after ingestion. */
  'refresh-statistics': { orgId: string };
}
export type Queue = keyof QueueData;

export interface Job<Q extends Queue> {
  readonly id: string;
  readonly data: QueueData[Q];
  /** 1 on the first attempt. */
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
