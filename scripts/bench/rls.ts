import { parseEnv } from '@docent/core/env';
import type { Principal } from '@docent/core/principal';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { listPeople } from '@docent/directory/people/people.store';
import { findContent, listContent } from '@docent/ingestion/content/content.store';
import { listConversations } from '@docent/query/chat/conversations.store';
import { findMessage, listMessages } from '@docent/query/chat/messages.store';
import { findPassages } from '@docent/query/search/search.store';
import { fusionWeights } from '@docent/query/search/weights';
import { findProgress, listProgress } from '@docent/recommendation/progress/progress.store';
import { z } from 'zod';
import type { Transactions } from '../../packages/database/src/internal/transactions.ts';
import { openBypass } from './bypass.ts';
import { openBenchDatabase } from './database.ts';
import { loadOrganizations, RLS_MODEL, type Sample, type Size } from './rlsData.ts';
import { quantile, type Timing, takeTurns } from './timing.ts';

const FULL: Size = { organizations: 100, smallRows: 1_000_000, chunks: 100_000 };
const CALLS = 400;
const SEARCHES = 200;
const LIMIT = 20;

type Transaction = Transactions['withPrincipal'];
type Statement = (tx: Tx, sample: Sample) => Promise<unknown>;

/**
 * The statements that are asked most often, as the application and as a role that row-level security does not
 * bind: the same statement, conditions and transaction, without policies.
 *
 * @param options `--size 0.1` for a tenth of everything.
 */
export async function benchRls(
  env: Record<string, string | undefined>,
  options: readonly string[],
): Promise<void> {
  const share = z.coerce
    .number()
    .min(0.001)
    .max(10)
    .parse(options[1] ?? 1);
  const size: Size = {
    organizations: Math.max(2, Math.round(FULL.organizations * Math.min(1, share * 2))),
    smallRows: Math.round(FULL.smallRows * share),
    chunks: Math.round(FULL.chunks * share),
  };
  const bench = await openBenchDatabase(env);
  try {
    console.log(
      `rls: ${size.organizations} organizations, ${size.smallRows.toLocaleString('en')} small rows, ${size.chunks.toLocaleString('en')} chunks`,
    );
    const samples = await loadOrganizations(bench.adminUrl, size);
    const bypass = await openBypass(bench.adminUrl, parseEnv(databaseEnv, env));
    try {
      await compare(bench.database, bypass.transactions, samples);
    } finally {
      await bypass.close();
    }
  } finally {
    await bench.close();
  }
}

async function compare(
  database: Database,
  bypass: Transactions,
  samples: readonly Sample[],
): Promise<void> {
  console.log(`\n  ${'statement'.padEnd(40)}   with p50   with p95    without p50   ratio`);
  const ratios: number[] = [];
  for (const { label, caller, run, calls, keepPlans } of statements()) {
    const inputs = Array.from(
      { length: calls },
      (_, call) => samples[call % samples.length],
    ).filter((sample) => sample !== undefined);
    const way = (transaction: Transaction) => (sample: Sample) =>
      transaction(caller(sample), (tx) => run(tx, sample), { readOnly: true, keepPlans });
    const ways = { with: way(database.withPrincipal), without: way(bypass.withPrincipal) };
    await sameRows(inputs[0], ways);
    await takeTurns(inputs.slice(0, Math.ceil(calls / 4)), ways);
    const [withRls, without] = await takeTurns(inputs, ways);
    if (withRls && without) ratios.push(printLine(label, withRls, without));
  }
  console.log(`  largest ratio ${Math.max(...ratios).toFixed(2)}`);
}

/** What is compared must be the same answer. */
async function sameRows(
  sample: Sample | undefined,
  ways: Record<'with' | 'without', (sample: Sample) => Promise<unknown>>,
): Promise<void> {
  if (sample === undefined) return;
  const [a, b] = [
    JSON.stringify(await ways.with(sample)),
    JSON.stringify(await ways.without(sample)),
  ];
  if (a !== b) throw new Error(`with policies ${a.slice(0, 300)}\nwithout ${b.slice(0, 300)}`);
  if (a === '[]' || a === 'null') throw new Error('the statement finds nothing');
}

function printLine(label: string, withRls: Timing, without: Timing): number {
  const [p50, p95, base] = [
    quantile(withRls.ms, 0.5),
    quantile(withRls.ms, 0.95),
    quantile(without.ms, 0.5),
  ];
  const ratio = p50 / base;
  console.log(
    `  ${label.padEnd(40)}${p50.toFixed(2).padStart(8)} ms${p95.toFixed(2).padStart(8)} ms${base.toFixed(2).padStart(12)} ms${ratio.toFixed(2).padStart(8)}`,
  );
  return ratio;
}

function statements(): {
  label: string;
  caller: (sample: Sample) => Principal;
  run: Statement;
  calls: number;
  /** As the service asks for it. */
  keepPlans: boolean;
}[] {
  const page = { after: null, limit: LIMIT };
  const as = (role: 'learner' | 'hr_manager') => (sample: Sample) => principalOf(sample, role);
  const learner = as('learner');
  const plain = (label: string, caller: (sample: Sample) => Principal, run: Statement) => ({
    label,
    caller,
    run,
    calls: CALLS,
    keepPlans: true,
  });
  return [
    plain('conversations, 20 of the own', learner, (tx, sample) =>
      listConversations(tx, learner(sample), { words: null, ...page }),
    ),
    plain('messages of a conversation', learner, (tx, sample) =>
      listMessages(tx, learner(sample), sample.conversation, page),
    ),
    plain('one message', learner, (tx, sample) => findMessage(tx, learner(sample), sample.message)),
    plain('content, 20 of the newest', learner, (tx, sample) =>
      listContent(tx, sample.org, {}, 'newest', null, LIMIT),
    ),
    plain('one content', learner, (tx, sample) => findContent(tx, sample.org, sample.content)),
    plain('progress, 20 of the own', learner, (tx, sample) =>
      listProgress(tx, sample.org, sample.learner, {}, null, LIMIT),
    ),
    plain('progress of somebody, by HR', as('hr_manager'), (tx, sample) =>
      findProgress(tx, sample.org, { userId: sample.learner, itemId: sample.course }),
    ),
    plain('people, 20 by name', learner, (tx, sample) =>
      listPeople(
        tx,
        learner(sample),
        { subtree: false },
        { pattern: null, after: null, limit: LIMIT },
      ),
    ),
    {
      label: 'search, words and vectors',
      caller: learner,
      calls: SEARCHES,
      keepPlans: false,
      run: (tx, sample) => findPassages(tx, sample.org, question()),
    },
  ];
}

let asked = 0;

/** Both ways are asked the same, one after the other. */
function question() {
  const turn = Math.floor(asked++ / 2);
  const words = [3, 7, 11].map((step) => `word${(turn * step * 37) % 3000}`);
  return {
    query: words.join(' '),
    filters: {},
    limit: 10,
    maxPerContent: 3,
    withNeighbours: 0,
    words: true,
    vector: {
      model: RLS_MODEL,
      values: Float32Array.from({ length: RLS_MODEL.dimensions }, (_, place) =>
        Math.sin(turn + place * (1 + (turn % 7))),
      ),
    },
    weights: fusionWeights(RLS_MODEL.id),
    context: null,
  };
}

function principalOf(sample: Sample, role: 'learner' | 'hr_manager'): Principal {
  return {
    orgId: sample.org,
    userId: role === 'learner' ? sample.learner : sample.manager,
    role,
    departmentIds: [sample.department],
    scopes: ['*'],
  };
}
