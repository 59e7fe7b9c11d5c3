import type { Worker } from 'node:worker_threads';
import { AppError } from '@docent/core/errors';

/** Vectors of texts, computed in worker threads so that the event loop stays free. */
export interface WorkerPool {
  /** One vector per text. A single text goes before waiting batches: somebody is waiting for it. */
  run(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
  close(): Promise<void>;
}

interface Job {
  readonly texts: readonly string[];
  readonly resolve: (vectors: Float32Array[]) => void;
  readonly reject: (reason: unknown) => void;
  attempts: number;
}

/**
 * Worker threads that answer `string[]` with one `Float32Array` of `texts × dimensions`. They start with
 * the first text. A worker that dies is replaced and its batch tried once more.
 *
 * @throws AppError `model_unavailable` when a batch killed two workers, or after `close`.
 */
export function workerPool(options: {
  readonly start: () => Worker;
  readonly threads: number;
  readonly dimensions: number;
}): WorkerPool {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let closed = false;

  function pump(): void {
    while (waiting.length > 0 && busy.size < options.threads) {
      const job = waiting.shift();
      if (job) give(job, idle.pop() ?? started());
    }
  }

  function give(job: Job, worker: Worker): void {
    busy.set(worker, job);
    job.attempts += 1;
    // An idle worker does not keep the process alive, a working one does.
    worker.ref();
    worker.postMessage(job.texts);
  }

  function started(): Worker {
    const worker = options.start();
    worker.on('message', (vectors: unknown) => {
      const job = busy.get(worker);
      if (!job) return;
      busy.delete(worker);
      worker.unref();
      idle.push(worker);
      try {
        job.resolve(split(vectors, job.texts.length, options.dimensions));
      } catch (error) {
        job.reject(error);
      }
      pump();
    });
    worker.on('error', (error) => lost(worker, error));
    worker.on('exit', (code) => lost(worker, new Error(`The worker ended with code ${code}.`)));
    return worker;
  }

  /** Called once for an exit, twice for an error: the second finds nothing to do. */
  function lost(worker: Worker, cause: unknown): void {
    const position = idle.indexOf(worker);
    if (position >= 0) idle.splice(position, 1);
    const job = busy.get(worker);
    busy.delete(worker);
    if (job && job.attempts < 2 && !closed) waiting.unshift(job);
    else job?.reject(unavailable(cause));
    if (!closed) pump();
  }

  return {
    run: (texts, signal) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unavailable());
        if (signal?.aborted) return reject(signal.reason);
        const job: Job = { texts, resolve: settle(resolve), reject: settle(reject), attempts: 0 };
        const abort = () => {
          const position = waiting.indexOf(job);
          if (position >= 0) waiting.splice(position, 1);
          // A batch that already runs is finished and thrown away: threads cannot be interrupted.
          job.reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
        if (texts.length === 1) waiting.unshift(job);
        else waiting.push(job);
        pump();

        function settle<T>(done: (value: T) => void): (value: T) => void {
          return (value) => {
            signal?.removeEventListener('abort', abort);
            done(value);
          };
        }
      }),
    close: async () => {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(unavailable());
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

function unavailable(cause?: unknown): AppError {
  const message = 'The built-in sentence encoder is not available.';
  return new AppError('model_unavailable', message, { cause });
}

function split(vectors: unknown, count: number, dimensions: number): Float32Array[] {
  if (!(vectors instanceof Float32Array) || vectors.length !== count * dimensions) {
    throw new Error('A worker answered with something else than the vectors of its texts.');
  }
  return Array.from({ length: count }, (_, index) =>
    vectors.slice(index * dimensions, (index + 1) * dimensions),
  );
}
