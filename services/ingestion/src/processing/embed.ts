import type { Principal } from '@docent/core/principal';
import { countTokens } from '@docent/core/tokens';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { recordWorkerTokens } from '@docent/database/usage';
import type { Embedder } from '@docent/models/interfaces';
import { fillVectors } from '../content/reindex.ts';
import {
  countEmbedded,
  type Missing,
  missingOfVersion,
  upsertVectors,
} from './embeddings.store.ts';
import { holdLease, type Lease, showEmbedded } from './lease.store.ts';
import { activateFirst, liveModels, startBuilding } from './models.store.ts';

export interface EmbeddingDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** Embeds new texts. */
  readonly embedder: Embedder;
  /** The embedder of a model that is still in use; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
  readonly embedBatch: number;
}

/** Chunks that are looked up at a time, in batches of the embedder. */
const BATCHES_PER_PAGE = 8;

/**
 * Gives every chunk of a version its vector of each model in use, batch by batch, showing progress.
 * Chunks that have one already (carried over, or made before a restart) are not embedded again.
 *
 * @param afterBatch called when a batch is stored
 * @throws LeaseLost, or AppError of the embedder.
 */
export async function embedVersion(
  deps: EmbeddingDeps,
  principal: Principal,
  lease: Lease,
  { signal, afterBatch }: { signal: AbortSignal; afterBatch: () => Promise<void> },
): Promise<void> {
  const { database } = deps;
  for (;;) {
    // Asked again for every page: searches may have been switched to another model meanwhile.
    const page = await database.withPrincipal(principal, (tx) => nextPage(tx, deps, lease));
    if (page === null) return;
    const { embedder, size, chunks } = page;
    let { embedded } = page;
    for (let from = 0; from < chunks.length; from += size) {
      const batch = chunks.slice(from, from + size);
      const vectors = await embedTexts(embedder, batch, signal);
      embedded += page.lastModel ? batch.length : 0;
      await database.withPrincipal(principal, async (tx) => {
        await holdLease(tx, lease);
        await storeVectors(tx, lease.orgId, embedder, batch, vectors);
        await showEmbedded(tx, lease, embedded);
      });
      await afterBatch();
    }
  }
}

/** Chunks of a version that lack vectors of one model; null when no model in use lacks any. */
async function nextPage(tx: Tx, deps: EmbeddingDeps, lease: Lease) {
  const embedders = await usableEmbedders(tx, deps, lease.orgId);
  const embedded = await countEmbedded(
    tx,
    lease,
    embedders.map((embedder) => embedder.id),
  );
  await showEmbedded(tx, lease, embedded);
  for (const [index, embedder] of embedders.entries()) {
    const size = batchSize(deps, embedder);
    const chunks = await missingOfVersion(tx, lease, embedder.id, size * BATCHES_PER_PAGE);
    // A chunk counts as embedded when its last model is done.
    const lastModel = index === embedders.length - 1;
    if (chunks.length > 0) return { embedder, size, chunks, embedded, lastModel };
  }
  return null;
}

/**
 * Vectors of chunks' texts, in order.
 * @throws AppError of the embedder; Error when it does not keep its word about number and size.
 */
export async function embedTexts(
  embedder: Embedder,
  chunks: readonly Missing[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const vectors = await embedder.embed(
    chunks.map((chunk) => chunk.text),
    { signal },
  );
  if (vectors.length !== chunks.length || vectors.some((v) => v.length !== embedder.dimensions)) {
    throw new Error(`${embedder.id} gave vectors of another number or size than asked for`);
  }
  return vectors;
}

/** Writes vectors of chunks, and counts the tokens that they took of a model that is paid for. */
export async function storeVectors(
  tx: Tx,
  orgId: string,
  { id }: Embedder,
  chunks: readonly Missing[],
  vectors: readonly Float32Array[],
): Promise<void> {
  await upsertVectors(tx, orgId, id, chunks, vectors);
  if (id.startsWith('builtin:')) return;
  const tokens = chunks.reduce((sum, { text }) => sum + countTokens(text), 0);
  await recordWorkerTokens(tx, orgId, { purpose: 'embedding', tokens });
}

export function batchSize(deps: Pick<EmbeddingDeps, 'embedBatch'>, embedder: Embedder): number {
  return Math.min(deps.embedBatch, embedder.maxBatch);
}

/**
 * Embedders of the models in use that this process can run. The configured model becomes the one that
 * searches use when the organization has none; otherwise it is built up beside it in the background.
 */
async function usableEmbedders(tx: Tx, deps: EmbeddingDeps, orgId: string): Promise<Embedder[]> {
  const { jobs, embedder: configured } = deps;
  await activateFirst(tx, orgId, configured);
  let models = await liveModels(tx, orgId);
  if (!models.some((model) => model.id === configured.id)) {
    await startBuilding(tx, orgId, configured);
    await fillVectors(tx, jobs, orgId);
    models = await liveModels(tx, orgId);
  }
  return models.flatMap(({ id }) => {
    const embedder = id === configured.id ? configured : deps.embedderById(id);
    return embedder === null ? [] : [embedder];
  });
}
