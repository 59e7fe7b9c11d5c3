import { workerPrincipal } from '@docent/core/principal';
import { many, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { form, testIngestion } from '../testing.ts';

const database = fileDatabase();
/** All tests of the file share a database; each has an organization of its own. */
const ingestion: typeof testIngestion = (config, more) =>
  testIngestion(config, { database: database(), ...more });

const text = '# Wiring\n\nRed is plus, black is minus.';
const unknown = '01890a5d-ac96-774b-bcce-b302099a8057';

test('content is listed newest first, page after page, each once', async () => {
  const { post, request } = await ingestion();
  for (const n of [1, 2, 3, 4, 5]) await post({ title: `Lesson ${n}`, text: `Text ${n}` });

  const titles: string[] = [];
  let cursor: string | null = '';
  const sizes: number[] = [];
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = (await request('GET', `/v1/content?limit=2${query}`)).json();
    titles.push(...page.items.map((item: { title: string }) => item.title));
    sizes.push(page.items.length);
    cursor = page.nextCursor;
  }

  expect(titles).toEqual(['Lesson 5', 'Lesson 4', 'Lesson 3', 'Lesson 2', 'Lesson 1']);
  expect(sizes).toEqual([2, 2, 1]);
});

test('filters narrow the list, and all that are given must hold', async () => {
  const { post, request, work } = await ingestion();
  await post({
    title: 'Soldering irons',
    text,
    contentType: 'course',
    tags: ['iot', 'lab'],
    language: 'en',
  });
  await post({ title: 'Das Löten', text: `${text} 2`, tags: ['lab'], language: 'de' });
  await work();
  await post({ title: 'Iron rules', text: `${text} 3`, sourceService: 'lms', externalId: 'a%_1' });
  const titles = async (query: string) => {
    const page = (await request('GET', `/v1/content?${query}`)).json();
    return page.items.map((item: { title: string }) => item.title);
  };

  expect(await titles('contentType=course')).toEqual(['Soldering irons']);
  expect(await titles('tag=lab')).toEqual(['Das Löten', 'Soldering irons']);
  expect(await titles('tag=lab&language=de')).toEqual(['Das Löten']);
  expect(await titles('state=queued')).toEqual(['Iron rules']);
  expect(await titles('state=ready&language=en')).toEqual(['Soldering irons']);
  expect(await titles('sourceService=lms&externalId=a%25_1')).toEqual(['Iron rules']);
  expect(await titles('q=IRON')).toEqual(['Iron rules', 'Soldering irons']);
  expect(await titles('q=irons+solder')).toEqual(['Soldering irons']);
  expect(await titles('q=l%C3%B6ten')).toEqual(['Das Löten']);
  expect(await titles('q=%25')).toEqual([]);
});

test('the list has other orders, page after page, and finds what was uploaded together and the same bytes', async () => {
  const { post, request } = await ingestion();
  const uploadBatch = '01890a5d-ac96-774b-bcce-b302099a8001';
  const made: { id: string }[] = [];
  for (const title of ['beta', 'Alpha', 'Gamma', 'alpha']) {
    const batch = title === 'Gamma' ? {} : { uploadBatch };
    made.push(await post({ title, text: `${text} ${title}`, ...batch }));
  }
  await request('PATCH', `/v1/content/${made[0]?.id}`, { body: { tags: ['changed'] } });
  const latest = (await request('GET', `/v1/content/${made[2]?.id}`)).json().latest;
  const titles = async (query: string) => {
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const rest: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await request('GET', `/v1/content?limit=2&${query}${rest}`)).json();
      found.push(...page.items.map((item: { title: string }) => item.title));
      cursor = page.nextCursor;
    }
    return found;
  };

  const title = await titles('sort=title');
  const oldest = await titles('sort=oldest');
  const changed = await titles('sort=changed');
  const together = await titles(`uploadBatch=${uploadBatch}`);
  const same = await titles(`sha256=${latest.sha256}`);
  const wrongCursor = await request(
    'GET',
    `/v1/content?cursor=${Buffer.from(JSON.stringify(['Alpha', made[1]?.id])).toString('base64url')}`,
  );

  expect(title).toEqual(['Alpha', 'alpha', 'beta', 'Gamma']);
  expect(oldest).toEqual(['beta', 'Alpha', 'Gamma', 'alpha']);
  expect(changed[0]).toBe('beta');
  expect(together).toEqual(['alpha', 'Alpha', 'beta']);
  expect(same).toEqual(['Gamma']);
  expect(wrongCursor.json().code).toBe('invalid_request');
});

test('what an upload may be is told before it', async () => {
  const { request } = await ingestion();

  const limits = (await request('GET', '/v1/content/limits')).json();

  expect(limits.maxFileBytes).toBeGreaterThan(0);
  expect(limits.extensions).toContain('pdf');
  expect(limits.formats).toContain('Word');
});

