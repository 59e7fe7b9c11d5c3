import { randomUUID } from 'node:crypto';
import { parseEnv } from '@docent/core/env';
import { type Metrics, mean, metricsAt10 } from '@docent/core/metrics';
import { workerPrincipal } from '@docent/core/principal';
import { databaseEnv, IN_MEMORY } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { openDatabase } from '@docent/database/open';
import { many, run, sql } from '@docent/database/sql';
import { createOrganization } from '@docent/directory/bootstrap';
import { rebuild } from '@docent/recommendation/recommend/rebuild';
import type { TasteSettings } from '@docent/recommendation/recommend/settings';
import { rankByTaste } from '@docent/recommendation/recommend/taste';
import { z } from 'zod';
import { judge, learningFile, readJsonLines } from './learning.ts';

const Row = z.object({ user: z.int(), item: z.int() });
const DAY_MS = 86_400_000;
const signal = new AbortController().signal;

interface Learner {
  readonly id: string;
  readonly relevant: ReadonlyMap<string, number>;
  /** What is not to be found: it was there before. */
  readonly seen: ReadonlySet<string>;
}

/**
 * What learners take in the second part of their time, foretold from the first (CNPC, published split), through
 * the tables, the rebuild and the request of the service, without what a company adds: needs, readiness, diversity.
 */
export async function evaluateRecommend(evalDir: string): Promise<boolean> {
  const train = await readJsonLines(
    learningFile(evalDir, 'cnpc', 'train_valid_data_cnpc_v2.json'),
    Row,
  );
  const test = await readJsonLines(learningFile(evalDir, 'cnpc', 'test_data_cnpc_v2.json'), Row);
  // A reader that knows no environment but what it is given: on servers an organization of its own, gone afterwards.
  const database = await openDatabase({
    ...parseEnv(databaseEnv, process.env),
    DOCENT_DATA_DIR: IN_MEMORY,
    DATABASE_STATEMENT_TIMEOUT_MS: 600_000,
  });
  try {
    const { orgId } = await createOrganization(database, {
      name: 'Evaluation of recommendations',
      adminEmail: `${randomUUID()}@eval.example`,
      adminName: 'Evaluation',
      env: 'eval',
    });
    const learners = await load(database, orgId, train, test);
    console.log(
      `\nrecommend: ${learners.length} learners, ${train.length} events to learn from, ${test.length} to find (${database.kind})`,
    );
    console.log('                        Recall@10         nDCG@10     ms a request');
    const popular = await popularity(database, orgId);
    print(
      'popularity',
      await ask(learners, async ({ seen }) => popular.filter((id) => !seen.has(id))),
    );

    const built = await rebuild(database, orgId, { signal });
    const asked = (settings: TasteSettings, generation: number) =>
      ask(learners, ({ id }) =>
        rankByTaste(database, { orgId, userId: id, kind: 'course', settings, generation }),
      );
    const { settings, generation } = built;
    const together = { ...settings, next: 0, linear: 0, together: 1 };
    print('item-kNN', await asked({ ...together, decay: 1 }, generation));
    print('item-kNN, newest first', await asked(together, generation));
    const plain = await asked({ ...settings, linear: 0 }, generation);
    print('our SQL', plain);

    const slit = { ...settings, next: 0, together: 0, linear: 1 };
    const forced = await rebuild(database, orgId, { signal, settings: slit });
    const linear = await asked(forced.settings, forced.generation);
    print('with SLIT', linear);
    console.log(
      `  tables built in ${built.buildMs} ms; what the replay chose: ${JSON.stringify(settings)}`,
    );
    for (const figures of built.replay) {
      const { learners: n, ndcg, ndcgError, gain, gainError, adopted } = figures;
      console.log(
        `    ${n} learners: nDCG ${ndcg.toFixed(4)} ± ${ndcgError.toFixed(4)}, gain ${gain.toFixed(4)} ± ${gainError.toFixed(4)}${adopted ? ', adopted' : ''}: ${JSON.stringify(figures.settings)}`,
      );
    }
    const reached = [
      judge('SQL: Recall@10', mean(plain.all).recall, { min: 0.42 }),
      judge('SQL: nDCG@10', mean(plain.all).ndcg, { min: 0.26 }),
      judge('with SLIT: Recall@10', mean(linear.all).recall, { min: 0.485 }),
      judge('with SLIT: nDCG@10', mean(linear.all).ndcg, { min: 0.3 }),
    ];
    await database.withPrincipal(workerPrincipal(orgId), (tx) =>
      run(tx, sql`delete from docent.organizations where org_id = ${orgId}`),
    );
    return reached.every(Boolean);
  } finally {
    await database.close();
  }
}

