import { testApp } from '@docent/test/app';
import { fakeEmbedder } from '@docent/test/models';
import { beforeEach, expect, test } from 'vitest';
import { searchRoutes } from './search.routes.ts';
import { makeSearch } from './search.ts';
import { notedJobs, storeContent } from './testing.ts';

let app: Awaited<ReturnType<typeof testApp>>;

beforeEach(async () => {
  const embedder = fakeEmbedder();
  app = await testApp({
    plugins: (server, database) =>
      server.register(searchRoutes, {
        search: makeSearch({
          database,
          jobs: notedJobs(),
          embedder,
          embedderById: () => null,
          log: server.log,
        }),
      }),
  });
  await storeContent(app.database, app.principal, [
    { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'], embedder, tags: ['hr'] },
  ]);
});

test('answers with passages, their scores and what was searched', async () => {
  const response = await post({ query: 'How long is parental leave?' });

  expect(response.statusCode).toBe(200);
  const body = response.json();
  expect(Object.keys(body).sort()).toEqual(['correctedQuery', 'mode', 'passages', 'tookMs']);
  expect(body.correctedQuery).toBeNull();
  expect(body.mode).toBe('hybrid');
  expect(body.passages).toHaveLength(1);
  expect(body.passages[0]).toMatchObject({
    title: 'Leave',
    text: 'Parental leave lasts twelve weeks.',
    version: 1,
    score: 1,
    place: { page: 1, headingPath: ['Part', '1'] },
  });
});

test('refuses every body that is not a search', async () => {
  const bodies: [what: string, body: object][] = [
    ['no query', {}],
    ['an empty query', { query: ' ' }],
    ['a query that is no text', { query: 5 }],
    ['a query of more than 4,000 characters', { query: 'a'.repeat(4_001) }],
    ['the null character in a query', { query: 'a\0b' }],
    ['a limit of 0', { query: 'a', limit: 0 }],
    ['a limit of 101', { query: 'a', limit: 101 }],
    ['a limit that is no whole number', { query: 'a', limit: 1.5 }],
    ['no passage of a content', { query: 'a', maxPerContent: 0 }],
    ['an unknown mode', { query: 'a', mode: 'magic' }],
    ['an unknown field', { query: 'a', org: 'x' }],
    ['an unknown filter', { query: 'a', filters: { department: ['x'] } }],
    ['an empty filter', { query: 'a', filters: { tags: [] } }],
    ['an unknown content type', { query: 'a', filters: { contentTypes: ['film'] } }],
    ['a language that is no code', { query: 'a', filters: { languages: ['english'] } }],
    ['an id that is none', { query: 'a', filters: { contentIds: ['1'] } }],
    ['a list', []],
  ];

  const accepted: string[] = [];
  for (const [what, body] of bodies) {
    const response = await post(body);
    if (response.statusCode !== 400 || response.json().code !== 'invalid_request')
      accepted.push(what);
  }

  expect(accepted).toEqual([]);
});

test('refuses broken JSON', async () => {
  const response = await app.request('POST', '/v1/search', {
    body: '{"query": ',
    headers: { 'content-type': 'application/json' },
  });

  expect(response.statusCode).toBe(400);
});

test('asks for a key with the scope `search`', async () => {
  const { key } = await app.person('learner', { scopes: ['chat'] });

  const none = await app.request('POST', '/v1/search', { body: { query: 'leave' }, key: null });
  const other = await app.request('POST', '/v1/search', { body: { query: 'leave' }, key });

  expect([none.statusCode, other.statusCode]).toEqual([401, 403]);
});

test('another organization finds nothing of the first one', async () => {
  const { key } = await app.secondOrganization();

  const response = await app.request('POST', '/v1/search', { body: { query: 'leave' }, key });

  expect(response.json().passages).toEqual([]);
});

function post(body: object) {
  return app.request('POST', '/v1/search', { body });
}