test('from when until when content counts is said at upload, changed later, and filtered by', async () => {
  const { post, request, person } = await ingestion();
  const { key } = await person('learner');
  const now = await post({ title: 'Now', text, effectiveFrom: '2020-01-01T00:00:00+02:00' });
  await post({ title: 'Soon', text: `${text} 2`, effectiveFrom: '2999-01-01T00:00:00Z' });
  const past = await post({ title: 'Past', text: `${text} 3`, expiresAt: '2020-01-01T00:00:00Z' });
  const at = (id: string) => `/v1/content/${id}`;
  const change = (body: object) => request('PATCH', at(now.id), { body });
  const titles = async (query: string, who: { key?: string } = {}) => {
    const page = (await request('GET', `/v1/content${query}`, who)).json();
    return page.items.map((item: { title: string }) => item.title);
  };

  const shown = (await request('GET', at(past.id), { key })).json();
  const refused = [
    await change({ expiresAt: '2019-01-01T00:00:00Z' }),
    await change({ expiresAt: '2030-01-01' }),
    await change({ effectiveFrom: '2030-01-01T00:00:00' }),
    await request('POST', '/v1/content', {
      body: {
        title: 'x',
        text: 'y',
        effectiveFrom: '2030-01-01T00:00:00Z',
        expiresAt: '2029-01-01T00:00:00Z',
      },
    }),
  ];
  const { etag } = (await request('GET', at(now.id))).headers;
  const changed = await change({ expiresAt: '2999-01-01T00:00:00Z' });
  const lists = {
    all: await titles(''),
    effective: await titles('?state=effective'),
    upcoming: await titles('?state=upcoming'),
    expired: await titles('?state=expired'),
    queued: await titles('?state=queued'),
    learner: await titles('', { key }),
    learnerUpcoming: await titles('?state=upcoming', { key }),
  };
  const cleared = (await change({ effectiveFrom: null, expiresAt: null })).json();

  expect(shown).toMatchObject({
    effectiveFrom: null,
    expiresAt: '2020-01-01T00:00:00.000Z',
    validity: 'expired',
  });
  expect(refused.map((r) => r.statusCode)).toEqual([400, 400, 400, 400]);
  expect(changed.json()).toMatchObject({
    effectiveFrom: '2019-12-31T22:00:00.000Z',
    expiresAt: '2999-01-01T00:00:00.000Z',
    validity: 'effective',
  });
  expect(changed.headers.etag).not.toBe(etag);
  expect(lists).toEqual({
    all: ['Past', 'Soon', 'Now'],
    effective: ['Now'],
    upcoming: ['Soon'],
    expired: ['Past'],
    queued: ['Past', 'Soon', 'Now'],
    learner: ['Now'],
    learnerUpcoming: [],
  });
  expect(cleared).toMatchObject({ effectiveFrom: null, expiresAt: null, validity: 'effective' });
});

test.each([
  'limit=0',
  'limit=101',
  'cursor=x',
  'contentType=film',
  'state=done',
  'language=english',
  'q=',
])('a list with %s is refused', async (query) => {
  const { request } = await ingestion();

  const response = await request('GET', `/v1/content?${query}`);

  expect(response.statusCode).toBe(400);
  expect(response.json().code).toBe('invalid_request');
});

test('metadata is changed field by field', async () => {
  const { post, request, content } = await ingestion();
  const { id } = await post({
    title: 'Wiring',
    text,
    tags: ['a'],
    metadata: { x: 1 },
    url: 'https://example.org/a',
  });

  const first = await request('PATCH', `/v1/content/${id}`, {
    body: { tags: ['b', 'c'], url: null },
  });
  const second = await request('PATCH', `/v1/content/${id}`, {
    body: { contentType: 'course', metadata: {} },
  });

  expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
  expect(await content(id)).toMatchObject({
    title: 'Wiring',
    tags: ['b', 'c'],
    metadata: {},
    url: null,
    contentType: 'course',
  });
});

test('If-Match lets a change through only to the state that was read', async () => {
  const { post, request } = await ingestion();
  const { id } = await post({ title: 'Wiring', text });
  const { etag } = (await request('GET', `/v1/content/${id}`)).headers;
  const change = (title: string, match: string) =>
    request('PATCH', `/v1/content/${id}`, { body: { title }, headers: { 'if-match': match } });

  const first = await change('One', String(etag));
  const stale = await change('Two', String(etag));
  const next = await change('Three', `"x", ${String(first.headers.etag)}`);
  const any = await change('Four', '*');

  expect([first, stale, next, any].map((r) => r.statusCode)).toEqual([200, 412, 200, 200]);
  expect(stale.json().code).toBe('precondition_failed');
});

