import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { many, one, run, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { form, jobOf, testIngestion } from '../testing.ts';
import { processVersion, type WorkStep } from './process.ts';

const database = fileDatabase();
/** All tests of the file share a database; each has an organization of its own. */
const ingestion: typeof testIngestion = (config, more) =>
  testIngestion(config, { database: database(), ...more });

const sentence = (word: string) => `The ${word} of the device is checked before it is used. `;
/** Four sections, each a chunk of its own. */
const lesson = (words: readonly string[]) =>
  `# Safety\n\n${words.map((word) => `## About ${word}\n\n${sentence(word).repeat(3)}`).join('\n\n')}\n`;
const words = ['cable', 'battery', 'sensor', 'antenna'];

test('a version goes from queued to ready, and its chunks are exact slices of its text', async () => {
  const { post, work, content, version, chunks, request } = await ingestion();
  const { id } = await post({ title: 'Safety', text: lesson(words) });

  await work();

  const done = await version(id, 1);
  const stored = await chunks(id, 1);
  const text = (await request('GET', `/v1/content/${id}/versions/1/text`)).json().text;
  expect(done).toMatchObject({
    current: true,
    state: 'ready',
    error: null,
    attempts: 1,
    progress: { step: 'done', percent: 100, chunks: stored.length, embedded: stored.length },
  });
  expect(done.startedAt).not.toBeNull();
  expect(done.finishedAt).not.toBeNull();
  expect(stored.length).toBeGreaterThanOrEqual(4);
  expect(stored.map((each) => text.slice(each.span.start, each.span.end))).toEqual(
    stored.map((each) => each.text),
  );
  expect(stored.every((each) => each.embedded)).toBe(true);
  expect((await content(id)).currentVersion).toBe(1);
});

test('words find a version, in its language, as soon as its chunks are stored', async () => {
  const { post, work, database, principal } = await ingestion();
  const { id } = await post({ title: 'Sicherheit', text: lesson(words), language: 'en' });
  let found: string[] = [];

  await work({
    onStep: async (step) => {
      if (step === 'stored') found = await find(database, principal, 'which antennas?');
    },
  });

  expect(found).toEqual([id]);
});

test('title and language are the file’s own where the uploader said nothing', async () => {
  const { request, post, work, content } = await ingestion();
  const german =
    'Die Geräte werden vor der Arbeit von einem Fachmann geprüft. Wer eine Störung bemerkt, meldet sie sofort und arbeitet nicht weiter. Danach entscheidet die Leitung, ob das Gerät repariert oder ersetzt wird.';
  const html = `<html><head><title>Die Geräte</title></head><body><p>${german}</p></body></html>`;
  const { body, headers } = form([
    { name: 'file', value: html, fileName: 'x.html', type: 'text/html' },
  ]);
  const silent = (await request('POST', '/v1/content', { body, headers })).json().id;
  const told = (
    await post({ title: 'Devices', language: 'fr', text: html, mediaType: 'text/html' })
  ).id;

  await work();

  expect(await content(silent)).toMatchObject({ title: 'Die Geräte', language: 'de' });
  expect(await content(told)).toMatchObject({ title: 'Devices', language: 'fr' });
});

test('a changed document embeds only its changed chunks, and the older version is not searched', async () => {
  const { post, work, embedder, version, chunks, database, principal } = await ingestion();
  const pushed = { title: 'Safety', externalId: 'a' };
  const { id } = await post({ ...pushed, text: lesson(words) });
  await work();
  const before = embedder.batches.flat().length;

  await post({ ...pushed, text: lesson(['cable', 'battery', 'display', 'antenna']) });
  await work();

  const embedded = embedder.batches.flat().slice(before);
  expect(embedded).toHaveLength(1);
  expect(embedded[0]).toContain('display');
  expect(await version(id, 2)).toMatchObject({ current: true, state: 'ready' });
  expect(await version(id, 1)).toMatchObject({ current: false, state: 'ready' });
  expect(await chunks(id, 1)).toEqual([]);
  expect((await chunks(id, 2)).every((each) => each.embedded)).toBe(true);
  expect(await find(database, principal, 'sensor')).toEqual([]);
  expect(await orphans(database, principal)).toBe(0);
});

test('tokens of a model that is paid for are counted, for nobody in particular', async () => {
  const { post, work, database, principal } = await ingestion();
  await post({ title: 'Safety', text: lesson(words) });

  await work();

  const used = await database.withPrincipal(principal, (tx) =>
    many(
      tx,
      z.object({ purpose: z.string(), user_id: z.string(), tokens: z.coerce.number() }),
      sql`
        select purpose, user_id, tokens
          from docent.token_usage
         where org_id = ${principal.orgId}`,
    ),
  );
  expect(used).toEqual([
    {
      purpose: 'embedding',
      user_id: workerPrincipal(principal.orgId).userId,
      tokens: expect.any(Number),
    },
  ]);
  expect(used[0]?.tokens).toBeGreaterThan(4 * 3 * 10);
});

test('an older version that is processed after a newer one does not take its place', async () => {
  const { post, jobs, deps, content, version, chunks } = await ingestion();
  const pushed = { title: 'Safety', externalId: 'a' };
  const { id } = await post({ ...pushed, text: lesson(words) });
  await post({ ...pushed, text: lesson(['display']) });
  const [first, second] = jobs.waiting['process-version'];
  if (!first || !second) throw new Error('two jobs were expected');

  await processVersion(deps, jobOf(second));
  await processVersion(deps, jobOf(first));

  expect((await content(id)).currentVersion).toBe(2);
  expect((await version(id, 1)).warning).toContain('newer version');
  expect(await chunks(id, 1)).toEqual([]);
  expect((await chunks(id, 2)).length).toBeGreaterThan(0);
});

test.each<[string, string, string]>([
  ['no_text', 'text/html', '<html><body><img src="x.png"></body></html>'],
  ['too_large', 'text/plain', sentence('cable').repeat(2_000)],
])('a file that gives %s ends there with a sentence', async (state, mediaType, text) => {
  const { post, work, version, chunks } = await ingestion({ maxChunks: 20 });
  const { id } = await post({ title: 'x', text, mediaType });

  await work();

  const ended = await version(id, 1);
  expect(ended).toMatchObject({ state, current: false, progress: { step: 'done' } });
  expect(ended.error).toMatch(/^[A-Z].+\.$/);
  expect(await chunks(id, 1)).toEqual([]);
});

test('a version that failed leaves the one before it in place', async () => {
  const { post, work, content, database, principal } = await ingestion();
  const pushed = { title: 'Safety', externalId: 'a' };
  const { id } = await post({ ...pushed, text: lesson(words) });
  await work();

  await post({ ...pushed, text: '<p></p>', mediaType: 'text/html' });
  await work();

  expect(await content(id)).toMatchObject({ currentVersion: 1, latest: { state: 'no_text' } });
  expect(await find(database, principal, 'sensor')).toEqual([id]);
});

test('a file that is gone from its folder is told, not retried', async () => {
  const { post, work, version, deps, principal } = await ingestion();
  const text = lesson(words);
  const { id } = await post({ title: 'Safety', text });
  const sha256 = createHash('sha256').update(text).digest('hex');
  await rm(deps.files.pathOf(principal.orgId, sha256));

  await work();

  expect(await version(id, 1)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('Upload it again'),
  });
});

