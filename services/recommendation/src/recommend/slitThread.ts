import { Worker } from 'node:worker_threads';
import type { fitSlit, History } from './slit.ts';

/** Beyond so many items the fit takes more than half a minute of a processor, and its tables too much room. */
export const MOST_ITEMS = 2_000;

/** `fitSlit` in a thread of its own. */
export async function fitSlitApart(
  histories: readonly History[],
  items: number,
  signal: AbortSignal,
): Promise<ReturnType<typeof fitSlit>> {
  const worker = new Worker(new URL('./slit.worker.ts', import.meta.url), {
    workerData: { histories, items },
  });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (weights: unknown) =>
        weights instanceof Float64Array
          ? resolve(weights)
          : reject(new Error('the thread answered something else')),
      );
      worker.once('error', reject);
      worker.once('exit', () => reject(signal.reason ?? new Error('the thread ended')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
