import { Worker } from 'node:worker_threads';
import { type Chunk, chunk } from '../chunk/chunk.ts';
import type { Extracted } from '../extract/document.ts';
import { findSuspicious, type Suspicion } from '../labels/suspicious.ts';

/**
 * Longest text that is cut where requests are answered, UTF-16 code units: 0.6 million are cut in a
 * second of CPU. Twenty million would stop every request, and the heartbeat of the job, for half a minute.
 */
const LONGEST_HERE = 50_000;

/** What is handed to the thread. */
export interface CutRequest {
  readonly document: Extracted;
  readonly targetTokens: number;
}

/** A chunk with what is suspicious in it; offsets from the beginning of the chunk. */
export type LookedAt = Chunk & { readonly suspicions: readonly Suspicion[] };

/** Cuts a document and looks at each chunk. */
export function cutAndLook({ document, targetTokens }: CutRequest): LookedAt[] {
  return chunk(document, { targetTokens }).map((one) => ({
    ...one,
    suspicions: findSuspicious(one.text),
  }));
}

/**
 * Chunks of a document, as `cutAndLook` makes them; a long one in a thread of its own.
 * @throws what `chunk` throws; the signal's reason.
 */
export async function cut(request: CutRequest, signal: AbortSignal): Promise<LookedAt[]> {
  signal.throwIfAborted();
  if (request.document.text.length <= LONGEST_HERE) return cutAndLook(request);
  const worker = new Worker(new URL('cut.worker.ts', import.meta.url), { workerData: request });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (chunks: LookedAt[]) => resolve(chunks));
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(signal.aborted ? signal.reason : new Error(`cutting ended with code ${code}`));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
