import { openCache } from '@docent/cache/cache';
import type { Cache } from '@docent/cache/interfaces';
import { onTestFinished } from 'vitest';

/** A cache for one test: in Redis when REDIS_URL is set, else in this process. Closed when the test ends. */
export async function testCache(): Promise<Cache> {
  const cache = await openCache({ REDIS_URL: process.env.REDIS_URL });
  onTestFinished(() => cache.close());
  return cache;
}
