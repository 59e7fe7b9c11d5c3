import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { form, testIngestion } from '../testing.ts';

const database = fileDatabase();
/** All tests of the file share a database; each has an organization of its own. */
const ingestion: typeof testIngestion = (config, more) =>
  testIngestion(config, { database: database(), ...more });

const text = { title: 'Wiring', text: '# Wiring\n\nRed is plus, black is minus.' };
const file = {
  name: 'file',
  value: '# Wiring\n\nRed is plus.',
  fileName: 'wiring.md',
  type: 'text/markdown',
};

test('a text is taken in as a queued version, and the answer tells where to follow it', async () => {
  const { request, jobs, content, principal } = await ingestion();

  const response = await request('POST', '/v1/content', {
    body: { ...text, contentType: 'lesson', tags: ['iot'], metadata: { level: 2 }, language: 'en' },
  });

  const accepted = response.json();
  expect(response.statusCode).toBe(202);
  expect(accepted).toEqual({ id: accepted.id, version: 1, state: 'queued', unchanged: false });
  expect(response.headers.location).toBe(`/v1/content/${accepted.id}/versions/1`);
  expect(await content(accepted.id)).toMatchObject({
    title: 'Wiring',
    contentType: 'lesson',
    tags: ['iot'],
    metadata: { level: 2 },
    language: 'en',
    sourceService: 'upload',
    externalId: null,
    currentVersion: null,
    latest: { version: 1, state: 'queued', fileName: 'Wiring.md', mediaType: 'text/markdown' },
  });
  expect(jobs.waiting['process-version']).toEqual([
    { orgId: principal.orgId, contentId: accepted.id, version: 1 },
  ]);
});

test('a file may come before or after its fields, and they may be one JSON field', async () => {
  const { request, content } = await ingestion();
  const title = { name: 'title', value: 'Größe' };
  const tags = [
    { name: 'tags', value: 'a' },
    { name: 'tags', value: '["b", "c"]' },
  ];
  const forms = [
    form([file, title, ...tags]),
    form([title, ...tags, file]),
    form([
      { name: 'metadata', value: '{"title":"Größe","tags":["a","b","c"],"metadata":{"x":1}}' },
      file,
    ]),
  ];

  const made = [];
  for (const each of forms) {
    const response = await request('POST', '/v1/content', each);
    expect(response.statusCode).toBe(202);
    made.push(await content(response.json().id));
  }

  expect(made.map((each) => each.title)).toEqual(['Größe', 'Größe', 'Größe']);
  expect(made.map((each) => each.tags)).toEqual(Array(3).fill(['a', 'b', 'c']));
  expect(made.map((each) => each.metadata)).toEqual([{}, {}, { x: 1 }]);
  expect(made[0]?.latest).toMatchObject({ fileName: 'wiring.md', mediaType: 'text/markdown' });
});

test('a file without a title is called by its name until it has been read', async () => {
  const { request, content } = await ingestion();

  const response = await request(
    'POST',
    '/v1/content',
    form([{ ...file, fileName: 'C:\\docs\\safe_wiring ü.md' }]),
  );

  expect((await content(response.json().id)).title).toBe('safe wiring ü');
});

test('an external id that is known gets a new version and the metadata that is given', async () => {
  const { post, content } = await ingestion();
  const pushed = { ...text, sourceService: 'lms', externalId: 'lesson 7', tags: ['old'] };

  const first = await post(pushed);
  const second = await post({ ...pushed, title: 'Wiring 2', text: 'Other text.', tags: undefined });

  expect(second).toEqual({ id: first.id, version: 2, state: 'queued', unchanged: false });
  expect(await content(first.id)).toMatchObject({
    title: 'Wiring 2',
    tags: ['old'],
    latest: { version: 2 },
  });
});

test('the same bytes make nothing, and what is said about them counts', async () => {
  const { request, post, jobs, content, filesOnDisk } = await ingestion();
  const pushed = { ...text, sourceService: 'lms', externalId: 'lesson 7' };
  const first = await post(pushed);

  const again = await request('POST', '/v1/content', { body: { ...pushed, tags: ['new'] } });

  expect(again.statusCode).toBe(200);
  expect(again.json()).toEqual({ ...first, unchanged: true });
  expect((await content(first.id)).tags).toEqual(['new']);
  expect(jobs.waiting['process-version']).toHaveLength(1);
  expect(await filesOnDisk()).toHaveLength(1);
});

test('racing uploads of one external id make versions 1 and 2', async () => {
  const { post } = await ingestion();
  const pushed = { ...text, sourceService: 'lms', externalId: 'lesson 7' };

  const both = await Promise.all([post(pushed), post({ ...pushed, text: 'Other text.' })]);

  expect(both.map((each) => each.version).sort()).toEqual([1, 2]);
  expect(new Set(both.map((each) => each.id)).size).toBe(1);
});

