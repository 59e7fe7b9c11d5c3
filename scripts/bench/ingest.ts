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
    console.log(`ingest: ${ROUNDS} batches of ${BATCH} chunks of ${DIMENSIONS} dimensions`);
    await compare(bench, peer, batches, 'without an index of the vectors');
    await clear(bench, peer);
    await bench.database.withPrincipal(bench.principal, (tx) => ensureIndex(tx, MODEL));
    await peer.createHnswIndex();
    await compare(bench, peer, batches, 'with an HNSW index (m 16, ef_construction 128)');
  } finally {
    await peer.close();
    await bench.close();
  }
}

async function compare(
  bench: BenchDatabase,
  peer: Peer,
  batches: readonly (readonly MadePassage[])[],
  title: string,
): Promise<void> {
  const ways = {
    'chunks, words and vectors': (batch: readonly MadePassage[]) =>
      storeContent(bench, batch, { words: true }),
    'chunks and vectors': (batch: readonly MadePassage[]) =>
      storeContent(bench, batch, { words: false }),
    'PGVectorStore.addVectors': (batch: readonly MadePassage[]) =>
      peer.addVectors(
        batch.map(({ vector }) => [...vector]),
        batch.map(({ text }, ordinal) => ({ text, metadata: { ordinal } })),
      ),
  };
  const rates = new Map<string, number[]>();
  for (const [round, batch] of batches.entries()) {
    const entries = Object.entries(ways);
    for (let step = 0; step < entries.length; step += 1) {
      const [label, store] = entries[(round + step) % entries.length] ?? [];
      if (!label || !store) continue;
      const startedAt = performance.now();
      await store(batch);
      const rate = (batch.length * 1_000) / (performance.now() - startedAt);
      rates.set(label, [...(rates.get(label) ?? []), rate]);
    }
  }
  const peerRate = quantile(rates.get('PGVectorStore.addVectors') ?? [], 0.5);
  console.log(`\ningest, ${title}:   chunks a second (median)   / PGVectorStore`);
  for (const [label, values] of rates) {
    const rate = quantile(values, 0.5);
    console.log(
      `  ${label.padEnd(28)}${rate.toFixed(0).padStart(8)}${(rate / peerRate).toFixed(2).padStart(10)}`,
    );
  }
}

async function clear({ database, principal }: BenchDatabase, peer: Peer): Promise<void> {
  await database.withPrincipal(principal, (tx) =>
    run(tx, sql`delete from docent.content where org_id = ${principal.orgId}`),
  );
  await peer.clear();
}
