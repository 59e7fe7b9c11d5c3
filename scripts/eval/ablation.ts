import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsAt10 } from '@docent/core/metrics';
import { termSpans } from '@docent/core/text';
import { asEmbeddedAdministrator } from '@docent/database/embeddedAdministrator';
import { tidy } from '@docent/query/chat/tidy';
import { z } from 'zod';
import { AS_IT_IS, ablateFollowUps, type Row } from './ablationFollowUps.ts';
import { meanOf, spread } from './estimate.ts';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { type RetrievalSet, readSet } from './sets.ts';

const SETS = ['squad2-dev', 'clapnq-dev', 'product-docs-dev', 'cranfield', 'cisi'];
/** Conversations: what they take from earlier questions has a table of its own. */
const CONVERSATIONS = 'canard';
/** Questions of a set, evenly spread. */
const QUESTIONS = 75;

type Queries = RetrievalSet['queries'];
type Ranking = (instance: Instance, query: string) => Promise<string[]>;

/** A default, changed. Without anything it is the default itself, which the others are compared with. */
interface Change {
  readonly name: string;
  readonly rank?: Ranking;
  /** Share of the vectors in the fusion. */
  readonly vectors?: number;
  /** Text of a function of the database, replaced; then all chunks are indexed again. */
  readonly sql?: {
    readonly function: 'bm25_vec';
    readonly replace: readonly (readonly [from: string, to: string])[];
  };
  /** Ask with a misspelt word; compared with the change of this name. */
  readonly misspelt?: true;
  readonly spelling?: boolean;
  readonly against?: string;
}

const served = ranking({});
const k1 = (value: string, plusOne: string): Change => ({
  name: `k1 ${value} (1.2)`,
  sql: {
    function: 'bm25_vec',
    replace: [
      ['1.2::float8', `${value}::float8`],
      ['2.2::float8', `${plusOne}::float8`],
    ],
  },
});
const b = (value: string, rest: string): Change => ({
  name: `b ${value} (0.75)`,
  sql: {
    function: 'bm25_vec',
    replace: [['0.25::float8 + 0.75::float8', `${rest}::float8 + ${value}::float8`]],
  },
});
const title = (name: string, extra: string): Change => ({
  name: `title counts ${name} (2)`,
  sql: {
    function: 'bm25_vec',
    replace: [
      [
        "cardinality(array_positions(weights, 'A'))",
        `${extra}::float8 * cardinality(array_positions(weights, 'A'))`,
      ],
    ],
  },
});
const CHANGES: readonly Change[] = [
  { name: 'words alone', rank: ranking({ mode: 'words' }) },
  { name: 'vectors alone', rank: ranking({ mode: 'vectors' }) },
  ...[0.2, 0.3, 0.5, 0.6].map((share) => ({ name: `vectors ${share} (0.4)`, vectors: share })),
  { name: 'no reranking', rank: ranking({ rerank: false }) },
  { name: 'reranked 10 (30)', rank: ranking({ reranked: 10 }) },
  { name: 'reranked 60 (30)', rank: ranking({ reranked: 60 }) },
  ...[1, 3, 8].map((count) => ({
    name: `passages of a document ${count} (2)`,
    rank: sources(count),
    against: 'sources of an answer',
  })),
  { name: 'a misspelt word', misspelt: true },
  k1('0.9', '1.9'),
  k1('1.6', '2.6'),
  b('0.4', '0.6'),
  b('0.9', '0.1'),
  title('1', '0'),
  title('3', '2'),
  {
    name: 'a misspelt word, not looked for',
    misspelt: true,
    spelling: false,
    against: 'a misspelt word',
  },
];

/**
 * Changes each default of the search and prints nDCG@10, with the difference to the default and its standard error:
 * of the same questions, so that what makes them hard is gone.
 *
 * Works on copies of the prepared embedded databases: some defaults stand in functions of the database.
 */