test('a new title is searched by at once, and only its own chunks are embedded again', async () => {
  const { post, request, work, fill, embedder, database, principal } = await ingestion();
  const { id } = await post({ title: 'Cabling', text, language: 'en' });
  await post({ title: 'Other', text: `${text} Other.`, language: 'en' });
  await work();
  const embedded = embedder.batches.flat().length;
  const find = (question: string) =>
    database.withPrincipal(workerPrincipal(principal.orgId), (tx) =>
      many(
        tx,
        z.object({ id: z.string() }),
        sql`select id from docent.search_learning_content(${question})`,
      ),
    );

  await request('PATCH', `/v1/content/${id}`, { body: { title: 'Oscilloscopes' } });
  const found = await find('oscilloscope');
  const gone = await find('cabling');
  await fill();

  expect(found).toEqual([{ id }]);
  expect(gone).toEqual([]);
  const again = embedder.batches.flat().slice(embedded);
  expect(again).toHaveLength(1);
  expect(again[0]).toContain('Oscilloscopes');
});

test.each<[string, object]>([
  ['an unknown field', { id: unknown }],
  ['a wrong type', { title: 7 }],
  ['an empty title', { title: ' ' }],
  ['a title that is too long', { title: 'x'.repeat(501) }],
  ['a url that is no web address', { url: 'javascript:alert(1)' }],
  ['a list', []],
])('a change with %s is refused', async (_, body) => {
  const { post, request } = await ingestion();
  const { id } = await post({ title: 'Wiring', text });

  const response = await request('PATCH', `/v1/content/${id}`, { body });

  expect(response.statusCode).toBe(400);
});

test('deleting takes versions, chunks, vectors and files; bytes that another content has stay', async () => {
  const { post, request, work, database, principal, filesOnDisk } = await ingestion();
  const { id } = await post({ title: 'Wiring', text, externalId: 'a' });
  await post({ title: 'Wiring', text: 'Only here.', externalId: 'a' });
  await post({ title: 'Copy', text });
  await work();
  expect(await filesOnDisk()).toHaveLength(2);

  const response = await request('DELETE', `/v1/content/${id}`);
  const again = await request('DELETE', `/v1/content/${id}`);

  expect([response.statusCode, response.body]).toEqual([204, '']);
  expect(again.statusCode).toBe(404);
  expect(await filesOnDisk()).toHaveLength(1);
  const left = await database.withPrincipal(workerPrincipal(principal.orgId), (tx) =>
    many(
      tx,
      z.object({ of: z.string() }),
      sql`
        select 'version' as of from docent.content_versions where org_id = ${principal.orgId} and content_id = ${id}
        union all
        select 'chunk' from docent.chunks where org_id = ${principal.orgId} and content_id = ${id}
        union all
        select 'words' from docent.chunk_search where org_id = ${principal.orgId} and content_id = ${id}
        union all
        select 'vector' from docent.chunk_embeddings where org_id = ${principal.orgId} and content_id = ${id}`,
    ),
  );
  expect(left).toEqual([]);
});

