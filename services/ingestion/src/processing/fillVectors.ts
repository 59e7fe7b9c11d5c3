import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Job } from '@docent/database/jobs';
import type { Embedder } from '@docent/models/interfaces';
import { batchSize, type EmbeddingDeps, embedTexts, storeVectors } from './embed.ts';
import { anyMissing, missingOfOrganization } from './embeddings.store.ts';
import {
  activate,
  activateFirst,
  deleteRetired,
  ensureIndex,
  findModel,
  lockModels,
  startBuilding,
} from './models.store.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const BATCHES_PER_PAGE = 8;
const DELETED_AT_A_TIME = 2_000;
/** Pause before a model that could not be reached is tried again, after the queue has given up. */
const TRY_AGAIN_SECONDS = 900;

/**
 * Completes the vectors of a model over all content of an organization: of the one that searches
 * use, after a change of title or a model that did not answer; or of the configured one that is to
 * take its place. That one is built up beside the old vectors, searches use the old ones until
 * nothing is missing, then one transaction switches and the old vectors are deleted.
 *
 * @throws AppError of the embedder, for the queue to try again.
 */
export async function fillVectorsOf(
  deps: EmbeddingDeps,
  job: Pick<Job<'embed-missing'>, 'data' | 'last' | 'signal'>,
): Promise<void> {
  const { orgId, modelId } = job.data;
  const principal = workerPrincipal(orgId);
  const { embedder: configured } = deps;
  const embedder = modelId === configured.id ? configured : deps.embedderById(modelId);
  // Settings have changed again: another job names the model that is wanted now.
  if (embedder === null) return;
  try {
    await register(deps, principal, embedder);
    do await fill(deps, principal, embedder, job.signal);
    while (!(await switchWhenComplete(deps, principal, embedder)));
    await deleteOld(deps, principal, job.signal);
  } catch (error) {
    if (!job.last || job.signal.aborted) throw error;
    await deps.database.withPrincipal(principal, (tx) =>
      deps.jobs.send(tx, 'embed-missing', job.data, {
        singletonKey: `${orgId}/${modelId}`,
        startAfterSeconds: TRY_AGAIN_SECONDS,
      }),
    );
    throw error;
  }
}

async function register(
  deps: EmbeddingDeps,
  principal: Principal,
  embedder: Embedder,
): Promise<void> {
  const { orgId } = principal;
  await deps.database.withPrincipal(principal, async (tx) => {
    await activateFirst(tx, orgId, embedder);
    // Only the configured model is built up; another one is filled as long as it is in use.
    if (embedder.id === deps.embedder.id) await startBuilding(tx, orgId, embedder);
  });
  // Embedded, an index would take longer to build than it ever saves: searches are exact.
  if (deps.database.kind === 'servers') {
    await deps.database.withPrincipal(principal, (tx) => ensureIndex(tx, embedder));
  }
}

async function fill(
  deps: EmbeddingDeps,
  principal: Principal,
  embedder: Embedder,
  signal: AbortSignal,
): Promise<void> {
  const { database } = deps;
  const size = batchSize(deps, embedder);
  let after = FIRST_ID;
  for (;;) {
    signal.throwIfAborted();
    const page = await database.withPrincipal(principal, (tx) =>
      missingOfOrganization(tx, principal.orgId, embedder.id, after, size * BATCHES_PER_PAGE),
    );
    const last = page.at(-1);
    if (last === undefined) return;
    for (let from = 0; from < page.length; from += size) {
      const batch = page.slice(from, from + size);
      const vectors = await embedTexts(embedder, batch, signal);
      await database.withPrincipal(principal, (tx) =>
        storeVectors(tx, principal.orgId, embedder, batch, vectors),
      );
    }
    after = last.id;
  }
}

/** False: chunks came meanwhile that have no vector yet. */
async function switchWhenComplete(
  deps: EmbeddingDeps,
  principal: Principal,
  embedder: Embedder,
): Promise<boolean> {
  const { orgId } = principal;
  return deps.database.withPrincipal(principal, async (tx) => {
    await lockModels(tx, orgId);
    const model = await findModel(tx, orgId, embedder.id);
    // Retired by another job meanwhile: its vectors are wanted no more.
    if (model === null || model.status === 'retired') return true;
    if (await anyMissing(tx, orgId, embedder.id)) return false;
    if (model.status === 'building') await activate(tx, orgId, embedder.id);
    return true;
  });
}

async function deleteOld(
  deps: EmbeddingDeps,
  principal: Principal,
  signal: AbortSignal,
): Promise<void> {
  let deleted: number;
  do {
    signal.throwIfAborted();
    deleted = await deps.database.withPrincipal(principal, (tx) =>
      deleteRetired(tx, principal.orgId, DELETED_AT_A_TIME),
    );
  } while (deleted > 0);
}