test('an idempotency key has its effect once, for a file as for a text', async () => {
  const { request, jobs } = await ingestion();
  const send = (value: string) => {
    const { body, headers } = form([{ ...file, value }]);
    return request('POST', '/v1/content', {
      body,
      headers: { ...headers, 'idempotency-key': 'k1' },
    });
  };

  const first = await send('one');
  const again = await send('one');
  const other = await send('two');

  expect(again.json()).toEqual(first.json());
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(other.statusCode).toBe(422);
  expect(other.json().code).toBe('idempotency_key_reused');
  expect(jobs.waiting['process-version']).toHaveLength(1);
});

test('a batch has a result for each item, and a bad one does not spoil the others', async () => {
  const { request, jobs } = await ingestion();
  const pushed = { ...text, externalId: 'a' };

  const response = await request('POST', '/v1/content/batch', {
    body: { items: [text, { title: 'No text' }, pushed, { ...pushed, text: 'Newer.' }, pushed, 7] },
  });

  const { accepted, refused, items } = response.json();
  expect(response.statusCode).toBe(200);
  expect([accepted, refused]).toEqual([4, 2]);
  expect(items.map((item: { status: number }) => item.status)).toEqual([
    202, 400, 202, 202, 202, 400,
  ]);
  expect(items[1].problem).toMatchObject({ code: 'invalid_request' });
  expect(items[1].problem.detail).toContain('text');
  expect(items.slice(2, 5).map((item: { version: number }) => item.version)).toEqual([1, 2, 3]);
  expect(jobs.waiting['process-version']).toHaveLength(4);
});

test('a batch of more than 100 items, or of none, is refused', async () => {
  const { request } = await ingestion();

  const many = await request('POST', '/v1/content/batch', {
    body: { items: Array(101).fill(text) },
  });
  const none = await request('POST', '/v1/content/batch', { body: { items: [] } });

  expect([many.statusCode, none.statusCode]).toEqual([400, 400]);
});

