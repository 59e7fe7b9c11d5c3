import { workerPrincipal } from '@docent/core/principal';
import { asAdministrator } from '@docent/database/administrator';
import { run, sql } from '@docent/database/sql';
import { ensureIndex } from '@docent/ingestion/processing/models.store';
import { DIMENSIONS, type MadePassage, makeCorpus } from './corpus.ts';
import { type BenchDatabase, MODEL, openBenchDatabase, storeContent } from './database.ts';
import type { Peer } from './peer/pgVectorStore.d.mts';
import { openPeer } from './peer.ts';
import { quantile } from './timing.ts';

const BATCH = 500;
const ROUNDS = 8;

/**
 * Chunks a second of the statements that ingestion stores with, beside LangChain.js' PGVectorStore with
 * the same vectors: batches of 500 in turns, without and with an HNSW index on both.
 */
export async function benchIngest(env: Record<string, string | undefined>): Promise<void> {
  const bench = await openBenchDatabase(env);
  const peer = await openPeer({
    url: bench.adminUrl,
    dimensions: DIMENSIONS,
    embed: async () => [],
  }).catch(async (error: unknown) => {
    await bench.close();
    throw error;
  });
  try {
    const { passages } = makeCorpus({ passages: BATCH * ROUNDS, queries: 0 });
    const batches = Array.from({ length: ROUNDS }, (_, round) =>
      passages.slice(round * BATCH, (round + 1) * BATCH),
    );
    console.log(
      `ingest: median of ${ROUNDS - 1} batches of ${BATCH} chunks of ${DIMENSIONS} dimensions, chunks a second`,
    );
    for (const words of [true, false]) {
      await clear(bench, peer);
      await compare(bench, peer, batches, { words, index: false });
    }
    await bench.database.withPrincipal(workerPrincipal(bench.principal.orgId), (tx) =>
      ensureIndex(tx, MODEL),
    );
    await peer.createHnswIndex();
    for (const words of [true, false]) {
      await clear(bench, peer);
      await compare(bench, peer, batches, { words, index: true });
    }
  } finally {
    await peer.close();
    await bench.close();
  }
}

/** Both begin with one batch that the planner knows of, as in an installation in use, and take turns. */
async function compare(
  bench: BenchDatabase,
  peer: Peer,
  batches: readonly (readonly MadePassage[])[],
  { words, index }: { words: boolean; index: boolean },
): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const [round, batch] of batches.entries()) {
    if (round === 1) {
      await asAdministrator(bench.adminUrl, (client) => client.query('analyze'));
      ours.pop();
      theirs.pop();
    }
    const store = async () =>
      ours.push(await rate(batch, () => storeContent(bench, batch, { words })));
    const add = async () =>
      theirs.push(
        await rate(batch, () =>
          peer.addVectors(
            batch.map(({ vector }) => [...vector]),
            batch.map(({ text }, ordinal) => ({ text, metadata: { ordinal } })),
          ),
        ),
      );
    for (const step of round % 2 === 0 ? [store, add] : [add, store]) await step();
  }
  const [own, peers] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  const label = `${words ? 'chunks, words and vectors' : 'chunks and vectors'}, ${index ? 'with' : 'no'} HNSW index`;
  console.log(
    `  ${label.padEnd(46)}${own.toFixed(0).padStart(6)}   PGVectorStore.addVectors ${peers.toFixed(0).padStart(6)}   ratio ${(own / peers).toFixed(2)}`,
  );
}

/** Chunks a second. */
async function rate(batch: readonly MadePassage[], work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (batch.length * 1_000) / (performance.now() - startedAt);
}

async function clear(bench: BenchDatabase, peer: Peer): Promise<void> {
  const { database, principal } = bench;
  await database.withPrincipal(principal, (tx) =>
    run(tx, sql`delete from docent.content where org_id = ${principal.orgId}`),
  );
  await peer.clear();
  // What was deleted would still be walked through in the index.
  await asAdministrator(bench.adminUrl, (client) => client.query('vacuum analyze'));
}
