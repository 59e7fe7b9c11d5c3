import { randomUUID } from 'node:crypto';
import type { Content, Version } from '@docent/contracts/content';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { answer, serveInTurn } from './testServer.ts';

const contentId = randomUUID();

test('follows a version over a lost connection to its final state', async () => {
  const server = await serveInTurn(
    states([['progress', version('extracting')]], 'cut'),
    states([
      ['progress', version('embedding')],
      ['done', version('ready')],
    ]),
  );
  const client = createClient({ url: server.url, key: 'k' });

  const seen: string[] = [];
  for await (const { state } of client.content.progress(contentId, 1)) seen.push(state);

  expect(seen).toEqual(['extracting', 'embedding', 'ready']);
});

test('a stream that ends with a problem is a failure with its code', async () => {
  const gone = { status: 503, code: 'shutting_down', title: 'Stop', detail: 'Stopping.' };
  const server = await serveInTurn(states([['error', { type: '/e', instance: '/i', ...gone }]]));
  const client = createClient({ url: server.url, key: 'k' });

  const following = client.content.progress(contentId, 1).next();

  await expect(following).rejects.toMatchObject({ code: 'shutting_down', status: 503 });
});

test('lists every page', async () => {
  const server = await serveInTurn(
    answer(200, { items: [content('a')], nextCursor: 'two' }),
    answer(200, { items: [content('b')], nextCursor: null }),
  );
  const client = createClient({ url: server.url, key: 'k' });

  const titles: string[] = [];
  for await (const { title } of client.content.all({ tag: 'IT & law' })) titles.push(title);

  expect(titles).toEqual(['a', 'b']);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/v1/content?tag=IT+%26+law&limit=100',
    '/v1/content?tag=IT+%26+law&limit=100&cursor=two',
  ]);
});

function version(state: Version['state']): Version {
  return {
    contentId,
    version: 1,
    current: false,
    state,
    error: null,
    warning: null,
    progress: { step: 'extracting', percent: 10, chunks: 0, embedded: 0 },
    fileName: 'a.md',
    mediaType: 'text/markdown',
    sizeBytes: 3,
    sha256: 'a'.repeat(64),
    attempts: 1,
    createdAt: '2026-11-21T10:00:00.000Z',
    startedAt: null,
    finishedAt: null,
  };
}

function content(title: string): Content {
  return {
    id: randomUUID(),
    title,
    contentType: 'reference',
    language: 'en',
    tags: [],
    metadata: {},
    url: null,
    sourceService: 'upload',
    externalId: null,
    currentVersion: null,
    status: 'published',
    visibility: 'organization',
    visibleTo: null,
    departmentId: null,
    ownerId: null,
    effectiveFrom: null,
    expiresAt: null,
    validity: 'effective',
    suspicious: null,
    uploadBatch: null,
    latest: version('queued'),
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
  };
}

function states(events: [string, object][], end: 'cut' | 'end' = 'end') {
  return (...[, response]: Parameters<ReturnType<typeof answer>>) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for (const [name, data] of events) {
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    if (end === 'cut') setTimeout(() => response.destroy(), 50);
    else response.end();
  };
}
