import { readFile } from 'node:fs/promises';
import { Problem } from '@docent/contracts/common';
import { AppError, errorCodes } from '@docent/core/errors';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { noDatabase } from '../fixtures/noDatabase.ts';
import { createApp } from './app.ts';
import { errorTable, problems, toProblem } from './problem.ts';

test('errors.md has one section for each code, with its status, and none besides', async () => {
  const text = await readFile(new URL('../errors.md', import.meta.url), 'utf8');

  const sections = [...text.matchAll(/^## (\S+)\n\n(\d{3})\. /gm)];

  const documented = sections.map(([, code]) => code);
  expect(documented.toSorted()).toEqual([...errorCodes].sort());
  for (const code of errorCodes) {
    const [, , status] = sections.find(([, name]) => name === code) ?? [];
    expect(status).toBe(String(errorTable[code].status));
  }
  expect([...text.matchAll(/^## /gm)]).toHaveLength(errorCodes.length);
});

test('an expected failure carries its details, which cannot overwrite what the problem says', () => {
  const error = new AppError('not_found', 'There is no course 7.', {
    details: { kind: 'course', id: '7', status: 200, code: 'fine' },
  });

  const problem = toProblem(error, '/v1/courses/7', 'r1');

  expect(problem).toEqual({
    kind: 'course',
    id: '7',
    type: '/docs/errors#not_found',
    title: 'Not found',
    status: 404,
    detail: 'There is no course 7.',
    instance: '/v1/courses/7',
    code: 'not_found',
    requestId: 'r1',
  });
});

test.each([
  ['an error', () => new Error('password is hunter2')],
  ['null', () => null],
  ['a text', () => 'hunter2'],
  [
    'an error with a status of its own',
    () => Object.assign(new Error('hunter2'), { statusCode: 502 }),
  ],
])('%s that nobody expected is a 500 without a word of its cause', async (_, thrown) => {
  const { app } = await start();
  app.get('/broken', { config: { public: true } }, async () => {
    throw thrown();
  });

  const response = await app.inject('/broken');

  expect(response.statusCode).toBe(500);
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(Problem.parse(response.json())).toMatchObject({ code: 'internal_error' });
  expect(response.body).not.toContain('hunter2');
});

test('an answer that breaks its own schema is a 500, fields that it does not name are dropped', async () => {
  const { app } = await start();
  const schema = { response: { 200: z.object({ id: z.uuid() }) } };
  app.get('/wrong', { config: { public: true }, schema }, async () => ({ id: 'not one' }));
  const extra = { id: '01900000-0000-7000-8000-000000000000', secret: 'hunter2' };
  app.get('/extra', { config: { public: true }, schema }, async () => extra);

  expect((await app.inject('/wrong')).json()).toMatchObject({
    status: 500,
    code: 'internal_error',
  });
  expect((await app.inject('/extra')).json()).toEqual({ id: extra.id });
});

test('wrong input names each wrong field', async () => {
  const { app } = await start();
  const body = z.object({ name: z.string(), tags: z.array(z.string().max(3)) });
  app.post('/things', { config: { public: true }, schema: { body } }, async () => 'ok');

  const response = await app.inject({
    method: 'POST',
    url: '/things',
    payload: { tags: ['long'] },
  });

  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ path: 'body.name' }, { path: 'body.tags.0' }],
  });
});

test.each([
  ['broken JSON', 'POST', '/things', 'application/json', '{"a":', 400, 'invalid_request'],
  ['an empty JSON body', 'POST', '/things', 'application/json', '', 400, 'invalid_request'],
  ['no body', 'POST', '/things', undefined, undefined, 400, 'invalid_request'],
  [
    'a body that is too large',
    'POST',
    '/things',
    'application/json',
    `"${'x'.repeat(5_000)}"`,
    413,
    'too_large',
  ],
  ['another media type', 'POST', '/things', 'text/plain', 'a=1', 415, 'unsupported_media_type'],
  ['an unknown address', 'GET', '/nothing', undefined, undefined, 404, 'no_such_route'],
  ['another method', 'PUT', '/things/7', undefined, undefined, 405, 'method_not_allowed'],
  ['an address that is no URL', 'GET', '/%E0%A4%A', undefined, undefined, 400, 'invalid_request'],
  [
    'a part of a path that is too long',
    'GET',
    `/things/${'x'.repeat(501)}`,
    undefined,
    undefined,
    404,
    'no_such_route',
  ],
  ['NUL in a path', 'GET', '/things/a%00b', undefined, undefined, 400, 'invalid_request'],
  ['NUL in a query', 'GET', '/things/1?q=a%00b', undefined, undefined, 400, 'invalid_request'],
  [
    'NUL in a body',
    'POST',
    '/things',
    'application/json',
    '{"name":"a\\u0000b"}',
    400,
    'invalid_request',
  ],
  [
    'half a surrogate pair',
    'POST',
    '/things',
    'application/json',
    '{"name":"\\ud83d"}',
    400,
    'invalid_request',
  ],
  [
    'a polluting key',
    'POST',
    '/things',
    'application/json',
    '{"name":"a","__proto__":{"x":1}}',
    400,
    'invalid_request',
  ],
  [
    'JSON nested too deeply',
    'POST',
    '/things',
    'application/json',
    `{"name":${'['.repeat(500)}${']'.repeat(500)}}`,
    400,
    'invalid_request',
  ],
] as const)(
  '%s is a problem with its code',
  async (_, method, url, type, payload, status, code) => {
    const { app } = await start({ bodyLimitBytes: 4_096 });
    const config = { public: true };
    const schema = { body: z.object({ name: z.string() }) };
    app.post('/things', { config, schema }, async () => 'made');
    app.get('/things/:id', { config }, async () => 'a thing');
    app.delete('/things/:id', { config }, async () => 'gone');

    const response = await app.inject({
      method,
      url,
      headers: type === undefined ? {} : { 'content-type': type },
      ...(payload === undefined ? {} : { payload }),
    });

    expect(response.headers['content-type']).toBe('application/problem+json');
    const problem = Problem.parse(response.json());
    expect(problem).toMatchObject({ status, code, requestId: response.headers['x-request-id'] });
    expect(response.statusCode).toBe(status);
    if (status === 405) expect(response.headers.allow).toBe('DELETE, GET, HEAD');
  },
);

test('a query never comes back in a problem', async () => {
  const { app } = await start();

  const response = await app.inject('/nothing?q=private');

  expect(response.json().instance).toBe('/nothing');
  expect(response.body).not.toContain('private');
});

test('a request id is taken over when it is harmless, else made', async () => {
  const { app } = await start();
  const ask = async (id: string) =>
    (await app.inject({ url: '/nothing', headers: { 'x-request-id': id } })).json().requestId;

  expect(await ask('trace-1.a:b_c')).toBe('trace-1.a:b_c');
  expect(await ask('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  expect(await ask('a"b')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a route that takes too long is given up, and its work told to stop', async () => {
  const { app } = await start({ requestTimeoutMs: 30 });
  const stopped = Promise.withResolvers<unknown>();
  app.get('/slow', { config: { public: true } }, async (request) => {
    await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    stopped.resolve(request.signal.reason);
    return 'too late';
  });

  const response = await app.inject('/slow');

  expect(response.json()).toMatchObject({ status: 503, code: 'request_timeout', timeoutMs: 30 });
  expect(await stopped.promise).toBeInstanceOf(AppError);
});

test('codes of one status share one response of the description', () => {
  const responses = problems('conflict', 'version_not_ready', 'not_found');

  expect(Object.keys(responses)).toEqual(['404', '409']);
  expect(responses[409]?.description).toBe(
    'Conflict (`conflict`); Version not ready (`version_not_ready`)',
  );
});

async function start(options: { bodyLimitBytes?: number; requestTimeoutMs?: number } = {}) {
  const app = await createApp({ title: 'Test', database: noDatabase, log: false, ...options });
  onTestFinished(() => app.close());
  return { app };
}
