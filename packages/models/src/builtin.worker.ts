import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { loadSentenceEncoder } from './sentenceEncoder.ts';

/** The thread that encodes. Whatever goes wrong ends it: its owner starts another. */

// The library falls back to downloads when a file is missing. In here there is no network.
globalThis.fetch = refuse;
Socket.prototype.connect = refuse;

const Texts = z.array(z.string()).nonempty();
const encoder = await loadSentenceEncoder();
parentPort?.on('message', async (message: unknown) => {
  const vectors = await encoder.encode(Texts.parse(message));
  parentPort?.postMessage(vectors, [vectors.buffer]);
});

function refuse(): never {
  throw new Error('The built-in sentence encoder uses no network.');
}
