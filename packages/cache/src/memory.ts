import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { memoryBuckets } from './buckets.ts';
import type { Cache } from './interfaces.ts';
import { memoryEvents } from './memoryEvents.ts';

/** Characters of JSON that the cache of a process may hold: 32 million, at most 64 MB. */
const MAX_CHARACTERS = 32_000_000;

/** A cache in this process: values are kept as JSON, so nobody can change what is stored. */
export function memoryCache(): Cache {
  const values = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (value, key) => value.length + key.length,
  });
  return {
    kind: 'memory',
    get: async (key, schema) => {
      const parsed = parseStored(values.get(key), schema);
      if (parsed === null) values.delete(key);
      return parsed;
    },
    set: async (key, value, ttlSeconds) => {
      values.set(key, JSON.stringify(value), { ttl: ttlSeconds * 1000 });
    },
    delete: async (key) => {
      values.delete(key);
    },
    increment: async (key, ttlSeconds) => {
      const count = (parseStored(values.get(key), z.int()) ?? 0) + 1;
      const ttl = count === 1 ? ttlSeconds * 1000 : values.getRemainingTTL(key);
      values.set(key, String(count), { ttl });
      return count;
    },
    take: memoryBuckets(),
    streams: memoryEvents(),
    close: async () => values.clear(),
  };
}

/** A stored text as the value it should be; null when it is absent, not JSON or of another shape. */
export function parseStored<T>(stored: string | null | undefined, schema: z.ZodType<T>): T | null {
  if (stored === null || stored === undefined) return null;
  try {
    const result = schema.safeParse(JSON.parse(stored));
    return result.success ? result.data : null;
  } catch {
    // Not JSON: someone else's value, or half of one. A cache may lose what it holds.
    return null;
  }
}