test('the original file comes back byte for byte, as an attachment with its own name', async () => {
  const { request } = await ingestion();
  const bytes = Buffer.from([0, 255, 1, 254, 10, 13]);
  const name = 'Größe "2" €.bin';
  const { body, headers } = form([
    { name: 'file', value: bytes, fileName: name.replaceAll('"', '%22'), type: 'image/x-raw' },
  ]);
  const { id } = (await request('POST', '/v1/content', { body, headers })).json();

  const whole = await request('GET', `/v1/content/${id}/file`);
  const etag = String(whole.headers.etag);
  const part = await request('GET', `/v1/content/${id}/versions/1/file`, {
    headers: { range: 'bytes=1-2' },
  });
  const known = await request('GET', `/v1/content/${id}/file`, {
    headers: { 'if-none-match': etag },
  });
  const past = await request('GET', `/v1/content/${id}/file`, { headers: { range: 'bytes=9-' } });
  const stale = await request('GET', `/v1/content/${id}/file`, {
    headers: { range: 'bytes=1-2', 'if-range': '"other"' },
  });

  expect(whole.rawPayload).toEqual(bytes);
  expect(whole.headers).toMatchObject({
    'content-type': 'image/x-raw',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect(whole.headers['content-disposition']).toMatch(/^attachment; /);
  expect(whole.headers['content-disposition']).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe");
  expect([part.statusCode, part.headers['content-range']]).toEqual([206, 'bytes 1-2/6']);
  expect(part.rawPayload).toEqual(bytes.subarray(1, 3));
  expect([known.statusCode, known.body]).toEqual([304, '']);
  expect([past.statusCode, past.headers['content-range']]).toEqual([416, 'bytes */6']);
  expect([stale.statusCode, stale.rawPayload]).toEqual([200, bytes]);
});

test('the file of a content is that of the version that searches see', async () => {
  const { post, request, work } = await ingestion();
  const { id } = await post({ title: 'Wiring', text, externalId: 'a' });
  await work();
  await post({ title: 'Wiring', text: 'Newer.', externalId: 'a' });

  const current = await request('GET', `/v1/content/${id}/file`);
  const newest = await request('GET', `/v1/content/${id}/versions/2/file`);
  const missing = await request('GET', `/v1/content/${id}/versions/3/file`);

  expect(current.body).toBe(text);
  expect(newest.body).toBe('Newer.');
  expect(missing.statusCode).toBe(404);
});

test('nothing of one organization exists for another, nor for a wrong id', async () => {
  const { post, request, work, secondOrganization } = await ingestion();
  const { id } = await post({ title: 'Wiring', text });
  await work();
  const { key } = await secondOrganization();
  const routes = [
    '',
    '/file',
    '/versions',
    '/versions/1',
    '/versions/1/events',
    '/versions/1/text',
    '/versions/1/chunks',
    '/versions/1/file',
  ];

  for (const route of routes) {
    const foreign = await request('GET', `/v1/content/${id}${route}`, { key });
    const missing = await request('GET', `/v1/content/${unknown}${route}`);
    const wrong = await request('GET', `/v1/content/7${route}`);

    expect
      .soft(
        [foreign, missing, wrong].map((r) => r.statusCode),
        route,
      )
      .toEqual([404, 404, 400]);
    expect.soft(foreign.json().code, route).toBe('not_found');
  }
  const changes = [
    await request('PATCH', `/v1/content/${id}`, { body: { title: 'Mine' }, key }),
    await request('DELETE', `/v1/content/${id}`, { key }),
    await request('POST', `/v1/content/${id}/versions/1/retry`, { key }),
  ];
  expect(changes.map((r) => r.statusCode)).toEqual([404, 404, 404]);
  expect((await request('GET', '/v1/content', { key })).json().items).toEqual([]);
});

test('everybody may read, only trainers and administrators may change', async () => {
  const { post, request, person } = await ingestion();
  const { id } = await post({ title: 'Wiring', text });
  const learner = await person('learner');
  const writer = await person('trainer', { scopes: ['content:write'] });
  const manager = await person('hr_manager');

  const read = await request('GET', `/v1/content/${id}`, { key: learner.key });
  const unread = await request('GET', `/v1/content/${id}`, { key: writer.key });
  const refused = [
    await request('PATCH', `/v1/content/${id}`, { body: { title: 'x' }, key: learner.key }),
    await request('DELETE', `/v1/content/${id}`, { key: manager.key }),
    await request('POST', `/v1/content/${id}/versions/1/retry`, { key: learner.key }),
    await request('POST', '/v1/content/batch', { body: { items: [] }, key: learner.key }),
    await request('PUT', `/v1/content/${id}/file`, { key: learner.key }),
  ];
  const without = await request('GET', '/v1/content', { key: null });

  expect([read.statusCode, unread.statusCode, without.statusCode]).toEqual([200, 403, 401]);
  expect(refused.map((r) => r.statusCode)).toEqual([403, 403, 403, 403, 403]);
});

test('a learner reads the text, the chunks, and parts of them', async () => {
  const { post, request, work, chunks } = await ingestion();
  const { id } = await post({
    title: 'Emoji',
    text: `A 🙂 smile.\n\n## Next\n\n${'More of it, and then some more of it. '.repeat(20)}`,
  });
  const early = await request('GET', `/v1/content/${id}/versions/1/text`);
  await work();
  const at = `/v1/content/${id}/versions/1`;

  const whole = (await request('GET', `${at}/text`)).json();
  const part = (await request('GET', `${at}/text?start=2&end=4`)).json();
  const past = (await request('GET', `${at}/text?start=9999`)).json();
  const wrong = await request('GET', `${at}/text?start=-1`);
  const paged = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = (await request('GET', `${at}/chunks?limit=1${query}`)).json();
    paged.push(...page.items);
    cursor = page.nextCursor;
  }

  expect([early.statusCode, early.json().code]).toEqual([409, 'version_not_ready']);
  expect(part).toEqual({
    contentId: id,
    version: 1,
    start: 2,
    end: 4,
    length: whole.text.length,
    text: '🙂',
    nextStart: 4,
  });
  expect(past).toMatchObject({ start: whole.length, end: whole.length, text: '' });
  expect(wrong.statusCode).toBe(400);
  expect(paged.length).toBeGreaterThan(2);
  expect(paged).toEqual(await chunks(id, 1));
  expect(paged.at(-1)?.place.headingPath).toEqual(['Next']);
});
