import { expect, test } from 'vitest';
import { limiter } from './limiter.ts';

test('runs no more than so many at a time, in order, and goes on after a failure', async () => {
  const limited = limiter(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const started: number[] = [];
  const runs = gates.map(({ promise }, index) =>
    limited(() => {
      started.push(index);
      return promise;
    }),
  );

  const before = [...started];
  gates[0]?.reject(new Error('broken'));
  await expect(runs[0]).rejects.toThrow('broken');
  const afterOne = [...started];
  for (const [index, gate] of gates.entries()) gate.resolve(index);

  expect(before).toEqual([0, 1]);
  expect(afterOne).toEqual([0, 1, 2]);
  await expect(Promise.all(runs.slice(1))).resolves.toEqual([1, 2, 3]);
  expect(started).toEqual([0, 1, 2, 3]);
});
