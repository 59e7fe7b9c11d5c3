import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { DocentError } from './error.ts';
import { answer, problem, serveInTurn, unusedUrl } from './testServer.ts';

const found = { passages: [], correctedQuery: null, mode: 'hybrid', tookMs: 1 };

test('sends the key and gives what the service answered', async () => {
  const server = await serveInTurn(answer(200, found));
  const client = createClient({ url: `${server.url}/`, key: 'dk_1_secret' });

  const result = await client.search({ query: 'badge', limit: 3 });

  expect(result).toEqual(found);
  expect(server.seen).toMatchObject([{ method: 'POST', path: '/v1/search' }]);
  expect(server.seen[0]?.headers.authorization).toBe('Bearer dk_1_secret');
  expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ query: 'badge', limit: 3 });
});

test('tries a search again when the service is briefly unavailable', async () => {
  const busy = problem(503, 'overloaded', { 'retry-after': '0' });
  const server = await serveInTurn(busy, busy, answer(200, found));
  const client = createClient({ url: server.url, key: 'k' });

  const result = await client.search({ query: 'badge' });

  expect(result).toEqual(found);
  expect(server.seen).toHaveLength(3);
});

test('gives up after the tries it has, with the code that the service told', async () => {
  const server = await serveInTurn(problem(429, 'rate_limited', { 'retry-after': '0' }));
  const client = createClient({ url: server.url, key: 'k', retries: 1 });

  const failure = await client.search({ query: 'badge' }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(DocentError);
  expect(failure).toMatchObject({ code: 'rate_limited', status: 429, requestId: 'r-1' });
  expect(server.seen).toHaveLength(2);
});

test('does not wait longer than half a minute, however long Retry-After says', async () => {
  const server = await serveInTurn(problem(503, 'overloaded', { 'retry-after': '3600' }));
  const client = createClient({ url: server.url, key: 'k' });

  await expect(client.search({ query: 'badge' })).rejects.toMatchObject({ code: 'overloaded' });

  expect(server.seen).toHaveLength(1);
});

test('repeats an upload with the same Idempotency-Key and the same bytes', async () => {
  const accepted = { id: randomUUID(), version: 1, state: 'queued', unchanged: false };
  const server = await serveInTurn(
    problem(503, 'database_unavailable', { 'retry-after': '0' }),
    answer(202, accepted),
  );
  const client = createClient({ url: server.url, key: 'k' });

  const result = await client.content.upload(new Blob(['# Badge\n']), {
    fileName: 'badge.md',
    tags: ['security'],
  });

  expect(result).toEqual(accepted);
  const [first, second] = server.seen;
  expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  expect(second?.body).toContain('# Badge');
  expect(second?.body).toContain('security');
});

test('never repeats a change that might take effect twice', async () => {
  const server = await serveInTurn(problem(503, 'overloaded', { 'retry-after': '0' }));
  const client = createClient({ url: server.url, key: 'k' });

  const change = client.content.update(randomUUID(), { title: 'New' });

  await expect(change).rejects.toMatchObject({ code: 'overloaded' });
  expect(server.seen).toHaveLength(1);
});

test('says that nobody is there, and why', async () => {
  const client = createClient({ url: await unusedUrl(), key: 'k', retries: 0 });

  const failure = client.search({ query: 'badge' });

  await expect(failure).rejects.toMatchObject({
    code: 'unreachable',
    status: 0,
    detail: expect.stringContaining('ECONNREFUSED'),
  });
});

test('refuses an answer that breaks the contract instead of passing it on', async () => {
  const server = await serveInTurn(answer(200, { passages: 'many' }));
  const client = createClient({ url: server.url, key: 'k' });

  const failure = client.search({ query: 'badge' });

  await expect(failure).rejects.toMatchObject({ code: 'unexpected_answer', status: 200 });
});

test('tells of a page that is not a problem body by its status', async () => {
  const server = await serveInTurn((_, response) => {
    response.writeHead(418, { 'content-type': 'text/html' }).end('<h1>teapot</h1>');
  });
  const client = createClient({ url: server.url, key: 'k' });

  const failure = client.search({ query: 'badge' });

  await expect(failure).rejects.toMatchObject({ code: 'unexpected_answer', status: 418 });
});

test('an aborted call ends with the reason of the abort and is not repeated', async () => {
  const stop = new AbortController();
  const server = await serveInTurn(() => stop.abort(new Error('no longer needed')));
  const client = createClient({ url: server.url, key: 'k' });

  const search = client.search({ query: 'badge' }, { signal: stop.signal });

  await expect(search).rejects.toThrow('no longer needed');
  expect(server.seen).toHaveLength(1);
});
