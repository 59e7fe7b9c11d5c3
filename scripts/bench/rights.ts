import { parseEnv } from '@docent/core/env';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import { asAdministrator } from '@docent/database/administrator';
import { databaseEnv } from '@docent/database/config';
import { sql, sqlInteger, type Tx } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { makeSearch } from '@docent/query/search/search';
import { findPassages, type PassageQuery } from '@docent/query/search/search.store';
import { fusionWeights } from '@docent/query/search/weights';
import { z } from 'zod';
import { openBypass } from './bypass.ts';
import { DIMENSIONS, makeCorpus } from './corpus.ts';
import {
  type BenchDatabase,
  finishLoading,
  MODEL,
  openBenchDatabase,
  storeContent,
} from './database.ts';
import { printTimings, quantile, takeTurns } from './timing.ts';

const CHUNKS = 100_000;
const CHUNKS_OF_A_CONTENT = 20;
const QUERIES = 300;
const LIMIT = 10;
/** Of the search statement, milliseconds. */
const MOST_P95 = 30;

type Query = ReturnType<typeof makeCorpus>['queries'][number];

/**
 * The search statement of somebody who may not see everything, in an organization of 100,000 chunks: with rights,
 * without, its parts, and beside a bare vector query.
 *
 * @param options `--size 0.1` for a tenth of the chunks.
 */
export async function benchRights(
  env: NodeJS.ProcessEnv,
  options: readonly string[],
): Promise<void> {
  const share = z.coerce
    .number()
    .min(0.001)
    .max(10)
    .parse(options[1] ?? 1);
  const chunks = Math.round(CHUNKS * share);
  const bench = await openBenchDatabase(env);
  try {
    console.log(`rights: making and storing ${chunks.toLocaleString('en')} chunks`);
    const { passages, queries } = makeCorpus({ passages: chunks, queries: QUERIES });
    const startedAt = performance.now();
    const contents = Array.from({ length: Math.ceil(chunks / CHUNKS_OF_A_CONTENT) }, (_, index) =>
      passages.slice(index * CHUNKS_OF_A_CONTENT, (index + 1) * CHUNKS_OF_A_CONTENT),
    );
    // Two at a time: one waits for the other's disk.
    const store = async () => {
      for (let next = contents.pop(); next; next = contents.pop()) {
        await storeContent(bench, next, { words: true });
      }
    };
    await Promise.all([store(), store()]);
    const departmentId = await restrictSome(bench);
    await finishLoading(bench);
    console.log(`  in ${((performance.now() - startedAt) / 1000).toFixed(0)} s, with its indexes`);
    const learner: Principal = {
      ...bench.principal,
      role: 'learner',
      userId: newId(),
      departmentIds: [departmentId],
    };
    const bypass = await openBypass(bench.adminUrl, parseEnv(databaseEnv, env));
    try {
      await measure(bench, bypass.transactions.withPrincipal, learner, queries);
    } finally {
      await bypass.close();
    }
  } finally {
    await bench.close();
  }
}

/** A tenth of the content is for one department, a tenth for another one. */
async function restrictSome({ adminUrl, principal: { orgId } }: BenchDatabase): Promise<string> {
  const [own, other] = [newId(), newId()];
  await asAdministrator(adminUrl, async (client) => {
    await client.query(
      `insert into docent.departments (org_id, id, name) values ($1, $2, 'Own'), ($1, $3, 'Other')`,
      [orgId, own, other],
    );
    for (const [digit, department] of [
      ['0', own],
      ['1', other],
    ]) {
      await client.query(
        `update docent.content
            set visibility = 'restricted', visible_to_departments = array[$2::uuid]
          where org_id = $1
            and ('x' || right(id::text, 2))::bit(8)::int % 10 = $3::int`,
        [orgId, department, digit],
      );
    }
  });
  return own;
}

async function measure(
  { database }: BenchDatabase,
  withoutRights: BenchDatabase['database']['withPrincipal'],
  learner: Principal,
  queries: readonly Query[],
): Promise<void> {
  const vectorOf = new Map(
    queries.flatMap(({ text, vector }) => [
      [text, vector],
      [misspelt(text), vector],
    ]),
  );
  const search = makeSearch({
    database,
    jobs: { send: async () => {}, work: async () => {}, close: async () => {} },
    embedder: {
      ...MODEL,
      maxBatch: 64,
      embed: async (texts) => texts.flatMap((text) => vectorOf.get(text) ?? []),
      close: async () => {},
    },
    embedderById: () => null,
    log: { warn: () => undefined },
  });
  const whole = (query: string) =>
    search(
      learner,
      { query, mode: 'hybrid', limit: LIMIT, filters: {} },
      { signal: new AbortController().signal },
    );
  const statement =
    (withPrincipal: typeof withoutRights, work: (tx: Tx, query: Query) => Promise<unknown>) =>
    (query: Query) =>
      withPrincipal(learner, (tx) => work(tx, query), { readOnly: true });
  const passages = (parts: Partial<PassageQuery>) => (tx: Tx, query: Query) =>
    findPassages(tx, learner.orgId, { ...wanted(query), ...parts });
  const BARE = 'bare vector query';
  const HYBRID = 'hybrid, with rights';
  const ways = {
    [BARE]: statement(withoutRights, (tx, query) => nearest(tx, learner.orgId, query)),
    'vectors, with rights': statement(database.withPrincipal, passages({ words: false })),
    'words, with rights': statement(database.withPrincipal, passages({ vector: null })),
    [HYBRID]: statement(database.withPrincipal, passages({})),
    'hybrid, without row-level security': statement(withoutRights, passages({})),
    'hybrid, with rights and reranking': ({ text }: Query) => whole(text),
    'the same, with a misspelt word': ({ text }: Query) => whole(misspelt(text)),
  };
  await takeTurns(queries.slice(0, 60), ways);
  const timings = await takeTurns(queries, ways);
  printTimings(timings, BARE);
  const p95 = quantile(timings.find(({ label }) => label === HYBRID)?.ms ?? [], 0.95);
  console.log(
    `  the statement with rights: p95 ${p95.toFixed(1)} ms (${p95 <= MOST_P95 ? 'within' : 'OVER'} ${MOST_P95} ms)`,
  );
}

/** With two letters of the longest word exchanged. */
function misspelt(text: string): string {
  const [longest = ''] = text.split(' ').sort((a, b) => b.length - a.length);
  const at = Math.floor(longest.length / 2);
  const [left, right] = [longest[at - 1] ?? '', longest[at] ?? ''];
  return text.replace(longest, longest.slice(0, at - 1) + right + left + longest.slice(at + 1));
}

function wanted({ text, vector }: Query): PassageQuery {
  return {
    query: text,
    filters: {},
    limit: LIMIT,
    maxPerContent: LIMIT,
    withNeighbours: 0,
    words: true,
    vector: { model: MODEL, values: vector },
    weights: fusionWeights(MODEL.id),
    context: null,
  };
}

/** What a store of vectors alone would be asked: the nearest chunks, by the same index. */
function nearest(tx: Tx, orgId: string, { vector }: Query) {
  const dimensions = sqlInteger(DIMENSIONS);
  return tx.query(sql`
    select chunk_id
      from docent.chunk_embeddings e
     where e.org_id = ${orgId}
       and e.model_id = ${MODEL.id}
     order by e.embedding::halfvec(${dimensions}) <=> ${halfvec(vector)}::halfvec(${dimensions})
     limit ${LIMIT}`);
}
