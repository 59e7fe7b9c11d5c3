import { parseEnv } from '@docent/core/env';
import { testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appOptionsOf, httpEnv } from './config.ts';
import { openStream } from './sse.ts';

const database = fileDatabase();
const PORTAL = 'https://portal.example';

describe('a page of an origin that may call', () => {
  test('is told before a request what it may send, without a token', async () => {
    const { request } = await open([PORTAL]);

    const response = await request('OPTIONS', '/v1/thing', {
      key: null,
      headers: {
        origin: PORTAL,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,last-event-id',
      },
    });

    expect(response.statusCode).toBe(204);
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': PORTAL,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': expect.stringContaining('Last-Event-ID'),
    });
    expect(response.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('may read answers, refusals and streams with their headers', async () => {
    const { request } = await open([PORTAL]);
    const headers = { origin: PORTAL };

    const responses = [
      await request('GET', '/v1/thing', { headers }),
      await request('GET', '/v1/thing', { headers, key: null }),
      await request('GET', '/v1/nothing', { headers }),
      await request('GET', '/v1/events', { headers }),
    ];

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([200, 401, 404, 200]);
    for (const response of responses) {
      expect(response.headers['access-control-allow-origin']).toBe(PORTAL);
      expect(response.headers['access-control-expose-headers']).toContain('X-Request-Id');
      expect(response.headers.vary).toContain('Origin');
    }
  });
});

test('a page of another origin gets nothing that it could read', async () => {
  const { request } = await open([PORTAL]);
  const headers = { origin: 'https://portal.example.evil.example' };

  const asked = await request('OPTIONS', '/v1/thing', {
    key: null,
    headers: { ...headers, 'access-control-request-method': 'GET' },
  });
  const answer = await request('GET', '/v1/thing', { headers });

  expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
});

test('a star lets pages of any origin call', async () => {
  const { request } = await open(['*']);

  const answer = await request('GET', '/v1/thing', { headers: { origin: 'https://a.example' } });

  expect(answer.headers['access-control-allow-origin']).toBe('*');
});

test('a route may answer with headers of its own', async () => {
  const { request } = await open([PORTAL]);

  const answer = await request('GET', '/v1/own', { headers: { origin: PORTAL } });

  expect(answer.headers['access-control-allow-origin']).toBe('https://own.example');
});

test('without origins nothing is said, and an OPTIONS that is no question of a browser is refused as ever', async () => {
  const [without, with_] = [await open([]), await open([PORTAL])];

  const answer = await without.request('GET', '/v1/thing', { headers: { origin: PORTAL } });
  const refusals = [
    await without.request('OPTIONS', '/v1/thing', { key: null }),
    await with_.request('OPTIONS', '/v1/thing', { key: null }),
  ];

  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  for (const { statusCode, headers } of refusals) {
    expect([statusCode, headers.allow]).toEqual([405, 'GET, HEAD']);
  }
  expect((await with_.request('GET', '/v1/nothing', { key: null })).statusCode).toBe(404);
});

describe('the setting', () => {
  test('is a list of origins', () => {
    expect(origins('https://a.example, http://localhost:8080')).toEqual([
      'https://a.example',
      'http://localhost:8080',
    ]);
    expect(origins('*')).toEqual(['*']);
  });

  test.each([
    'https://a.example/',
    'https://a.example/path',
    'a.example',
    'null',
    'file:///x',
    ',',
  ])('is not %s', (text) => {
    expect(() => origins(text)).toThrow('CORS_ORIGINS');
  });

  function origins(text: string) {
    return appOptionsOf(parseEnv(httpEnv, { CORS_ORIGINS: text })).corsOrigins;
  }
});

function open(corsOrigins: readonly string[]) {
  return testApp({
    database: database(),
    corsOrigins,
    plugins: (app) => {
      const schema = { response: { 200: z.object({ fine: z.boolean() }) } };
      app.get('/v1/thing', { config: { scope: 'any' }, schema }, async () => ({ fine: true }));
      app.get('/v1/own', { config: { public: true, cors: false }, schema }, async (_, reply) =>
        reply.header('access-control-allow-origin', 'https://own.example').send({ fine: true }),
      );
      app.get('/v1/events', { config: { scope: 'any' } }, async (request, reply) => {
        const stream = openStream(request, reply);
        await stream.send({ data: 'one' });
        await stream.send({ text: '[DONE]' });
        await stream.end();
        return reply;
      });
    },
  });
}