/** Puts people, courses and what they began into the tables; the files have each learner's courses in order. */
async function load(
  database: Database,
  orgId: string,
  train: readonly z.infer<typeof Row>[],
  test: readonly z.infer<typeof Row>[],
): Promise<Learner[]> {
  const userIds = new Map<number, string>();
  const itemIds = new Map<number, string>();
  for (const { user, item } of [...train, ...test]) {
    if (!userIds.has(user)) userIds.set(user, randomUUID());
    if (!itemIds.has(item)) itemIds.set(item, randomUUID());
  }
  const idOf = (ids: ReadonlyMap<number, string>, number: number) => ids.get(number) ?? '';
  const places = new Map<number, number>();
  const events = train.map(({ user, item }) => {
    const place = places.get(user) ?? 0;
    places.set(user, place + 1);
    const at = new Date(Date.UTC(2025, 0, 1) + DAY_MS * place);
    return { user: idOf(userIds, user), item: idOf(itemIds, item), at };
  });
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.users (org_id, id, email, name, role)
        select ${orgId}, id, id || '@eval.example', 'A learner', 'learner'
          from unnest(${[...userIds.values()]}::uuid[]) id`,
    );
    await run(
      tx,
      sql`
        insert into docent.courses (org_id, id, title)
        select ${orgId}, id, 'Course ' || n
          from unnest(${[...itemIds.values()]}::uuid[]) with ordinality c (id, n)`,
    );
    for (let from = 0; from < events.length; from += 5_000) {
      const some = events.slice(from, from + 5_000);
      await run(
        tx,
        sql`
          insert into docent.learning_progress (org_id, id, user_id, course_id, status, progress, started_at,
                 occurred_at, source)
          select ${orgId}, gen_random_uuid(), e.user_id, e.item_id, 'in_progress', 100, e.at, e.at, 'eval'
            from unnest(${some.map(({ user }) => user)}::uuid[], ${some.map(({ item }) => item)}::uuid[],
                   ${some.map(({ at }) => at)}::timestamptz[]) e (user_id, item_id, at)`,
      );
    }
  });
  const before = Map.groupBy(train, ({ user }) => user);
  return [...Map.groupBy(test, ({ user }) => user)].map(([user, rows]) => ({
    seen: new Set((before.get(user) ?? []).map(({ item }) => idOf(itemIds, item))),
    id: idOf(userIds, user),
    relevant: new Map(rows.map(({ item }) => [idOf(itemIds, item), 1])),
  }));
}

/** The same list for everybody, whatever they had: what most people began. */
async function popularity(database: Database, orgId: string): Promise<string[]> {
  const rows = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    many(
      tx,
      z.object({ id: z.uuid() }),
      sql`
        select course_id as id
          from docent.learning_progress
         where org_id = ${orgId}
         group by course_id
         order by count(*) desc`,
    ),
  );
  return rows.map(({ id }) => id);
}

interface Asked {
  readonly all: readonly Metrics[];
  /** Mean of a request. */
  readonly ms: number;
}

async function ask(
  learners: readonly Learner[],
  recommend: (learner: Learner) => Promise<readonly string[]>,
): Promise<Asked> {
  const all: Metrics[] = [];
  const startedAt = performance.now();
  for (const learner of learners) {
    all.push(metricsAt10(await recommend(learner), learner.relevant));
  }
  return { all, ms: (performance.now() - startedAt) / learners.length };
}

function print(label: string, { all, ms }: Asked): void {
  const { recall, ndcg } = mean(all);
  const error = (of: 'recall' | 'ndcg', average: number) =>
    Math.sqrt(all.reduce((sum, each) => sum + (each[of] - average) ** 2, 0) / all.length ** 2);
  const cell = (value: number, of: 'recall' | 'ndcg') =>
    `${value.toFixed(4)} ± ${error(of, value).toFixed(4)}`.padStart(18);
  console.log(
    `  ${label.padEnd(22)}${cell(recall, 'recall')}${cell(ndcg, 'ndcg')}${ms.toFixed(1).padStart(12)}`,
  );
}
