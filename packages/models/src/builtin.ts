import { Worker } from 'node:worker_threads';
import type { Embedder } from './interfaces.ts';
import { ENCODER_DIMENSIONS } from './sentenceEncoder.ts';
import { workerPool } from './workerPool.ts';

/** Stored with every vector. A change of what the encoder reads must change it too. */
export const BUILTIN_EMBEDDER_ID = `builtin:use-lite-en:${ENCODER_DIMENSIONS}`;

/** Texts that a thread takes at once: more are no faster, and a question waits for them. */
const SLICE = 4;

/**
 * The sentence encoder that needs no key and no network: English, 512 numbers, reads the first 128 word
 * pieces (about 100 words) of a text. Threads start with the first text and take 270 MB each.
 *
 * @param options.threads worker threads, 1 or more
 */
export function openBuiltinEmbedder(options: { threads?: number } = {}): Embedder {
  const pool = workerPool({
    start: () => new Worker(new URL('./builtin.worker.ts', import.meta.url), { execArgv: [] }),
    threads: options.threads ?? 1,
    dimensions: ENCODER_DIMENSIONS,
  });
  return {
    id: BUILTIN_EMBEDDER_ID,
    dimensions: ENCODER_DIMENSIONS,
    maxBatch: 64,
    embed: async (texts, { signal } = {}) => {
      signal?.throwIfAborted();
      const result: Float32Array[] = [];
      // Sorted by length: every text of a slice costs as much as its longest.
      const order = texts.map((_, index) => index).sort((a, b) => lengthAt(a) - lengthAt(b));
      const slices = Array.from({ length: Math.ceil(order.length / SLICE) }, (_, index) =>
        order.slice(index * SLICE, (index + 1) * SLICE),
      );
      const failed = new AbortController();
      const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
      await Promise.all(
        slices.map(async (slice) => {
          const vectors = await pool.run(
            slice.map((index) => texts[index] ?? ''),
            either,
          );
          slice.forEach((index, place) => {
            const vector = vectors[place];
            if (vector) result[index] = vector;
          });
        }),
      ).catch((error: unknown) => {
        failed.abort();
        throw error;
      });
      return result;

      function lengthAt(index: number): number {
        return texts[index]?.length ?? 0;
      }
    },
    close: pool.close,
  };
}
