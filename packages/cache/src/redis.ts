import { Redis } from 'ioredis';
import { redisBuckets } from './buckets.ts';
import type { Cache } from './interfaces.ts';
import { parseStored } from './memory.ts';
import { redisEvents } from './redisEvents.ts';

/** Longest wait for one command. A cache that answers later than this costs more than it saves. */
const COMMAND_TIMEOUT_MS = 200;
const CONNECT_TIMEOUT_MS = 500;
/** Commands that fail in a row before Redis is left alone, and for how long. */
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 5_000;

/** A connection that never throws: `run` gives null when Redis does not answer. */
export interface RedisLink {
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T | null>;
  /** Calls back whenever the connection is (again) usable. */
  onReady(callback: () => void): void;
  close(): Promise<void>;
}

/** A cache in Redis; misses while Redis is out of reach. */
export async function redisCache(
  url: string,
  onTrouble: (state: 'lost' | 'back', reason: string) => void,
): Promise<Cache> {
  const link = await openLink(url, onTrouble);
  const streams = redisEvents(link);
  return {
    kind: 'redis',
    get: async (key, schema) => {
      const stored = await link.run((redis) => redis.get(key));
      const parsed = parseStored(stored, schema);
      if (stored !== null && parsed === null) await link.run((redis) => redis.del(key));
      return parsed;
    },
    set: async (key, value, ttlSeconds) => {
      await link.run((redis) => redis.set(key, JSON.stringify(value), 'EX', ttlSeconds));
    },
    delete: async (key) => {
      await link.run((redis) => redis.del(key));
    },
    increment: async (key, ttlSeconds) => {
      // In one transaction: a counter without an end would never start over.
      const replies = await link.run((redis) =>
        redis.multi().incr(key).expire(key, ttlSeconds, 'NX').exec(),
      );
      const [error, count] = replies?.[0] ?? [];
      return error == null && typeof count === 'number' ? count : null;
    },
    take: redisBuckets(link),
    streams,
    close: async () => {
      streams.close();
      await link.close();
    },
  };
}

async function openLink(
  url: string,
  onTrouble: (state: 'lost' | 'back', reason: string) => void,
): Promise<RedisLink> {
  const redis = new Redis(url, {
    keyPrefix: 'docent:',
    lazyConnect: true,
    // Commands fail at once while there is no connection, instead of waiting for one.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 200, 3_000),
  });
  let lost = false;
  let failures = 0;
  let openUntil = 0;

  const trouble = (reason: string) => {
    if (!lost) onTrouble('lost', reason);
    lost = true;
  };
  // Without a listener, an unreachable Redis would end the process.
  redis.on('error', (error: Error) => trouble(error.message));
  redis.on('ready', () => {
    failures = 0;
    openUntil = 0;
    if (lost) onTrouble('back', 'Redis answers again.');
    lost = false;
  });
  await redis.connect().catch(() => {});

  return {
    run: async (command) => {
      if (performance.now() < openUntil) return null;
      try {
        const result = await command(redis);
        failures = 0;
        return result;
      } catch (error) {
        failures += 1;
        // After the pause one command is the probe: its failure opens the breaker again.
        if (failures >= FAILURES_TO_OPEN) openUntil = performance.now() + OPEN_MS;
        trouble(error instanceof Error ? error.message : 'Redis did not answer.');
        return null;
      }
    },
    onReady: (callback) => {
      redis.on('ready', callback);
    },
    close: async () => {
      await redis.quit().catch(() => {});
      redis.disconnect();
    },
  };
}
