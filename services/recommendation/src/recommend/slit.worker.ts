import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { fitSlit } from './slit.ts';

const Task = z.object({
  histories: z.array(z.array(z.int().nonnegative())),
  items: z.int().positive(),
});

// A thread of its own: seconds of arithmetic must not keep requests waiting.
const { histories, items } = Task.parse(workerData);
parentPort?.postMessage(fitSlit(histories, items));