const steps: WorkStep[] = [
  'taken',
  'extracted',
  'chunked',
  'storing',
  'stored',
  'embedding',
  'embedded',
];

test.each(steps)(
  'a worker cut off at "%s" is taken over, and the outcome is that of an undisturbed run',
  async (at) => {
    const { post, jobs, deps, database, principal, version } = await ingestion();
    const { id } = await post({ title: 'Safety', text: lesson(words) });
    const [data] = jobs.waiting['process-version'];
    if (!data) throw new Error('a job was expected');
    const cut = async (step: WorkStep) => {
      if (step === at) throw new Error('cut off');
    };

    await expect(processVersion({ ...deps, onStep: cut }, jobOf(data))).rejects.toThrow('cut off');
    await processVersion(deps, jobOf(data, { attempt: 2 }));
    const resumed = await everything(database, principal, id);
    await startAgain(database, principal, id);
    await processVersion(deps, jobOf(data));
    const undisturbed = await everything(database, principal, id);

    expect(resumed.length).toBeGreaterThanOrEqual(4);
    expect(resumed).toEqual(undisturbed);
    expect(await version(id, 1)).toMatchObject({ state: 'ready', attempts: 3 });
  },
);

test.each<WorkStep>(['extracted', 'chunked', 'stored', 'embedding', 'embedded'])(
  'a worker that lost its lease at "%s" writes nothing more and stops quietly',
  async (at) => {
    const { post, jobs, deps, database, principal, version } = await ingestion();
    const { id } = await post({ title: 'Safety', text: lesson(words) });
    const [data] = jobs.waiting['process-version'];
    if (!data) throw new Error('a job was expected');
    let finished: unknown;

    let overtaken = false;
    await processVersion(
      {
        ...deps,
        onStep: async (step) => {
          if (step !== at || overtaken) return;
          overtaken = true;
          await processVersion(deps, jobOf(data, { attempt: 2 }));
          finished = await everythingWithTimes(database, principal, id);
        },
      },
      jobOf(data),
    );

    expect(overtaken).toBe(true);
    expect(await everythingWithTimes(database, principal, id)).toEqual(finished);
    expect(await version(id, 1)).toMatchObject({ state: 'ready', attempts: 2 });
  },
);

