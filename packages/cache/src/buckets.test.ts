import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryBuckets } from './buckets.ts';
import { openCache } from './cache.ts';
import type { Taken } from './interfaces.ts';

const REDIS_URL = process.env.REDIS_URL;
const kinds: { kind: string; url: string | undefined }[] = [{ kind: 'memory', url: undefined }];
if (REDIS_URL) kinds.push({ kind: 'redis', url: REDIS_URL });

describe.each(kinds)('buckets in $kind', ({ url }) => {
  async function opened() {
    const cache = await openCache({ REDIS_URL: url });
    onTestFinished(() => cache.close());
    return cache;
  }

  test('as many units as a minute has are there at once, and not one more', async () => {
    const cache = await opened();
    const bucket = { key: `{${randomUUID()}}`, perMinute: 3 };

    const taken: (Taken | null)[] = [];
    for (let n = 0; n < 4; n++) taken.push(await cache.take([bucket], 1));

    expect(taken.map((t) => t?.refused)).toEqual([null, null, null, 0]);
    expect(taken.map((t) => t?.left[0]?.units)).toEqual([2, 1, 0, 0]);
    expect(taken[3]?.retryAfterMs).toBeGreaterThan(0);
    expect(taken[3]?.retryAfterMs).toBeLessThanOrEqual(20_000);
  });

  test('when one bucket refuses, nothing is taken from the others', async () => {
    const cache = await opened();
    const org = randomUUID();
    const [large, small] = [
      { key: `{${org}}large`, perMinute: 10 },
      { key: `{${org}}small`, perMinute: 1 },
    ];
    await cache.take([large, small], 1);

    const refused = await cache.take([large, small], 1);

    expect(refused?.refused).toBe(1);
    expect(refused?.left[0]?.units).toBe(9);
    expect((await cache.take([large], 9))?.refused).toBeNull();
  });

  test('what costs more than a bucket holds takes all of it', async () => {
    const cache = await opened();
    const bucket = { key: `{${randomUUID()}}`, perMinute: 2 };

    const first = await cache.take([bucket], 10);
    const second = await cache.take([bucket], 1);

    expect(first).toMatchObject({ refused: null, left: [{ units: 0 }] });
    expect(second?.refused).toBe(0);
  });

  test('calls at once share a bucket', async () => {
    const cache = await opened();
    const bucket = { key: `{${randomUUID()}}`, perMinute: 10 };

    const taken = await Promise.all(Array.from({ length: 25 }, () => cache.take([bucket], 1)));

    expect(taken.filter((t) => t?.refused === null)).toHaveLength(10);
  });
});

test('units come back evenly, and never more than the bucket holds', async () => {
  let now = 5;
  const take = memoryBuckets(() => now);
  const bucket = { key: 'b', perMinute: 60 };
  await take([bucket], 60);

  now += 999;
  const tooSoon = await take([bucket], 1);
  now += 1;
  const justInTime = await take([bucket], 1);
  now += 3_600_000;
  const later = await take([bucket], 1);

  expect(tooSoon).toMatchObject({ refused: 0, retryAfterMs: 1 });
  expect(justInTime?.refused).toBeNull();
  expect(later?.left[0]).toEqual({ units: 59, fullInMs: 1_000 });
});

test('a whole bucket is there at any time, however times are rounded', async () => {
  let now = 0;
  const take = memoryBuckets(() => now);

  for (let n = 0; n < 1_000; n++) {
    now = 12_345.678_901 * n;
    expect(await take([{ key: `b${n}`, perMinute: 1 }], 1)).toMatchObject({ refused: null });
  }
});

test('in the long run a bucket gives what it says, however often it is asked', async () => {
  let now = 0;
  const take = memoryBuckets(() => now);
  let given = 0;
  for (; now < 600_000; now += 37) {
    if ((await take([{ key: 'b', perMinute: 100 }], 1))?.refused === null) given++;
  }

  // Ten minutes, and what was in it at the start.
  expect(given).toBeGreaterThanOrEqual(1_095);
  expect(given).toBeLessThanOrEqual(1_101);
});

test('a Redis that is not there counts nothing and does not throw', async () => {
  const cache = await openCache({ REDIS_URL: 'redis://127.0.0.1:1' });
  onTestFinished(() => cache.close());

  expect(await cache.take([{ key: 'b', perMinute: 1 }], 1)).toBeNull();
});
