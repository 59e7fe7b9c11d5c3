import { AppError } from '@docent/core/errors';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { noDatabase } from '../fixtures/noDatabase.ts';
import { createKey } from './apiKey.ts';
import { type AppOptions, createApp } from './app.ts';
import { problems } from './problem.ts';

const open = { public: true };

test('OpenAPI names every route with its problems, who may call it, and both forms of an answer', async () => {
  const app = await start();
  app.post(
    '/v1/chat',
    {
      config: { scope: 'chat' },
      schema: {
        body: z.object({ message: z.string() }),
        response: {
          200: {
            description: 'The answer',
            content: {
              'application/json': { schema: z.object({ text: z.string() }) },
              'text/event-stream': { schema: z.object({ delta: z.string() }) },
            },
          },
          ...problems('model_unavailable', 'not_found'),
        },
      },
    },
    async () => ({ text: '' }),
  );

  const document = (await app.inject('/openapi.json')).json();

  expect(document.openapi).toBe('3.1.0');
  expect(document.components.securitySchemes.bearer.scheme).toBe('bearer');
  expect(Object.keys(document.paths)).toEqual(['/live', '/ready', '/v1/chat']);
  expect(document.paths['/live'].get.security).toBeUndefined();
  const route = document.paths['/v1/chat'].post;
  expect(route.security).toEqual([{ bearer: [] }]);
  expect(route['x-scopes']).toEqual(['chat']);
  expect(Object.keys(route.responses[200].content)).toEqual([
    'application/json',
    'text/event-stream',
  ]);
  expect(Object.keys(route.responses)).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '413',
    '415',
    '429',
    '500',
    '503',
  ]);
  expect(route.responses[404].content).toEqual({
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  });
  for (const code of ['model_unavailable', 'database_unavailable', 'request_timeout']) {
    expect(route.responses[503].description).toContain(`\`${code}\``);
  }
});

test('every reference of the OpenAPI document leads to a schema', async () => {
  const app = await start();
  const Facts = z.object({ facts: z.record(z.string(), z.json()), more: z.json() });
  app.post(
    '/v1/facts',
    {
      config: { scope: 'any' },
      schema: { operationId: 'addFacts', body: Facts, response: { 200: Facts } },
    },
    async (request) => request.body,
  );

  const { body } = await app.inject('/openapi.json');
  const document = JSON.parse(body);
  const references = [...body.matchAll(/"\$ref":"([^"]*)"/g)].map(([, to = '']) => to);
  const lost = references.filter((to) => {
    const [start, ...path] = to.split('/');
    return start !== '#' || path.reduce((at, step) => at?.[step], document) === undefined;
  });

  expect(lost).toEqual([]);
  expect(references).toContain('#/components/schemas/Json');
});

test('the page of the documentation takes nothing from another host', async () => {
  const app = await start();

  const root = await app.inject('/');
  const page = await app.inject('/docs/');
  const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');

  expect(root.headers.location).toBe('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).not.toMatch(/https?:|unsafe-eval|\*/);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    expect(file).toMatch(/^\.\/static\//);
    expect((await app.inject(`/docs/${file}`)).statusCode).toBe(200);
  }
});

test('the type of a problem leads to a section of a page', async () => {
  const app = await start();

  const { type } = (await app.inject('/nothing')).json();
  const [path, id] = type.split('#');
  const page = await app.inject(path);

  expect(page.headers['content-type']).toContain('text/html');
  expect(page.body).toContain(`<h2 id="${id}">`);
});

test('it is live without a database, and ready only with it', async () => {
  const silent = {
    ...noDatabase,
    ping: () => Promise.reject(new AppError('database_unavailable', 'No.')),
  };
  const up = await start();
  const down = await start({ database: silent });
  const unfinished = await start({
    ready: () => Promise.reject(new AppError('overloaded', 'Still loading.')),
  });

  expect((await up.inject('/ready')).json()).toEqual({ status: 'ready' });
  expect((await down.inject('/live')).json()).toEqual({ status: 'live' });
  expect((await down.inject('/ready')).json()).toMatchObject({
    status: 503,
    code: 'database_unavailable',
  });
  expect((await unfinished.inject('/ready')).statusCode).toBe(503);
});

test('metrics count requests by route, never by address, in each app for itself', async () => {
  const [app, other] = [await start(), await start()];
  app.get('/things/:id', { config: open }, async () => 'a thing');
  await app.inject('/things/1');
  await app.inject('/things/2');
  await app.inject('/nothing/3');
  await other.inject('/live');

  const text = (await app.inject('/metrics')).body;

  expect(text).toContain(
    'http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 2',
  );
  expect(text).toContain(
    'http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1',
  );
  expect(text).not.toContain('route="/live"');
  expect(text).not.toContain('/things/1');
  expect(text).toContain('http_requests_in_flight 1');
  expect(text).toContain('process_resident_memory_bytes');
});

test('neither a key, a cookie, a body nor a query gets into the log', async () => {
  const lines: string[] = [];
  const app = await start({
    log: { level: 'trace', stream: { write: (line) => lines.push(line) } },
  });
  const { token } = createKey('live');
  app.post(
    '/things',
    { config: open, schema: { body: z.object({ a: z.string() }) } },
    async (request) => {
      request.log.info({ headers: request.headers, body: request.body, req: request }, 'careless');
      request.log.info(`Authorization was ${request.headers.authorization}`);
      throw new Error(`cannot use ${token}`, {
        cause: Object.assign(new Error('row'), { detail: 'canary-row' }),
      });
    },
  );

  await app.inject({
    method: 'POST',
    url: '/things?q=canary-query',
    headers: { authorization: `Bearer ${token}`, cookie: 'session=canary-cookie' },
    payload: { a: 'canary-body' },
  });

  const log = lines.join('');
  expect(log).toContain('careless');
  expect(log).toContain('cannot use dct_[redacted]');
  expect(log).toContain('"status":500');
  expect(log).not.toContain('canary');
  expect(log).not.toContain(token.slice(10));
});

test('answers cannot be sniffed, framed or, with an error, cached', async () => {
  const app = await start();

  const { headers } = await app.inject('/nothing');

  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
});

async function start(options: Partial<AppOptions> = {}) {
  const app = await createApp({ title: 'Test', database: noDatabase, log: false, ...options });
  onTestFinished(() => app.close());
  return app;
}
