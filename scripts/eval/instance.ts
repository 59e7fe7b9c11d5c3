import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCache } from '@docent/cache/cache';
import { cacheEnv } from '@docent/cache/config';
import { createClient, type DocentClient } from '@docent/client/client';
import { parseEnv } from '@docent/core/env';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { databaseEnv } from '@docent/database/config';
import { type Jobs, openJobs } from '@docent/database/jobs';
import { openDatabase } from '@docent/database/open';
import { run, sql } from '@docent/database/sql';
import { createOrganization } from '@docent/directory/bootstrap';
import { createApp } from '@docent/http/app';
import { ingestionConfig, ingestionEnv } from '@docent/ingestion/config';
import { openFolder } from '@docent/ingestion/files';
import { ingestionService } from '@docent/ingestion/plugin';
import { modelsEnv } from '@docent/models/config';
import type { ChatModel, Embedder } from '@docent/models/interfaces';
import { openModels } from '@docent/models/open';
import { queryEnv } from '@docent/query/config';
import { queryService } from '@docent/query/plugin';
import type { Search } from '@docent/query/search/interfaces';
import { makeSearch } from '@docent/query/search/search';
import { type FusionWeights, fusionWeights } from '@docent/query/search/weights';
import { z } from 'zod';

/** What a prepared database is known by; `loaded` once every passage is searchable. */
const State = z.object({ orgId: z.uuid(), key: z.string(), loaded: z.boolean() });

/** The real services on a real port, on a database that is kept for the next run. */
export interface Instance {
  readonly client: DocentClient;
  /** The same search without HTTP: also gives how rare the question's words are. */
  readonly search: Search;
  readonly principal: Principal;
  readonly model: string;
  /** Where its embedded database and its files are. */
  readonly folder: string;
  /** The passages of the set are there already. */
  readonly loaded: boolean;
  /** Counts the words, and keeps the database as loaded. */
  markLoaded(): Promise<void>;
  /** Searches with these weights from now on; null: the reviewed ones. */
  weigh(weights: FusionWeights | null): void;
  /** Looks into misspelt words from now on, or does not. */
  spell(on: boolean): void;
  close(): Promise<void>;
}

/**
 * Starts Docent for one set, by the settings of the environment: without `DATABASE_URL` on an embedded
 * database in `cacheDir`. Each set, model, schema and way of reading has a database (or organization) of
 * its own.
 *
 * @param contents what is loaded, as text: part of the name.
 */
export async function openInstance(options: {
  set: string;
  contents: string;
  cacheDir: string;
  env: Record<string, string | undefined>;
  /** Instead of the one of the settings. */
  chatModel?: ChatModel;
  /** A question that is searched again and again gets its vector once: for comparing, not for timing. */
  rememberVectors?: boolean;
}): Promise<Instance> {
  const shape = { ...databaseEnv, ...cacheEnv, ...modelsEnv, ...ingestionEnv, ...queryEnv };
  const given = parseEnv(shape, options.env);
  const opened = await openModels(given);
  const models = options.rememberVectors
    ? { ...opened, embedder: remembering(opened.embedder) }
    : opened;
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        options.contents,
        models.embedder.id,
        given.DATABASE_URL,
        given.CHUNK_TOKENS,
      ]),
    )
    .update(
      sourcesOf(
        'packages/database/migrations',
        (text) => INDEXING.test(text) && !REINDEXING.test(text),
      ),
    )
    .update(sourcesOf('services/ingestion/src/chunk'))
    .digest('hex')
    .slice(0, 12);
  const folder = join(options.cacheDir, `${options.set}-${fingerprint}`);
  mkdirSync(folder, { recursive: true });
  const config = { ...given, DOCENT_DATA_DIR: folder };

  const database = await openDatabase(config);
  const cache = await openCache(config);
  const jobs = await openJobs(database);
  const stateFile = join(folder, 'state.json');
  const state = existsSync(stateFile)
    ? State.parse(JSON.parse(readFileSync(stateFile, 'utf8')))
    : await newOrganization();
  const keep = (next: z.infer<typeof State>) => writeFileSync(stateFile, JSON.stringify(next));
  keep(state);

  async function newOrganization() {
    const { orgId, token } = await createOrganization(database, {
      name: `Evaluation ${options.set}`,
      adminEmail: `${fingerprint}@eval.example`,
      adminName: 'Evaluation',
      env: 'eval',
    });
    return { orgId, key: token, loaded: false };
  }

  let weights: FusionWeights | null = null;
  let spelling = true;
  const app = await createApp({ title: 'Evaluation', database, log: { level: 'warn' } });
  const ingestion = ingestionConfig(config);
  const services = {
    ...models,
    database,
    jobs: state.loaded ? jobs : withoutRecounts(jobs),
    weights: (modelId: string) => weights ?? fusionWeights(modelId),
    spelling: () => spelling,
  };
  await app.register(ingestionService, {
    ...services,
    files: await openFolder(ingestion.filesDir),
    config: ingestion,
  });
  await app.register(queryService, {
    ...services,
    ...(options.chatModel ? { chatModel: options.chatModel } : {}),
    cache,
    config,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  return {
    client: createClient({ url, key: state.key }),
    search: makeSearch({ ...services, log: app.log }),
    principal: workerPrincipal(state.orgId),
    model: models.embedder.id,
    folder,
    loaded: state.loaded,
    async markLoaded() {
      await database.withPrincipal(workerPrincipal(state.orgId), (tx) =>
        run(tx, sql`select docent.refresh_search_statistics(${state.orgId})`),
      );
      keep({ ...state, loaded: true });
    },
    weigh(next) {
      weights = next;
    },
    spell(on) {
      spelling = on;
    },
    async close() {
      await app.close();
      for (const resource of [jobs, cache, models, database]) await resource.close();
    },
  };
}

/**
 * The same queue for a database that is being loaded: its words are counted once, by `markLoaded`. Counting them every few
 * seconds took half of the time.
 */
function withoutRecounts(jobs: Jobs): Jobs {
  return {
    ...jobs,
    send: async (tx, queue, data, options) => {
      if (queue !== 'refresh-statistics') await jobs.send(tx, queue, data, options);
    },
  };
}

/** The same embedder, with the vectors of single texts kept. */
function remembering(embedder: Embedder): Embedder {
  const kept = new Map<string, Promise<Float32Array[]>>();
  return {
    ...embedder,
    embed: (texts, options) => {
      const [text, ...others] = texts;
      if (text === undefined || others.length > 0) return embedder.embed(texts, options);
      // Without the signal of the first who asks: the others wait for the same vector.
      const vectors = kept.get(text) ?? embedder.embed(texts);
      kept.set(text, vectors);
      return vectors;
    },
  };
}

/**
 * Migrations that say how a text is indexed: after another of them a database has to be loaded anew. All others, and those
 * that index anew what is there, bring it up to date when it is opened, as they do everywhere.
 */
const INDEXING =
  /(?:function|table) docent\.(?:bm25_vec|field_words|words|plain_words|lex_dim|fold|text_config|chunk_search)\b/;
const REINDEXING = /update docent\.chunk_search\b[^;]*\bset tsv\b/;

/** Names and texts of the files of a folder of the repository that match, as one text. */
function sourcesOf(folder: string, matching: (text: string) => boolean = () => true): string {
  const root = new URL(`../../${folder}/`, import.meta.url);
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${relative(fileURLToPath(root), path)}\n${readFileSync(path, 'utf8')}`)
    .filter(matching)
    .join('\n');
}
