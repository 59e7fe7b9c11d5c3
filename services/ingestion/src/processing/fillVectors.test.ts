import { AppError } from '@docent/core/errors';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { many, one, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { jobOf, testIngestion } from '../testing.ts';
import { missingOfVersion, upsertVectors } from './embeddings.store.ts';
import { fillVectorsOf } from './fillVectors.ts';
import { startBuilding } from './models.store.ts';
import { type ProcessDeps, processVersion } from './process.ts';

const database = fileDatabase();
/** All tests of the file share a database; each has an organization of its own. */
const ingestion: typeof testIngestion = (config, more) =>
  testIngestion(config, { database: database(), ...more });

const lesson = ['cable', 'battery', 'sensor', 'antenna', 'display']
  .map((part) => `## ${part}\n\n${`The ${part} of the device is checked first. `.repeat(4)}`)
  .join('\n\n');

test('a changed model is built up beside the old one, which searches use until the last vector is there', async () => {
  const { post, work, deps, embedder, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  await post({ title: 'Two', text: `${lesson}\n\nMore.` });
  await work();
  const chunks = (await look(database, principal)).chunks;
  const seen: Awaited<ReturnType<typeof look>>[] = [];
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  const watched: ProcessDeps = {
    ...deps,
    embedder: {
      ...next,
      embed: async (texts, options) => {
        seen.push(await look(database, principal));
        return next.embed(texts, options);
      },
    },
    embedderById: (id) => (id === embedder.id ? embedder : null),
  };

  await fillVectorsOf(watched, jobOf({ orgId: principal.orgId, modelId: next.id }));

  expect(chunks).toBeGreaterThanOrEqual(10);
  expect(seen.length).toBeGreaterThan(1);
  for (const between of seen) {
    expect(between.active).toBe(embedder.id);
    expect(between.vectors[embedder.id]).toBe(chunks);
  }
  const after = await look(database, principal);
  expect(after.active).toBe(next.id);
  expect(after.vectors).toEqual({ [next.id]: chunks });
  expect(after.statuses).toEqual({ [embedder.id]: 'retired', [next.id]: 'active' });
});

test('content that comes while a model is built up gets vectors of both, and the switch waits for it', async () => {
  const { post, work, jobs, deps, embedder, database, principal, version } = await ingestion();
  await post({ title: 'One', text: lesson });
  await work();
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  let uploaded: string | undefined;
  let between: Awaited<ReturnType<typeof look>> | undefined;
  const both = {
    embedder: next,
    embedderById: (id: string) => (id === embedder.id ? embedder : null),
  };
  const watched: ProcessDeps = {
    ...deps,
    ...both,
    embedder: {
      ...next,
      embed: async (texts, options) => {
        if (uploaded === undefined) {
          uploaded = (await post({ title: 'Two', text: `${lesson}\n\nMore.` })).id;
          await work(both);
          between = await look(database, principal);
        }
        return next.embed(texts, options);
      },
    },
  };

  await fillVectorsOf(watched, jobOf({ orgId: principal.orgId, modelId: next.id }));

  const after = await look(database, principal);
  expect(between?.active).toBe(embedder.id);
  expect(between?.vectors[embedder.id]).toBe(between?.chunks);
  expect(await version(uploaded ?? '', 1)).toMatchObject({ state: 'ready' });
  expect(after).toMatchObject({ active: next.id, vectors: { [next.id]: after.chunks } });
  expect(jobs.waiting['process-version']).toEqual([]);
});

test('an upload notices that the configured model is another one and has it built up', async () => {
  const { post, work, fill, embedder, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  await work();
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  const changed = {
    embedder: next,
    embedderById: (id: string) => (id === embedder.id ? embedder : null),
  };

  await post({ title: 'Two', text: 'A second text.' });
  await work(changed);
  const before = await look(database, principal);
  await fill(changed);
  const after = await look(database, principal);

  expect(before).toMatchObject({ active: embedder.id, statuses: { [next.id]: 'building' } });
  expect(after).toMatchObject({ active: next.id, vectors: { [next.id]: after.chunks } });
});

test('a model that went back to the one before is built up from nothing again', async () => {
  const { post, work, deps, embedder, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  await work();
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  const { orgId } = principal;
  await fillVectorsOf({ ...deps, embedder: next }, jobOf({ orgId, modelId: next.id }));

  await fillVectorsOf(deps, jobOf({ orgId, modelId: embedder.id }));

  const after = await look(database, principal);
  expect(after).toMatchObject({ active: embedder.id, vectors: { [embedder.id]: after.chunks } });
});

test('a change of model that is cut off goes on where it was', async () => {
  const { post, work, deps, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  await work();
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  const job = { orgId: principal.orgId, modelId: next.id };
  let calls = 0;
  const flaky: ProcessDeps = {
    ...deps,
    embedder: {
      ...next,
      embed: async (texts, options) => {
        calls += 1;
        if (calls === 2) throw new AppError('model_unavailable', 'down');
        return next.embed(texts, options);
      },
    },
  };

  await expect(fillVectorsOf(flaky, jobOf(job))).rejects.toMatchObject({
    code: 'model_unavailable',
  });
  await fillVectorsOf(flaky, jobOf(job, { attempt: 2 }));

  const texts = next.batches.flat();
  const after = await look(database, principal);
  expect(new Set(texts).size).toBe(texts.length);
  expect(after).toMatchObject({ active: next.id, vectors: { [next.id]: after.chunks } });
});

test('a model that is out of reach to the end is tried again later', async () => {
  const { post, work, deps, jobs, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  await work();
  const down = {
    ...fakeEmbedder({ id: 'fake:next', dimensions: 32 }),
    embed: () => Promise.reject(new AppError('model_unavailable', 'down')),
  };
  const job = { orgId: principal.orgId, modelId: down.id };

  const last = fillVectorsOf({ ...deps, embedder: down }, jobOf(job, { attempt: 5, last: true }));

  await expect(last).rejects.toMatchObject({ code: 'model_unavailable' });
  expect(jobs.waiting['embed-missing']).toEqual([job]);
  expect((await look(database, principal)).active).not.toBe(down.id);
});

test('vectors that are added while the rights of their content change have the new rights', async () => {
  const { post, work, deps, database, principal, request } = await ingestion();
  const { id } = await post({ title: 'One', text: lesson });
  await work();
  const { orgId } = principal;
  const worker = workerPrincipal(orgId);
  const next = fakeEmbedder({ id: 'fake:next', dimensions: 32 });
  const added = Promise.withResolvers<void>();

  const adding = database.withPrincipal(worker, async (tx) => {
    await startBuilding(tx, orgId, next);
    const missing = await missingOfVersion(tx, { orgId, contentId: id, version: 1 }, next.id, 100);
    const vectors = await next.embed(missing.map(({ text }) => text));
    await upsertVectors(tx, orgId, next.id, missing, vectors);
    added.resolve();
    await tx.query(sql`select pg_sleep(0.2)`);
  });
  await added.promise;
  const restricted = await request('PATCH', `/v1/content/${id}`, {
    body: { visibility: 'restricted' },
  });
  await adding;

  expect(restricted.statusCode).toBe(200);
  const open = await database.withPrincipal(worker, (tx) =>
    one(
      tx,
      z.object({ vectors: z.number(), open: z.number() }),
      sql`
        select count(*)::int as vectors, count(*) filter (where readers is null)::int as open
          from docent.chunk_embeddings
         where org_id = ${orgId}
           and model_id = ${next.id}`,
    ),
  );
  expect(open.vectors).toBeGreaterThan(0);
  expect(open.open).toBe(0);
  expect(deps.embedder.id).not.toBe(next.id);
});

test('a model that gives vectors of a wrong size never has one stored', async () => {
  const { post, deps, jobs, database, principal } = await ingestion();
  await post({ title: 'One', text: lesson });
  const [data] = jobs.waiting['process-version'];
  if (!data) throw new Error('a job was expected');
  const wrong = {
    ...fakeEmbedder(),
    embed: async (texts: readonly string[]) => texts.map(() => new Float32Array(3)),
  };

  const run = processVersion({ ...deps, embedder: wrong }, jobOf(data));

  await expect(run).rejects.toThrow('another number or size');
  expect((await look(database, principal)).vectors).toEqual({});
});

/** Models, vectors of each, and chunks of an organization. */
async function look(database: Database, { orgId }: Principal) {
  return database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    const models = await many(
      tx,
      z.object({ id: z.string(), status: z.string(), vectors: z.number() }),
      sql`
        select m.id, m.status, count(e.chunk_id)::int as vectors
          from docent.embedding_models m
          left join docent.chunk_embeddings e on e.org_id = m.org_id and e.model_id = m.id
         where m.org_id = ${orgId}
         group by m.id, m.status`,
    );
    const { chunks } = await one(
      tx,
      z.object({ chunks: z.number() }),
      sql`select count(*)::int as chunks from docent.chunks where org_id = ${orgId}`,
    );
    const stored = models.filter((model) => model.vectors > 0);
    return {
      chunks,
      active: models.find((model) => model.status === 'active')?.id,
      statuses: Object.fromEntries(models.map((model) => [model.id, model.status])),
      vectors: Object.fromEntries(stored.map((model) => [model.id, model.vectors])),
    };
  });
}