const wrongForms: [string, { body: Buffer; headers: Record<string, string> }, string][] = [
  ['no file', form([{ name: 'title', value: 'x' }]), 'Send the file in a field named "file".'],
  ['two files', form([file, file]), 'Send one file at a time.'],
  ['three files', form([file, file, file]), 'Send one file at a time.'],
  ['an empty file', form([{ ...file, value: '' }]), 'The file is empty.'],
  ['a file in another field', form([{ ...file, name: 'document' }]), 'named "file"'],
  [
    'metadata that is not JSON',
    form([file, { name: 'metadata', value: '{oops' }]),
    '"metadata" is not valid JSON',
  ],
  [
    'metadata that is no object',
    form([file, { name: 'metadata', value: '[1]' }]),
    'not a JSON object',
  ],
  [
    'tags that are not JSON',
    form([file, { name: 'tags', value: '["a"' }]),
    '"tags" is not valid JSON',
  ],
  ['an unknown field', form([file, { name: 'content_type', value: 'course' }]), 'content_type'],
  [
    'a field twice',
    form([file, { name: 'title', value: 'a' }, { name: 'title', value: 'b' }]),
    'more than once',
  ],
  ['a title that is too long', form([file, { name: 'title', value: 'x'.repeat(501) }]), 'title'],
  ['a wrong content type', form([file, { name: 'contentType', value: 'film' }]), 'contentType'],
  ['a NUL in a field', form([file, { name: 'title', value: 'a\0b' }]), 'cannot be stored'],
  [
    'a body that is cut off',
    { ...form([file]), body: form([file]).body.subarray(0, -30) },
    'broken or was cut off',
  ],
  [
    'a body without its boundary',
    { body: Buffer.from('hello'), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    'broken or was cut off',
  ],
  [
    'a content type without a boundary',
    { ...form([file]), headers: { 'content-type': 'multipart/form-data' } },
    'broken or was cut off',
  ],
];

test('forms that are wrong are refused with a sentence, and nothing is left on disk', async () => {
  const { request, filesOnDisk, jobs } = await ingestion();

  for (const [what, sent, sentence] of wrongForms) {
    const response = await request('POST', '/v1/content', sent);

    expect.soft(response.statusCode, what).toBe(400);
    expect.soft(response.json().code, what).toBe('invalid_request');
    expect.soft(response.json().detail, what).toContain(sentence);
  }
  expect(await filesOnDisk()).toEqual([]);
  expect(jobs.waiting['process-version']).toEqual([]);
});

const wrongTexts: [string, object, number][] = [
  ['no text', { title: 'x' }, 400],
  ['an empty text', { title: 'x', text: '' }, 400],
  ['a wrong type', { title: 'x', text: 7 }, 400],
  ['a list', [text], 400],
  ['an unknown field', { ...text, content_type: 'course' }, 400],
  ['a text that is too long for a file', { title: 'x', text: 'x'.repeat(1_000_001) }, 413],
];

test('JSON that is wrong is refused, and nothing is left on disk', async () => {
  const { request, filesOnDisk } = await ingestion();

  for (const [what, body, status] of wrongTexts) {
    const response = await request('POST', '/v1/content', { body });

    expect.soft(response.statusCode, what).toBe(status);
  }
  expect(await filesOnDisk()).toEqual([]);
});

test('another content type than JSON and multipart is refused', async () => {
  const { request } = await ingestion();

  const response = await request('POST', '/v1/content', {
    body: 'title=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

  expect(response.statusCode).toBe(415);
});

test('a file past the limit is refused and removed', async () => {
  const { request, filesOnDisk } = await ingestion({ maxFileBytes: 10_000 });

  const response = await request(
    'POST',
    '/v1/content',
    form([{ ...file, value: 'x'.repeat(10_001) }]),
  );

  expect(response.statusCode).toBe(413);
  expect(response.json()).toMatchObject({ code: 'too_large', maxBytes: 10_000 });
  expect(await filesOnDisk()).toEqual([]);
});

test.each(['with', 'without'])(
  'a client that goes on sending far past the limit, %s a length, reads the refusal',
  async (length) => {
    const { app, key, filesOnDisk } = await ingestion({ maxFileBytes: 100_000 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const { body, headers } = form([{ ...file, value: Buffer.alloc(30_000_000, 'x') }]);

    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest({
        port,
        path: '/v1/content',
        method: 'POST',
        headers: {
          ...headers,
          authorization: `Bearer ${key}`,
          ...(length === 'with' ? { 'content-length': body.length } : {}),
        },
      });
      sending.on('response', (response) =>
        response.resume().on('end', () => resolve(response.statusCode)),
      );
      sending.on('error', reject);
      for (let at = 0; at < body.length; at += 65_536)
        sending.write(body.subarray(at, at + 65_536));
      sending.end();
    });

    expect(status).toBe(413);
    expect(await filesOnDisk()).toEqual([]);
  },
);

test('learners, HR managers and keys without the scope may not upload', async () => {
  const { request, person } = await ingestion();
  const learner = await person('learner');
  const manager = await person('hr_manager');
  const reader = await person('trainer', { scopes: ['content:read'] });
  const trainer = await person('trainer');

  const codes = [];
  for (const { key } of [learner, manager, reader, trainer]) {
    codes.push((await request('POST', '/v1/content', { body: text, key })).statusCode);
  }

  expect(codes).toEqual([403, 403, 403, 202]);
});

test('replacing the file makes a version, the same bytes make none', async () => {
  const { request, post } = await ingestion();
  const { id } = await post(text);

  const other = await request('PUT', `/v1/content/${id}/file`, form([file]));
  const same = await request('PUT', `/v1/content/${id}/file`, form([file]));

  expect([other.statusCode, other.json().version]).toEqual([202, 2]);
  expect(other.headers.location).toBe(`/v1/content/${id}/versions/2`);
  expect([same.statusCode, same.json()]).toEqual([200, { ...other.json(), unchanged: true }]);
});

test('replacing takes a file only, of a content that is there and one’s own', async () => {
  const { request, post, secondOrganization, filesOnDisk } = await ingestion();
  const { id } = await post(text);
  const stranger = await secondOrganization();
  const unknown = '01890a5d-ac96-774b-bcce-b302099a8057';

  const field = await request(
    'PUT',
    `/v1/content/${id}/file`,
    form([file, { name: 'title', value: 'x' }]),
  );
  const foreign = await request('PUT', `/v1/content/${id}/file`, {
    ...form([file]),
    key: stranger.key,
  });
  const missing = await request('PUT', `/v1/content/${unknown}/file`, form([file]));
  const wrong = await request('PUT', '/v1/content/7/file', form([file]));
  const json = await request('PUT', `/v1/content/${id}/file`, { body: { file: 'x' } });

  expect([field, foreign, missing, wrong, json].map((r) => r.statusCode)).toEqual([
    400, 404, 404, 400, 415,
  ]);
  expect(await filesOnDisk()).toHaveLength(1);
});

test('the API describes an upload as a form and as JSON', async () => {
  const { request } = await ingestion();

  const { paths } = (await request('GET', '/openapi.json', { key: null })).json();

  const { post } = paths['/v1/content'];
  expect(Object.keys(post.requestBody.content).sort()).toEqual([
    'application/json',
    'multipart/form-data',
  ]);
  expect(Object.keys(post.responses)).toEqual(
    expect.arrayContaining(['200', '202', '400', '403', '413', '415']),
  );
  expect(
    Object.keys(paths['/v1/content/{id}/versions/{version}/events'].get.responses['200'].content),
  ).toEqual(['text/event-stream']);
});

test('a plan without room for a file refuses it, and keeps nothing of it', async () => {
  const { request, database, principal } = await ingestion();
  const { orgId } = principal;
  const text = 'Twenty-five vacation days.';
  await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`update docent.organizations set max_storage_bytes = ${text.length} where org_id = ${orgId}`,
    ),
  );
  const upload = (title: string) => request('POST', '/v1/content', { body: { title, text } });

  const fits = await upload('First');
  const over = await upload('Second');

  expect(fits.statusCode).toBe(202);
  expect(over.statusCode).toBe(409);
  expect(over.json().detail).toMatch(/as its plan allows/);
  expect((await request('GET', '/v1/content')).json().items).toHaveLength(1);
});