export async function runAblation(
  names: readonly string[],
  options: {
    readonly evalDir: string;
    readonly cacheDir: string;
    readonly env: Record<string, string | undefined>;
    readonly say: (line: string) => void;
  },
): Promise<void> {
  const wanted = names.length > 0 ? names : [...SETS, CONVERSATIONS];
  const columns = new Map<string, ReadonlyMap<string, Row>>();
  for (const name of wanted.filter((each) => each !== CONVERSATIONS)) {
    columns.set(name, await ablate(name, options));
    // After each set: hours are not lost with the last one.
    printTable(columns);
  }
  if (wanted.includes(CONVERSATIONS)) {
    printTable(new Map([[CONVERSATIONS, await ablateFollowUps(options)]]));
  }
}

/** A line for each change, a column for each set. */
function printTable(columns: ReadonlyMap<string, ReadonlyMap<string, Row>>): void {
  const heads = [...columns].map(([set, rows]) => `${set} (n ${rows.get(AS_IT_IS)?.value.n ?? 0})`);
  console.log(`\n| nDCG@10, difference ± standard error | ${heads.join(' | ')} |`);
  console.log(`|${' --- |'.repeat(columns.size + 1)}`);
  const labels = new Set([...columns.values()].flatMap((rows) => [...rows.keys()]));
  for (const label of labels) {
    const cells = [...columns.values()].map((rows) => cellOf(rows.get(label)));
    console.log(`| ${label} | ${cells.join(' | ')} |`);
  }
}

function cellOf(row: Row | undefined): string {
  if (!row) return '';
  const short = (one: number) => one.toFixed(3).replace(/^(-?)0(?=\.)/, '$1');
  const { value, change } = row;
  if (change === null) return short(value.value);
  const sign = change.value >= 0 ? '+' : '';
  return `${short(value.value)} ${sign}${short(change.value)} ±${short(change.se)}`;
}

async function ablate(
  name: string,
  { evalDir, cacheDir, env, say }: Parameters<typeof runAblation>[1],
): Promise<Map<string, Row>> {
  const set = await readSet(evalDir, name);
  const queries = spread(set.queries, QUESTIONS);
  const copies = mkdtempSync(join(tmpdir(), 'docent-ablation-'));
  const openIn = (folder: string) =>
    openInstance({
      set: name,
      contents: JSON.stringify(set.passages),
      cacheDir: folder,
      env: { ...env, DATABASE_URL: undefined },
      rememberVectors: true,
    });
  try {
    const original = await openIn(cacheDir);
    const passageOf = await loadSet(original, set, (line) => say(`${name}: ${line}`)).finally(() =>
      original.close(),
    );
    cpSync(original.folder, join(copies, 'prepared', lastOf(original.folder)), { recursive: true });

    const results = new Map<string, number[]>();
    const plain = await openIn(join(copies, 'prepared'));
    try {
      results.set(AS_IT_IS, await measure(plain, queries, passageOf, { name: AS_IT_IS }));
      results.set(
        'sources of an answer',
        await measure(plain, queries, passageOf, { name: '', rank: sources(2) }),
      );
      for (const change of CHANGES.filter(({ sql }) => !sql)) {
        results.set(change.name, await measure(plain, queries, passageOf, change));
      }
    } finally {
      await plain.close();
    }
    for (const change of CHANGES.filter(({ sql }) => sql)) {
      const folder = join(copies, 'changed');
      rmSync(folder, { recursive: true, force: true });
      cpSync(join(copies, 'prepared'), folder, { recursive: true });
      const [inside = ''] = readdirSync(folder);
      await changeFunction(join(folder, inside), change);
      const changed = await openIn(folder);
      try {
        results.set(change.name, await measure(changed, queries, passageOf, change));
      } finally {
        await changed.close();
      }
      say(`${name}: ${change.name}`);
    }
    return rowsOf(results);
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

function rowsOf(results: ReadonlyMap<string, readonly number[]>): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const [name, values] of results) {
    const against = CHANGES.find((one) => one.name === name)?.against ?? AS_IT_IS;
    const before = results.get(against) ?? [];
    const isDefault = name === AS_IT_IS || name === 'sources of an answer';
    const change = isDefault
      ? null
      : meanOf(values.map((value, index) => value - (before[index] ?? Number.NaN)));
    rows.set(name, { value: meanOf(values), change });
  }
  return rows;
}

