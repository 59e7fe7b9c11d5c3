import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { atMost } from './atMost.ts';
import type { Bucket, Cache, Taken } from './interfaces.ts';
import type { RedisLink } from './redis.ts';

const MINUTE_MS = 60_000;
/** Times are floating point: a whole bucket must be there in spite of their rounding, milliseconds. */
const ROUNDING_MS = 0.01;
/** Buckets that a process remembers; a forgotten one is full. */
const MAX_BUCKETS = 200_000;

/**
 * The generic cell rate algorithm (ITU-T I.371): of a bucket only the time is kept at which it will be full again.
 *
 * @param now milliseconds of a clock that only goes forward.
 */
export function memoryBuckets(now: () => number = () => performance.now()): Cache['take'] {
  const fullAt = new LRUCache<string, number>(atMost(MAX_BUCKETS));
  return async (buckets, cost) => {
    const at = now();
    const states = buckets.map((bucket) => {
      const before = Math.max(fullAt.get(bucket.key) ?? 0, at);
      return { bucket, before, after: before + priceOf(bucket, cost) };
    });
    const refused = states.findIndex(({ after }) => after - at > MINUTE_MS + ROUNDING_MS);
    if (refused < 0) for (const { bucket, after } of states) fullAt.set(bucket.key, after);
    const wait = states[refused];
    return {
      refused: refused < 0 ? null : refused,
      retryAfterMs: wait === undefined ? 0 : wait.after - at - MINUTE_MS,
      left: states.map(({ bucket, before, after }) =>
        leftIn(bucket, (refused < 0 ? after : before) - at),
      ),
    };
  };
}

/** The same in Redis, one call for all buckets, by the clock of Redis. */
export function redisBuckets(link: RedisLink): Cache['take'] {
  return async (buckets, cost) => {
    const keys = buckets.map(({ key }) => key);
    const prices = buckets.map((bucket) => priceOf(bucket, cost));
    const reply = await link.run((redis) =>
      redis.eval(TAKE, keys.length, ...keys, MINUTE_MS, ...prices),
    );
    const { data } = Reply.safeParse(reply);
    if (data === undefined) return null;
    const [refused, retryAfterMs, ...fullInMs] = data.map(Number);
    if (refused === undefined || retryAfterMs === undefined) return null;
    return {
      refused: refused === 0 ? null : refused - 1,
      retryAfterMs,
      left: buckets.map((bucket, index) => leftIn(bucket, fullInMs[index] ?? 0)),
    };
  };
}

const Reply = z.array(z.coerce.string()).min(2);

/** Milliseconds that a bucket needs to get `cost` units back: what costs more than it holds empties it. */
function priceOf({ perMinute }: Bucket, cost: number): number {
  return (Math.min(cost, perMinute) * MINUTE_MS) / perMinute;
}

function leftIn({ perMinute }: Bucket, fullInMs: number): Taken['left'][number] {
  const units = Math.floor(((MINUTE_MS - fullInMs + ROUNDING_MS) * perMinute) / MINUTE_MS);
  return { units: Math.max(0, units), fullInMs: Math.max(0, fullInMs) };
}

/** Numbers as text: Redis would cut off what is behind the point. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local minute = tonumber(ARGV[1])
local before, after = {}, {}
local refused, wait = 0, 0
for i, key in ipairs(KEYS) do
  before[i] = math.max(tonumber(redis.call('GET', key)) or 0, now)
  after[i] = before[i] + tonumber(ARGV[i + 1])
  if refused == 0 and after[i] - now > minute + ${ROUNDING_MS} then
    refused = i
    wait = after[i] - now - minute
  end
end
local reply = { tostring(refused), string.format('%.3f', wait) }
for i, key in ipairs(KEYS) do
  if refused == 0 then
    redis.call('SET', key, string.format('%.3f', after[i]), 'PX', math.ceil(after[i] - now))
  end
  reply[i + 2] = string.format('%.3f', (refused == 0 and after[i] or before[i]) - now)
end
return reply`;
