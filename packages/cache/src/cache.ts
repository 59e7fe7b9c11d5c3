import type { Cache } from './interfaces.ts';
import { memoryCache } from './memory.ts';
import { redisCache } from './redis.ts';

/**
 * The cache of this process, or Redis when `REDIS_URL` is set. A Redis that does not answer is no
 * reason not to start: the cache misses until it is there.
 *
 * @param onTrouble told once when Redis goes away and once when it comes back (for the log).
 */
export async function openCache(
  config: { readonly REDIS_URL?: string | undefined },
  onTrouble: (state: 'lost' | 'back', reason: string) => void = () => {},
): Promise<Cache> {
  return config.REDIS_URL ? redisCache(config.REDIS_URL, onTrouble) : memoryCache();
}