test('a job that is delivered twice does its work once', async () => {
  const { post, jobs, deps, embedder, version } = await ingestion();
  const { id } = await post({ title: 'Safety', text: lesson(words) });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');
  await processVersion(deps, jobOf(data));
  const batches = embedder.batches.length;

  await processVersion(deps, jobOf(data));

  expect(embedder.batches).toHaveLength(batches);
  expect(await version(id, 1)).toMatchObject({ state: 'ready', attempts: 1 });
});

test.each<WorkStep>(['taken', 'extracted', 'chunked', 'stored', 'embedding'])(
  'content that is deleted at "%s" leaves nothing behind',
  async (at) => {
    const { post, work, request, database, principal, filesOnDisk } = await ingestion();
    const { id } = await post({ title: 'Safety', text: lesson(words) });
    const answers: number[] = [];

    await work({
      onStep: async (step) => {
        if (step !== at || answers.length > 0) return;
        answers.push((await request('DELETE', `/v1/content/${id}`)).statusCode);
      },
    });

    expect(answers).toEqual([204]);
    expect(await orphans(database, principal)).toBe(0);
    expect(await filesOnDisk()).toEqual([]);
  },
);

test('without a model to the end, words find the version and a warning says what is missing', async () => {
  const { post, jobs, deps, database, principal, version, fill } = await ingestion();
  const down = {
    ...fakeEmbedder(),
    embed: () => Promise.reject(new AppError('model_unavailable', 'down')),
  };
  const { id } = await post({ title: 'Safety', text: lesson(words) });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');

  const first = processVersion({ ...deps, embedder: down }, jobOf(data));
  await expect(first).rejects.toMatchObject({ code: 'model_unavailable' });
  const waiting = await version(id, 1);
  await processVersion({ ...deps, embedder: down }, jobOf(data, { attempt: 5, last: true }));
  const ended = await version(id, 1);
  await fill();

  expect(waiting).toMatchObject({ state: 'embedding', current: true });
  expect(ended).toMatchObject({ state: 'ready', progress: { embedded: 0 } });
  expect(ended.warning).toContain('Only words find it');
  expect(await find(database, principal, 'antenna')).toEqual([id]);
  expect(await vectorCount(database, principal)).toBe(ended.progress.chunks);
});

test('what fails for a reason of ours is thrown to be tried again, and in the end is a failed state', async () => {
  const { post, jobs, deps, version, request } = await ingestion();
  const broken = {
    ...deps,
    cut: () => Promise.reject(new Error('a bug')),
  };
  const { id } = await post({ title: 'Safety', text: lesson(words) });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');

  await expect(processVersion(broken, jobOf(data))).rejects.toThrow('a bug');
  const between = await version(id, 1);
  await processVersion(broken, jobOf(data, { attempt: 5, last: true }));
  const ended = await version(id, 1);
  const retry = await request('POST', `/v1/content/${id}/versions/1/retry`);
  await processVersion(deps, jobOf(data));

  expect(between.state).toBe('extracting');
  expect(ended).toMatchObject({ state: 'failed', error: expect.stringMatching(/tried again/) });
  expect(retry.statusCode).toBe(202);
  expect(await version(id, 1)).toMatchObject({ state: 'ready', error: null });
});

test('a job that has cut off its worker again and again is given up', async () => {
  const { post, jobs, deps, version } = await ingestion();
  const { id } = await post({ title: 'Safety', text: lesson(words) });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');

  await processVersion(deps, jobOf(data, { attempt: 8, last: true }));

  expect(await version(id, 1)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('7 times'),
  });
});

