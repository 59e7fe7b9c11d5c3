import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { redisProxy } from '@docent/test/redisProxy';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openCache } from './cache.ts';
import type { Cache, StreamEvent } from './interfaces.ts';

const REDIS_URL = process.env.REDIS_URL;
const Course = z.object({ title: z.string() });
const kinds: { kind: string; url: string | undefined }[] = [{ kind: 'memory', url: undefined }];
if (REDIS_URL) kinds.push({ kind: 'redis', url: REDIS_URL });

describe.each(kinds)('$kind cache', ({ kind, url }) => {
  test('gives back what was stored until it is deleted', async () => {
    const cache = await opened(url);
    const key = randomUUID();

    await cache.set(key, { title: 'Ownership' }, 60);
    const stored = await cache.get(key, Course);
    await cache.delete(key);

    expect(cache.kind).toBe(kind);
    expect(stored).toEqual({ title: 'Ownership' });
    expect(await cache.get(key, Course)).toBeNull();
  });

  test('takes a value of another shape for a miss and drops it', async () => {
    const cache = await opened(url);
    const key = randomUUID();
    await cache.set(key, { name: 'not a course' }, 60);

    expect(await cache.get(key, Course)).toBeNull();
    expect(await cache.get(key, z.unknown())).toBeNull();
  });

  test('a counter counts also what comes at once, and starts over after its time', async () => {
    const cache = await opened(url);
    const key = randomUUID();

    const counts = await Promise.all([1, 2, 3].map(() => cache.increment(key, 1)));

    expect(counts.sort()).toEqual([1, 2, 3]);
    await expect.poll(() => cache.get(key, z.int()), { timeout: 5_000 }).toBeNull();
    expect(await cache.increment(key, 1)).toBe(1);
  });

  test('a reader gets the stored events, then the live ones, and ends with the last', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();
    await streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 60 });

    const reading = collect(streams.read(key, null, { signal: never() }));
    await streams.append(key, { id: '2', data: 'two' }, { ttlSeconds: 60 });
    await streams.append(key, { id: '10', data: 'ten\r\n' }, { ttlSeconds: 60, last: true });

    expect(await reading).toEqual([
      { id: '1', data: 'one' },
      { id: '2', data: 'two' },
      { id: '10', data: 'ten\r\n' },
    ]);
  });

  test('a reader who comes back gets what follows the event it saw last', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();
    for (const id of ['1', '2', '9', '10']) {
      await streams.append(key, { id, data: id }, { ttlSeconds: 60, last: id === '10' });
    }

    const rest = await collect(streams.read(key, '2', { signal: never() }));
    const none = await collect(streams.read(key, '10', { signal: never() }));

    expect(rest.map(({ id }) => id)).toEqual(['9', '10']);
    expect(none).toEqual([]);
  });

  test('an abort ends the reading of a stream that goes on', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();
    await streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 60 });
    const controller = new AbortController();

    const seen: StreamEvent[] = [];
    for await (const event of streams.read(key, null, { signal: controller.signal })) {
      seen.push(event);
      setImmediate(() => controller.abort());
    }

    expect(seen).toEqual([{ id: '1', data: 'one' }]);
  });

  test('a stream that is not there does not exist and cannot be read', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();

    const reading = collect(streams.read(key, null, { signal: never() }));

    await expect(reading).rejects.toMatchObject({ code: 'stream_interrupted' });
    expect(await streams.exists(key)).toBe(false);
  });

  test('a reader is told when a stream expires without an end', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();
    await streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 1 });

    const reading = collect(streams.read(key, null, { signal: never() }));

    await expect(reading).rejects.toMatchObject({ code: 'stream_interrupted' });
  });

  test('refuses an event that is out of order or follows the last one', async () => {
    const { streams } = await opened(url);
    const key = randomUUID();
    await streams.append(key, { id: '2', data: '' }, { ttlSeconds: 60 });

    const earlier = streams.append(key, { id: '1', data: '' }, { ttlSeconds: 60 });
    await expect(earlier).rejects.toThrow('out of order');
    await streams.append(key, { id: '3', data: '' }, { ttlSeconds: 60, last: true });
    const later = streams.append(key, { id: '4', data: '' }, { ttlSeconds: 60 });

    await expect(later).rejects.toThrow('after its end');
  });

  test('a stop reaches the writer, also one that begins to listen afterwards', async () => {
    const { streams } = await opened(url);
    const [early, late] = [randomUUID(), randomUUID()];

    const heard = new Promise<void>((resolve) => streams.onStop(early, resolve));
    await streams.requestStop(early);
    await streams.requestStop(late);
    const heardLate = new Promise<void>((resolve) => streams.onStop(late, resolve));

    await expect(Promise.all([heard, heardLate])).resolves.toBeDefined();
  });

  test('a writer who stopped listening hears nothing', async () => {
    const { streams } = await opened(url);
    const [left, other] = [randomUUID(), randomUUID()];
    let calls = 0;
    const off = streams.onStop(left, () => {
      calls += 1;
    });

    off();
    await streams.requestStop(left);
    const heard = new Promise<void>((resolve) => streams.onStop(other, resolve));
    await streams.requestStop(other);
    await heard;

    expect(calls).toBe(0);
  });
});

