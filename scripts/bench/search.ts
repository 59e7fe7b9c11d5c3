import { parseEnv } from '@docent/core/env';
import type { Sql, Tx } from '@docent/database/sql';
import { createApp } from '@docent/http/app';
import { modelsEnv } from '@docent/models/config';
import type { Embedder } from '@docent/models/interfaces';
import { openModels } from '@docent/models/open';
import { CONTEXT_WEIGHTS, contextOf } from '@docent/query/search/context';
import { makeSearch } from '@docent/query/search/search';
import { searchRoutes } from '@docent/query/search/search.routes';
import { findPassages } from '@docent/query/search/search.store';
import { fusionWeights } from '@docent/query/search/weights';
import { DIMENSIONS, type MadePassage, makeCorpus } from './corpus.ts';
import {
  type BenchDatabase,
  finishLoading,
  MODEL,
  openBenchDatabase,
  storeContent,
} from './database.ts';
import { openPeer } from './peer.ts';
import { printTimings, takeTurns } from './timing.ts';

const PASSAGES = 20_000;
const QUERIES = 300;
const CHUNKS_OF_A_CONTENT = 20;
const LIMIT = 10;

/**
 * Search over HTTP beside its bare statement and beside LangChain.js' PGVectorStore, on the same passages
 * and vectors, in turns.
 */
export async function benchSearch(env: Record<string, string | undefined>): Promise<void> {
  const bench = await openBenchDatabase(env);
  const models = await openModels(parseEnv(modelsEnv, env));
  try {
    console.log(`search: making ${PASSAGES} passages`);
    const { passages, queries } = makeCorpus({ passages: PASSAGES, queries: QUERIES });
    const vectorOf = new Map(queries.map(({ text, vector }) => [text, vector]));
    for (let from = 0; from < PASSAGES; from += CHUNKS_OF_A_CONTENT) {
      await storeContent(bench, passages.slice(from, from + CHUNKS_OF_A_CONTENT), { words: true });
    }
    await finishLoading(bench);
    console.log('search: loading the peer, with an index like ours');
    const peer = await openPeer({
      url: bench.adminUrl,
      dimensions: DIMENSIONS,
      // The question's own encoding is timed; its made vector is searched.
      embed: async (text) => {
        await models.embedder.embed([text]);
        return [...(vectorOf.get(text) ?? [])];
      },
    });
    await peer.addVectors(
      passages.map(({ vector }) => [...vector]),
      passages.map(metadataOf),
    );
    await peer.createHnswIndex();

    const known = await serve(bench, made(vectorOf));
    const encoding = await serve(bench, made(vectorOf, models.embedder));
    try {
      const statements = await captured(bench, queries);
      const ways = {
        'HTTP, hybrid': ({ text }: Query) => known.post({ query: text, limit: LIMIT }),
        'HTTP, vectors': ({ text }: Query) =>
          known.post({ query: text, limit: LIMIT, mode: 'vectors' }),
        'HTTP, words': ({ text }: Query) =>
          known.post({ query: text, limit: LIMIT, mode: 'words' }),
        'SQL, hybrid': ({ text }: Query) =>
          bench.database.withPrincipal(
            bench.principal,
            (tx) => tx.query(statements.get(text) ?? missing(text)),
            { readOnly: true },
          ),
        PGVectorStore: ({ vector }: Query) => peer.search([...vector], LIMIT),
      };
      // Caches, plans and connections are warm before anything is timed.
      await takeTurns(queries.slice(0, 50), ways);
      const timings = await takeTurns(queries, ways);
      console.log(
        `\nsearch: ${PASSAGES} passages of ${DIMENSIONS} dimensions, ${QUERIES} queries, ${LIMIT} results`,
      );
      printTimings(timings, 'PGVectorStore');

      const encoded = {
        'HTTP, hybrid': ({ text }: Query) => encoding.post({ query: text, limit: LIMIT }),
        PGVectorStore: ({ text }: Query) => peer.searchText(text, LIMIT),
      };
      await takeTurns(queries.slice(0, 20), encoded);
      console.log('\nsearch: the same, with the built-in encoder reading the question first');
      printTimings(await takeTurns(queries, encoded), 'PGVectorStore');
    } finally {
      await known.close();
      await encoding.close();
      await peer.close();
    }
  } finally {
    await models.close();
    await bench.close();
  }
}

type Query = ReturnType<typeof makeCorpus>['queries'][number];

function metadataOf({ text }: MadePassage, index: number) {
  return {
    text,
    metadata: {
      content: Math.floor(index / CHUNKS_OF_A_CONTENT),
      ordinal: index % CHUNKS_OF_A_CONTENT,
    },
  };
}

function missing(text: string): never {
  throw new Error(`no statement for ${text}`);
}

/** An encoder that knows the vectors of the queries; `first` is asked before, for its time. */
function made(vectorOf: ReadonlyMap<string, Float32Array>, first?: Embedder): Embedder {
  return {
    ...MODEL,
    maxBatch: 64,
    embed: async (texts) => {
      if (first) await first.embed(texts);
      return texts.map((text) => vectorOf.get(text) ?? missing(text));
    },
    close: async () => {},
  };
}

/** The search route on a port of its own. */
async function serve({ database, key }: BenchDatabase, embedder: Embedder) {
  const app = await createApp({ title: 'Benchmark', database, log: false });
  await app.register(searchRoutes, {
    search: makeSearch({
      database,
      jobs: { send: async () => {}, work: async () => {}, close: async () => {} },
      embedder,
      embedderById: () => null,
      log: app.log,
    }),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    async post(body: object) {
      const response = await fetch(`${url}/v1/search`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text;
    },
    close: () => app.close(),
  };
}

/** The statement that a hybrid search sends for each query. */
async function captured(
  { principal }: BenchDatabase,
  queries: readonly Query[],
): Promise<Map<string, Sql>> {
  const statements = new Map<string, Sql>();
  for (const { text, vector } of queries) {
    const tx: Tx = {
      query: async (statement) => {
        statements.set(text, statement);
        return { rows: [{ terms: [], passages: [], neighbours: [] }], rowCount: 1 };
      },
    };
    await findPassages(tx, principal.orgId, {
      query: text,
      filters: {},
      limit: LIMIT,
      maxPerContent: LIMIT,
      withNeighbours: 0,
      words: true,
      vector: { model: MODEL, values: vector },
      weights: fusionWeights(MODEL.id),
      context: contextOf(principal, 'en', CONTEXT_WEIGHTS),
    });
  }
  return statements;
}
