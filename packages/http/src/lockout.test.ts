import type { Cache } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { testCache } from '@docent/test/cache';
import { expect, test } from 'vitest';
import { createKey } from './apiKey.ts';
import { createLockout, type Lockout } from './lockout.ts';

const ip = '192.0.2.7';

test('nine wrong secrets change nothing, the tenth has the pair wait for a minute', async () => {
  const lockout = createLockout(await testCache());
  const { id } = createKey('test');

  const waits = await failures(lockout, id, 9);
  const before = lockout.secondsLeft(id, ip);
  const tenth = await lockout.failed(id, ip);

  expect(waits).toEqual(Array(9).fill(0));
  expect(before).toBe(0);
  expect(tenth).toBe(60);
  expect(lockout.secondsLeft(id, ip)).toBe(60);
});

test('guesses that come at once are counted one by one', async () => {
  const lockout = createLockout(await testCache());
  const { id } = createKey('test');

  const waits = await Promise.all(Array.from({ length: 10 }, () => lockout.failed(id, ip)));

  expect(waits.filter((wait) => wait > 0)).toEqual([60]);
});

test('the same key at another address, and another key at this address, do not wait', async () => {
  const lockout = createLockout(await testCache());
  const [guessed, other] = [createKey('test').id, createKey('test').id];

  await failures(lockout, guessed, 10);

  expect(lockout.secondsLeft(guessed, ip)).toBe(60);
  expect(lockout.secondsLeft(guessed, '192.0.2.8')).toBe(0);
  expect(lockout.secondsLeft(other, ip)).toBe(0);
});

test('who goes on guessing waits twice as long each time, up to a day', async () => {
  let clock = 0;
  const lockout = createLockout(awayCache(), () => clock);
  const { id } = createKey('test');

  const waits = (await failures(lockout, id, 120)).filter((wait) => wait > 0);
  clock += 24 * 3600 * 1000;

  expect(waits.slice(0, 4)).toEqual([60, 120, 240, 480]);
  expect(waits.slice(-2)).toEqual([61_440, 86_400]);
  expect(lockout.secondsLeft(id, ip)).toBe(0);
});

test('another process that shares the cache learns of a lock with the next wrong secret', async () => {
  const cache = await testCache();
  const [here, there] = [createLockout(cache), createLockout(cache)];
  const { id } = createKey('test');
  await failures(here, id, 10);

  const before = there.secondsLeft(id, ip);
  await there.failed(id, ip);

  expect(before).toBe(0);
  expect(there.secondsLeft(id, ip)).toBeGreaterThan(50);
});

test('while the cache is away this process counts alone', async () => {
  const lockout = createLockout(awayCache());
  const { id } = createKey('test');

  const waits = await failures(lockout, id, 10);

  expect(waits.at(-1)).toBe(60);
  expect(lockout.secondsLeft(id, ip)).toBe(60);
});

async function failures(lockout: Lockout, id: string, times: number): Promise<number[]> {
  const waits: number[] = [];
  for (let n = 0; n < times; n++) waits.push(await lockout.failed(id, ip));
  return waits;
}

/** What a Redis is that does not answer. */
function awayCache(): Cache {
  return {
    ...memoryCache(),
    get: async () => null,
    set: async () => {},
    delete: async () => {},
    increment: async () => null,
  };
}
