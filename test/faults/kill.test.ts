import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@docent/core/env';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { type Jobs, openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { many, run, sql } from '@docent/database/sql';
import { ingestionConfig, ingestionEnv } from '@docent/ingestion/config';
import { createExtractor } from '@docent/ingestion/extract/extract';
import { type FileStore, openFolder } from '@docent/ingestion/files';
import { workerDeps } from '@docent/ingestion/plugin';
import { processVersion, type WorkStep } from '@docent/ingestion/processing/process';
import { stageText } from '@docent/ingestion/upload/text';
import { acceptUpload } from '@docent/ingestion/upload/upload';
import { testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { serverDatabase, startProcess } from './process.ts';

/** Every place where a worker can be cut off; one content for each. */
const steps: WorkStep[] = [
  'taken',
  'extracted',
  'chunked',
  'storing',
  'stored',
  'embedding',
  'embedded',
  'finished',
];
/** What is promised: the work of a dead worker is in other hands after this time. */
const TAKEN_UP_MS = 30_000;

test('a worker killed at any step is replaced within 30 seconds, and the chunks are those of an undisturbed run', {
  timeout: 240_000,
}, async () => {
  const installation = await install();
  const contents = await upload(installation);
  const pauses = Object.fromEntries(contents.map((id, index) => [id, steps[index]]));

  const killed = startProcess('worker.main.ts', installation.env, {
    DOCENT_TEST_PAUSE: JSON.stringify(pauses),
  });
  await killed.said(contents.map((id) => `paused ${id}`));
  await killed.kill();
  const next = startProcess('worker.main.ts', installation.env);
  const open = contents.filter((id) => pauses[id] !== 'finished');
  await next.said(['started']);
  await next.said(
    open.map((id) => `taken ${id}`),
    TAKEN_UP_MS,
  );
  await next.said(open.map((id) => `finished ${id}`));
  const exitCode = await next.stop();

  const resumed = await rowsOf(installation, contents);
  const undisturbed = await processAgain(installation, contents);
  expect(exitCode).toBe(0);
  expect(new Set(resumed.map((row) => row.content_id))).toEqual(new Set(contents));
  expect(resumed.length).toBeGreaterThan(3 * contents.length);
  expect(resumed).toEqual(undisturbed);
});

interface Installation {
  readonly env: Record<string, string>;
  readonly principal: Principal;
  /** Opens it, as one process at a time may when it is embedded. */
  use<T>(
    work: (opened: { database: Database; jobs: Jobs; files: FileStore }) => Promise<T>,
  ): Promise<T>;
}

/** An installation with one organization: a data folder, and a database of its own on servers. */
async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'docent-kill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = process.env.DATABASE_URL === undefined ? undefined : await serverDatabase();
  const env = {
    DOCENT_DATA_DIR: folder,
    CHUNK_TOKENS: '60',
    EMBED_BATCH: '2',
    WORKER_CONCURRENCY: String(steps.length),
    ...(url === undefined ? {} : { DATABASE_URL: url }),
  };
  const settings = parseEnv(databaseEnv, env);
  const use: Installation['use'] = async (work) => {
    const database = await openDatabase(settings);
    const jobs = await openJobs(database);
    try {
      return await work({ database, jobs, files: await openFolder(join(folder, 'files')) });
    } finally {
      await jobs.close();
      await database.close();
    }
  };
  const { principal } = await use(({ database }) => testOrganization(database));
  return { env, principal, use };
}

/** One content for each step, queued. */
function upload({ use, principal }: Installation): Promise<string[]> {
  return use(async ({ database, jobs, files }) => {
    const ids: string[] = [];
    for (const step of steps) {
      const text = ['cable', 'battery', 'sensor', 'antenna', 'display']
        .map((part) => `## ${part}\n\n${`The ${part} is checked before ${step}. `.repeat(4)}`)
        .join('\n\n');
      const item = {
        title: step,
        text,
        mediaType: 'text/markdown' as const,
        sourceService: 'test',
      };
      const staged = await stageText(files, principal.orgId, item, { maxBytes: 100_000 });
      const accepted = await database.withPrincipal(principal, (tx) =>
        acceptUpload(tx, jobs, principal, staged),
      );
      ids.push(accepted.id);
    }
    return ids;
  });
}

/** All that processing has written, but for times, attempts and leases. */
function rowsOf({ use, principal: { orgId } }: Installation, ids: readonly string[]) {
  return use(({ database }) =>
    database.withPrincipal(workerPrincipal(orgId), (tx) =>
      many(
        tx,
        z.record(z.string(), z.unknown()),
        sql`
          select c.content_id, c.id, c.version, c.ordinal, c.content, c.start_offset, c.end_offset,
                 c.heading_path, c.place, c.table_header, c.token_count,
                 encode(c.hash, 'hex') as hash, s.config, s.tsv::text as tsv, e.model_id,
                 encode(e.hash, 'hex') as vector_hash, e.embedding::text as embedding,
                 v.state, v.step, v.percent, v.chunk_count, v.embedded_count, v.text, v.error,
                 v.warning, t.current_version, t.language
            from docent.content t
            join docent.content_versions v on v.org_id = t.org_id and v.content_id = t.id
            left join docent.chunks c on c.org_id = t.org_id and c.content_id = t.id
            left join docent.chunk_search s on s.org_id = c.org_id and s.chunk_id = c.id
            left join docent.chunk_embeddings e on e.org_id = c.org_id and e.chunk_id = c.id
           where t.org_id = ${orgId}
             and t.id = any (${ids}::uuid[])
           order by t.id, c.ordinal, e.model_id`,
      ),
    ),
  );
}

/** Puts the contents back to where their upload left them and processes them in one go. */
async function processAgain(installation: Installation, ids: readonly string[]) {
  const { orgId } = installation.principal;
  await installation.use(async ({ database, jobs, files }) => {
    await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
      await run(tx, sql`delete from docent.chunks where org_id = ${orgId}`);
      await run(
        tx,
        sql`
          update docent.content
             set current_version = null,
                 language = null
           where org_id = ${orgId}`,
      );
      await run(
        tx,
        sql`
          update docent.content_versions
             set state = 'queued',
                 step = 'queued',
                 text = null,
                 percent = 0,
                 chunk_count = 0,
                 embedded_count = 0,
                 lease_token = ${newId()}
           where org_id = ${orgId}`,
      );
    });
    const config = ingestionConfig(parseEnv(ingestionEnv, installation.env));
    const extractor = createExtractor();
    onTestFinished(() => extractor.close());
    const embedder = fakeEmbedder();
    const deps = { database, jobs, files, embedder, embedderById: () => null, config };
    for (const contentId of ids) {
      await processVersion(workerDeps(deps, extractor.extract, { warn: () => {} }), {
        data: { orgId, contentId, version: 1 },
        attempt: 1,
        last: false,
        signal: new AbortController().signal,
      });
    }
  });
  return rowsOf(installation, ids);
}