test('a worker that is asked to stop leaves the version to the next one', async () => {
  const { post, jobs, deps, version } = await ingestion();
  const { id } = await post({ title: 'Safety', text: lesson(words) });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');
  const stopped = AbortSignal.abort(new AppError('shutting_down', 'stopping'));

  const running = processVersion(deps, jobOf(data, { attempt: 5, last: true, signal: stopped }));
  await expect(running).rejects.toThrow('stopping');
  const left = await version(id, 1);
  await processVersion(deps, jobOf(data));

  expect(left.state).toBe('extracting');
  expect((await version(id, 1)).state).toBe('ready');
});

/** Contents that the words of a question find. */
async function find(database: Database, principal: Principal, question: string): Promise<string[]> {
  const rows = await database.withPrincipal(principal, (tx) =>
    many(
      tx,
      z.object({ id: z.string() }),
      sql`select id from docent.search_learning_content(${question})`,
    ),
  );
  return rows.map((row) => row.id);
}

const Anything = z.record(z.string(), z.unknown());

/** All that a content's processing has written, but for times and attempts. */
function everything(database: Database, { orgId }: Principal, id: string) {
  return database.withPrincipal(workerPrincipal(orgId), (tx) =>
    many(
      tx,
      Anything,
      sql`
        select c.id, c.version, c.ordinal, c.content, c.start_offset, c.end_offset, c.heading_path,
               c.place, c.table_header, c.token_count, encode(c.hash, 'hex') as hash, s.config,
               s.tsv::text as tsv, e.model_id, encode(e.hash, 'hex') as vector_hash,
               e.embedding::text as embedding, v.state, v.chunk_count, v.embedded_count, v.text
          from docent.chunks c
          join docent.content_versions v
            on v.org_id = c.org_id and v.content_id = c.content_id and v.version = c.version
          join docent.chunk_search s on s.org_id = c.org_id and s.chunk_id = c.id
          join docent.chunk_embeddings e on e.org_id = c.org_id and e.chunk_id = c.id
         where c.org_id = ${orgId}
           and c.content_id = ${id}
         order by c.ordinal`,
    ),
  );
}

/** The same, with times: a later write of any kind shows. */
async function everythingWithTimes(database: Database, principal: Principal, id: string) {
  const { orgId } = principal;
  const version = await database.withPrincipal(principal, (tx) =>
    one(
      tx,
      Anything,
      sql`
        select v.*
          from docent.content_versions v
         where v.org_id = ${orgId}
           and v.content_id = ${id}`,
    ),
  );
  return { version, rows: await everything(database, principal, id) };
}

/** Puts a content back to where its upload left it. */
async function startAgain(database: Database, { orgId }: Principal, id: string): Promise<void> {
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await run(tx, sql`delete from docent.chunks where org_id = ${orgId} and content_id = ${id}`);
    await run(
      tx,
      sql`
        update docent.content
           set current_version = null
         where org_id = ${orgId}
           and id = ${id}`,
    );
    await run(
      tx,
      sql`
        update docent.content_versions
           set state = 'queued', step = 'queued', percent = 0, chunk_count = 0, embedded_count = 0,
               lease_token = ${newId()}
         where org_id = ${orgId}
           and content_id = ${id}`,
    );
  });
}

const Count = z.object({ count: z.number() });

/** Rows of versions, chunks, words and vectors whose content is gone. */
async function orphans(database: Database, { orgId }: Principal): Promise<number> {
  const row = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    one(
      tx,
      Count,
      sql`
        select ((select count(*) from docent.content_versions v
                  where v.org_id = ${orgId} and not exists (
                    select from docent.content c where c.org_id = v.org_id and c.id = v.content_id))
              + (select count(*) from docent.chunks k
                  where k.org_id = ${orgId} and not exists (
                    select from docent.content c
                     where c.org_id = k.org_id and c.id = k.content_id and c.current_version = k.version))
              + (select count(*) from docent.chunk_search s
                  where s.org_id = ${orgId} and not exists (
                    select from docent.chunks k where k.org_id = s.org_id and k.id = s.chunk_id))
              + (select count(*) from docent.chunk_embeddings e
                  where e.org_id = ${orgId} and not exists (
                    select from docent.chunks k where k.org_id = e.org_id and k.id = e.chunk_id)))::int
               as count`,
    ),
  );
  return row.count;
}

async function vectorCount(database: Database, { orgId }: Principal): Promise<number> {
  const row = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    one(
      tx,
      Count,
      sql`select count(*)::int as count from docent.chunk_embeddings where org_id = ${orgId}`,
    ),
  );
  return row.count;
}
