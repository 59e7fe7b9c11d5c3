import { createHash } from 'node:crypto';
import { atMost } from '@docent/cache/atMost';
import type { Cache } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Wrong secrets for one key from one address, and within how long, until that pair has to wait. */
const FAILURES = 10;
const WINDOW_SECONDS = 15 * 60;
/** First wait; each next one within a day is twice as long, up to a day. */
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 24 * 3600;

export interface Lockout {
  /** Seconds that this key has to wait at this address; 0: none. */
  secondsLeft(keyId: string, ip: string): number;
  /**
   * Notes a wrong secret.
   * @returns how long the pair has to wait when this was the one too many, else 0.
   */
  failed(keyId: string, ip: string): Promise<number>;
}

/**
 * Who guesses at a key waits: counted for the pair of key and address, so that guessing elsewhere locks
 * nobody out. Counts are shared through the cache, and kept in this process while that is away.
 *
 * @param now milliseconds of a clock that only goes forward.
 */
export function createLockout(cache: Cache, now: () => number = () => performance.now()): Lockout {
  const own = memoryCache();
  const until = new LRUCache<string, number>(atMost(100_000));

  return {
    secondsLeft(keyId, ip) {
      const pair = pairOf(keyId, ip);
      const left = (until.get(pair) ?? 0) - now();
      if (left <= 0) until.delete(pair);
      return Math.max(0, Math.ceil(left / 1000));
    },
    async failed(keyId, ip) {
      const pair = pairOf(keyId, ip);
      // Another process may have locked the pair already.
      const elsewhere = await cache.get(`lock:${pair}`, z.number());
      if (elsewhere !== null && elsewhere > Date.now()) {
        until.set(pair, now() + elsewhere - Date.now());
        return 0;
      }
      if ((await increment(`failures:${pair}`, WINDOW_SECONDS)) < FAILURES) return 0;
      const times = await increment(`locks:${pair}`, LONGEST_WAIT_SECONDS);
      const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (times - 1), LONGEST_WAIT_SECONDS);
      until.set(pair, now() + wait * 1000);
      await cache.set(`lock:${pair}`, Date.now() + wait * 1000, wait);
      await Promise.all([cache, own].map((counts) => counts.delete(`failures:${pair}`)));
      return wait;
    },
  };

  async function increment(key: string, ttlSeconds: number): Promise<number> {
    const shared = await cache.increment(key, ttlSeconds);
    return shared ?? (await own.increment(key, ttlSeconds)) ?? 1;
  }
}

/** No address in what others can read. */
function pairOf(keyId: string, ip: string): string {
  return createHash('sha256').update(`${keyId} ${ip}`).digest('base64url');
}
