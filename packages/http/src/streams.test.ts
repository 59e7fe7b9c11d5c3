import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { noDatabase } from '../fixtures/noDatabase.ts';
import { type App, createApp } from './app.ts';
import { type EventStream, openStream } from './sse.ts';

test('a client that leaves aborts the signal of its request, also after its body was read', async () => {
  const { app, port } = await listening();
  const started = Promise.withResolvers<AbortSignal>();
  app.post(
    '/wait',
    { config: { public: true }, schema: { body: z.object({ a: z.number() }) } },
    async (request) => {
      started.resolve(request.signal);
      await once(request.signal, 'abort');
      return {};
    },
  );
  const leaving = new AbortController();
  const gone = fetch(`http://127.0.0.1:${await port()}/wait`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
    signal: leaving.signal,
  }).catch(() => 'gone');
  const signal = await started.promise;
  expect(signal.aborted).toBe(false);

  leaving.abort();

  expect(await gone).toBe('gone');
  await aborted(signal);
  expect(signal.reason).toMatchObject({ name: 'AbortError' });
});

test('the signal of a request that was answered is not aborted', async () => {
  const { app, port } = await listening();
  const signals: AbortSignal[] = [];
  app.get('/quick', { config: { public: true } }, async (request) => {
    signals.push(request.signal);
    return {};
  });

  const response = await fetch(`http://127.0.0.1:${await port()}/quick`);
  await response.text();
  // The response's `close` has come when the next request on the connection is answered.
  await fetch(`http://127.0.0.1:${await port()}/quick`).then((next) => next.text());

  expect(signals[0]?.aborted).toBe(false);
});

test('a reader who leaves aborts the stream; sending to nobody is no failure', async () => {
  const { app, port } = await listening();
  const opened = streamRoute(app);
  const leaving = new AbortController();
  await fetch(`http://127.0.0.1:${await port()}/stream`, { signal: leaving.signal });
  const stream = await opened;
  expect(app.openStreams.size).toBe(1);

  leaving.abort();
  await aborted(stream.signal);

  await stream.send({ data: 'nobody hears this' });
  await stream.end();
  expect(app.openStreams.size).toBe(0);
});

test('events wait for a slow reader, who is dropped when he takes nothing', async () => {
  const { app, port } = await listening();
  const opened = streamRoute(app, { slowReaderMs: 300 });
  const socket = connect(await port(), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
  const stream = await opened;
  const event = { data: 'x'.repeat(100_000) };

  let sent = 0;
  while (!stream.signal.aborted && sent < 1_000) {
    await stream.send(event);
    sent++;
  }

  // The kernel's buffers take some megabytes; the rest would have stayed in our memory.
  expect(stream.signal.aborted).toBe(true);
  expect(sent).toBeLessThan(1_000);
  expect(app.openStreams.size).toBe(0);
});

test('a quiet stream gets comments that keep it open', async () => {
  const { app, port } = await listening();
  const opened = streamRoute(app, { heartbeatMs: 20 });
  const socket = connect(await port(), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');

  const text = await readUntil(socket, ':\n\n');
  const stream = await opened;
  await stream.end();

  expect(text.toLowerCase()).toContain('content-type: text/event-stream; charset=utf-8');
  expect(text.toLowerCase()).toContain('cache-control: no-store');
  expect(text.toLowerCase()).toContain('x-accel-buffering: no');
  expect(text.toLowerCase()).toContain('x-request-id: ');
});

test('an open stream outlives the time limit of its route', async () => {
  const app = await quietApp();
  app.get('/s', { config: { public: true, timeoutMs: 50 } }, async (request, reply) => {
    const stream = openStream(request, reply);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await stream.send({ event: 'done', data: { aborted: stream.signal.aborted } });
    await stream.end();
    return reply;
  });

  const response = await app.inject('/s');

  expect(response.body).toBe('event: done\ndata: {"aborted":false}\n\n');
});

test('closing the app says farewell to every open stream', async () => {
  const { app, port } = await listening();
  app.get('/s', { config: { public: true } }, async (request, reply) => {
    const stream = openStream(request, reply);
    stream.onShutdown(() => stream.send({ event: 'bye', data: null }));
    return reply;
  });
  const address = `http://127.0.0.1:${await port()}/s`;
  const responses = await Promise.all([fetch(address), fetch(address), fetch(address)]);

  await app.close();

  const bodies = await Promise.all(responses.map((response) => response.text()));
  expect(bodies).toEqual(Array(3).fill('event: bye\ndata: null\n\n'));
});

test('a stream that opens while the app stops says farewell too', async () => {
  const { app, port } = await listening();
  const [asked, stopping] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  app.get('/late', { config: { public: true } }, async (request, reply) => {
    asked.resolve();
    await stopping.promise;
    const stream = openStream(request, reply);
    stream.onShutdown(() => stream.send({ event: 'bye', data: null }));
    return reply;
  });
  const response = fetch(`http://127.0.0.1:${await port()}/late`);
  await asked.promise;

  const drained = app.stopping.drain();
  stopping.resolve();
  await drained;

  expect(await (await response).text()).toBe('event: bye\ndata: null\n\n');
});

test('while the app stops, a new request is told to come back, and probes see it', async () => {
  const app = await quietApp();
  app.get('/private', { config: { scope: 'any' } }, async () => 'private');
  await app.ready();
  await app.stopping.drain();

  const responses = [await app.inject('/private'), await app.inject('/ready')];

  for (const response of responses) {
    expect(response.json()).toMatchObject({ status: 503, code: 'shutting_down' });
    expect(response.headers.connection).toBe('close');
  }
  expect((await app.inject('/live')).statusCode).toBe(200);
});

test('HEAD on a stream is refused, not left open', async () => {
  const app = await quietApp();
  void streamRoute(app);

  const response = await app.inject({ method: 'HEAD', url: '/stream' });

  expect(response.statusCode).toBe(405);
});

/** A route /stream that opens a stream and leaves it to the test. */
function streamRoute(app: App, options: Parameters<typeof openStream>[2] = {}) {
  const opened = Promise.withResolvers<EventStream>();
  app.get('/stream', { config: { public: true } }, async (request, reply) => {
    opened.resolve(openStream(request, reply, options));
    return reply;
  });
  return opened.promise;
}

async function quietApp(): Promise<App> {
  const app = await createApp({ title: 'Test', database: noDatabase, log: false });
  onTestFinished(() => app.close());
  return app;
}

async function listening() {
  const app = await quietApp();
  return {
    app,
    /** Listens on the first call: routes come before. */
    async port(): Promise<number> {
      if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
      const address = app.server.address();
      if (typeof address !== 'object' || address === null) throw new Error('not listening');
      return address.port;
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = '';
  for await (const piece of socket) {
    text += String(piece);
    if (text.includes(wanted)) break;
  }
  return text;
}