describe('a Redis that does not answer', () => {
  test('is a cache that misses, and its own streams still work', async () => {
    const troubles: string[] = [];
    const cache = await opened('redis://127.0.0.1:1', (state) => troubles.push(state));
    const key = randomUUID();

    await cache.set(key, { title: 'Ownership' }, 60);
    await cache.streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 60, last: true });
    const events = await collect(cache.streams.read(key, null, { signal: never() }));

    expect(await cache.get(key, Course)).toBeNull();
    expect(events).toEqual([{ id: '1', data: 'one' }]);
    expect(troubles).toEqual(['lost']);
  });

  test('is left alone after five commands without a reply', async () => {
    const silent = await silentServer();
    const cache = await opened(silent.url);

    for (let command = 0; command < 20; command += 1) await cache.get(`key-${command}`, Course);

    expect(silent.received().match(/key-\d+/g)).toHaveLength(5);
  });
});

describe.skipIf(!REDIS_URL)('two processes on one Redis', () => {
  test('a reader on the other one gets stored and live events', async () => {
    const [writer, reader] = [await opened(REDIS_URL), await opened(REDIS_URL)];
    const key = randomUUID();
    await writer.streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 60 });

    expect(await reader.streams.exists(key)).toBe(true);
    const reading = collect(reader.streams.read(key, null, { signal: never() }));
    await writer.streams.append(key, { id: '2', data: 'two' }, { ttlSeconds: 60 });
    await writer.streams.append(key, { id: '3', data: 'end' }, { ttlSeconds: 60, last: true });

    expect((await reading).map(({ data }) => data)).toEqual(['one', 'two', 'end']);
    expect(await collect(reader.streams.read(key, '3', { signal: never() }))).toEqual([]);
  });

  test('a stop asked for on the other one reaches the writer', async () => {
    const [writer, other] = [await opened(REDIS_URL), await opened(REDIS_URL)];
    const key = randomUUID();

    const heard = new Promise<void>((resolve) => writer.streams.onStop(key, resolve));
    await other.streams.requestStop(key);

    await expect(heard).resolves.toBeUndefined();
  });

  test('events that Redis missed are sent when it is back', async () => {
    const proxy = await redisProxy(REDIS_URL ?? '');
    const back = Promise.withResolvers<void>();
    const writer = await opened(proxy.url, (state) => state === 'back' && back.resolve());
    const reader = await opened(REDIS_URL);
    const key = randomUUID();
    await writer.streams.append(key, { id: '1', data: 'one' }, { ttlSeconds: 60 });

    proxy.cut();
    await writer.streams.append(key, { id: '2', data: 'two' }, { ttlSeconds: 60 });
    await writer.streams.append(key, { id: '3', data: 'end' }, { ttlSeconds: 60, last: true });
    const own = await collect(writer.streams.read(key, null, { signal: never() }));
    proxy.restore();
    await back.promise;
    const other = await collect(reader.streams.read(key, null, { signal: never() }));

    expect(own.map(({ data }) => data)).toEqual(['one', 'two', 'end']);
    expect(other).toEqual(own);
  });

  test('what is not JSON is a miss and is deleted', async () => {
    const cache = await opened(REDIS_URL);
    const redis = new Redis(REDIS_URL ?? '');
    onTestFinished(async () => void (await redis.quit()));
    const key = randomUUID();
    await redis.set(`docent:${key}`, '{"title": "half');

    expect(await cache.get(key, Course)).toBeNull();
    expect(await redis.exists(`docent:${key}`)).toBe(0);
  });
});

async function opened(
  url: string | undefined,
  onTrouble?: (state: 'lost' | 'back') => void,
): Promise<Cache> {
  const cache = await openCache({ REDIS_URL: url }, onTrouble);
  onTestFinished(() => cache.close());
  return cache;
}

function never(): AbortSignal {
  return new AbortController().signal;
}

async function collect(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const collected: StreamEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

const GREETING: Readonly<Record<string, string>> = {
  hello: '%1\r\n+server\r\n+redis\r\n',
  info: '$20\r\nredis_version:7.0.15\r\n',
};

/** Greets like a Redis that is ready, then reads and never replies. */
async function silentServer() {
  let text = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (data) => {
      const commands = data.toString();
      text += commands;
      for (const [name] of commands.matchAll(/\b(?:hello|info|client)\b/gi)) {
        socket.write(GREETING[name.toLowerCase()] ?? '+OK\r\n');
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `redis://127.0.0.1:${portOf(server.address())}`, received: () => text };
}

function portOf(address: unknown): number {
  return z.object({ port: z.number() }).parse(address).port;
}