/** nDCG@10 of each question. */
async function measure(
  instance: Instance,
  queries: Queries,
  passageOf: ReadonlyMap<string, string>,
  { rank = served, vectors, misspelt, spelling = true }: Change,
): Promise<number[]> {
  instance.weigh(vectors === undefined ? null : { words: 1 - vectors, vectors });
  instance.spell(spelling);
  const values: number[] = [];
  for (const { text, relevant } of queries) {
    const query = text.trim().slice(0, 4_000);
    const contentIds = await rank(instance, misspelt ? misspell(query) : query);
    const found = [...new Set(contentIds)].map((id) => passageOf.get(id) ?? id);
    values.push(metricsAt10(found, relevant).ndcg);
  }
  instance.weigh(null);
  instance.spell(true);
  return values;
}

/** Contents as the search ranks them, best first. */
function ranking({
  mode = 'hybrid' as 'hybrid' | 'words' | 'vectors',
  rerank = true,
  reranked = 30,
}): Ranking {
  return async ({ client, search, principal }, query) => {
    if (reranked === 30) {
      const { passages } = await client.search({
        query,
        mode,
        rerank,
        limit: 10,
        maxPerContent: 1,
      });
      return passages.map(({ contentId }) => contentId);
    }
    // At least 30 are reranked, and as many as are asked for: fewer are a cut of the fusion's order.
    const { signal } = new AbortController();
    const input = { query, filters: {}, mode, maxPerContent: 1 };
    const limit = Math.max(30, reranked);
    const { passages } = await search(principal, { ...input, limit }, { signal });
    const fused = await search(principal, { ...input, limit: 10, rerank: false }, { signal });
    const within = new Set(fused.passages.map(({ id }) => id));
    return passages
      .filter(({ id }) => reranked >= 30 || within.has(id))
      .slice(0, 10)
      .map(({ contentId }) => contentId);
  };
}

/** Contents of the eight passages that an answer is written from, with at most so many passages of each. */
function sources(perContent: number): Ranking {
  return async ({ search, principal }, query) => {
    const { signal } = new AbortController();
    const input = { query, filters: {}, limit: 30, mode: 'hybrid' as const };
    const { passages } = await search(principal, input, { signal });
    return tidy(passages, { passages: 8, perContent }).map(({ contentId }) => contentId);
  };
}

/** Its longest word with two letters in the middle exchanged. */
function misspell(query: string): string {
  const [longest] = termSpans(query).sort((a, b) => b.end - b.start - (a.end - a.start));
  if (!longest) return query;
  const at = Math.floor((longest.start + longest.end) / 2);
  return `${query.slice(0, at - 1)}${query[at] ?? ''}${query[at - 1] ?? ''}${query.slice(at + 1)}`;
}

const Definition = z.tuple([z.object({ definition: z.string() })]);

async function changeFunction(folder: string, { name, sql: change }: Change): Promise<void> {
  if (!change) return;
  await asEmbeddedAdministrator({ DOCENT_DATA_DIR: folder }, async (client) => {
    const { rows } = await client.query(
      `select pg_get_functiondef(p.oid) as definition
         from pg_proc p
        where p.oid = (select oid from pg_proc
                        where pronamespace = 'docent'::regnamespace
                          and proname = $1)`,
      [change.function],
    );
    let [{ definition }] = Definition.parse(rows);
    for (const [from, to] of change.replace) {
      if (!definition.includes(from)) {
        throw new Error(`${name}: docent.${change.function} does not have “${from}” any more.`);
      }
      definition = definition.replace(from, to);
    }
    await client.query(definition);
    // The weights of a chunk's words are made from its text anew.
    await client.query('update docent.chunk_search set tsv = tsv');
  });
}

function lastOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
