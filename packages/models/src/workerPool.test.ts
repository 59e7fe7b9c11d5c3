import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { workerPool } from './workerPool.ts';

const ANSWER = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (texts) => {
    if (texts.includes('die')) process.exit(7);
    parentPort.postMessage(Float32Array.from(texts.flatMap((text) => [text.length, texts.length])));
  });`;
const DIE = 'process.exit(3);';

test('gives every text its vector, and starts no thread before the first text', async () => {
  const { pool, started } = poolOf([ANSWER]);

  const before = started();
  const vectors = await pool.run(['a', 'bcd']);

  expect(before).toBe(0);
  expect(vectors).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 2)]);
  expect(started()).toBe(1);
});

test('a batch whose worker died is tried again on a new one', async () => {
  const { pool, started } = poolOf([DIE, ANSWER]);

  await expect(pool.run(['abc'])).resolves.toEqual([Float32Array.of(3, 1)]);
  expect(started()).toBe(2);
});

test('a batch that kills two workers is refused, and the next one served', async () => {
  const { pool, started } = poolOf([ANSWER]);

  const deadly = pool.run(['die']);
  const harmless = pool.run(['a', 'b']);

  await expect(deadly).rejects.toMatchObject({ code: 'model_unavailable' });
  await expect(harmless).resolves.toHaveLength(2);
  expect(started()).toBe(3);
});

test('a single text goes before waiting batches', async () => {
  const { pool } = poolOf([ANSWER]);
  const order: string[] = [];

  await Promise.all([
    pool.run(['running', 'batch']).then(() => order.push('running')),
    pool.run(['waiting', 'batch']).then(() => order.push('waiting')),
    pool.run(['question']).then(() => order.push('question')),
  ]);

  expect(order).toEqual(['running', 'question', 'waiting']);
});

test('an abort ends the wait at once, also of a batch that runs', async () => {
  const { pool } = poolOf([ANSWER]);
  const controller = new AbortController();
  const reason = new Error('stopped');

  const running = pool.run(['a', 'b'], controller.signal);
  const waiting = pool.run(['c', 'd'], controller.signal);
  controller.abort(reason);

  await expect(running).rejects.toBe(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(pool.run(['next'])).resolves.toHaveLength(1);
});

test('closing refuses what waits and what comes', async () => {
  const { pool } = poolOf([ANSWER]);
  const running = pool.run(['a', 'b']);
  const waiting = pool.run(['c', 'd']);
  const refused = Promise.all([
    expect(running).rejects.toMatchObject({ code: 'model_unavailable' }),
    expect(waiting).rejects.toMatchObject({ code: 'model_unavailable' }),
  ]);

  await pool.close();

  await refused;
  await expect(pool.run(['e'])).rejects.toMatchObject({ code: 'model_unavailable' });
});

/** A pool of one thread whose workers run the given scripts, the last one again and again. */
function poolOf(scripts: readonly string[]) {
  let count = 0;
  const pool = workerPool({
    threads: 1,
    dimensions: 2,
    start: () => {
      const script = scripts[Math.min(count, scripts.length - 1)] ?? '';
      count += 1;
      return new Worker(script, { eval: true });
    },
  });
  onTestFinished(() => pool.close());
  return { pool, started: () => count };
}
