import { isFinal } from '@docent/contracts/content';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Job } from '@docent/database/jobs';
import type { IngestionConfig } from '../config.ts';
import { fillVectors } from '../content/reindex.ts';
import type { Extract } from '../extract/extract.ts';
import type { FileStore } from '../files.ts';
import type { cut } from './cut.ts';
import { type EmbeddingDeps, embedVersion } from './embed.ts';
import { type Ending, finish, type Lease, LeaseLost, takeVersion } from './lease.store.ts';
import { readAndCut } from './readAndCut.ts';
import { storeChunks } from './storeChunks.ts';

/** Places where work can be cut: what comes before one is stored, what comes after it is not. */
export type WorkStep =
  | 'taken'
  | 'extracted'
  | 'chunked'
  | 'storing'
  | 'stored'
  | 'embedding'
  | 'embedded'
  | 'finished';

export type OnStep = (
  step: WorkStep,
  of: { readonly contentId: string; readonly version: number },
) => Promise<void>;

export interface ProcessDeps extends EmbeddingDeps {
  readonly files: FileStore;
  readonly config: IngestionConfig;
  readonly extract: Extract;
  readonly cut: typeof cut;
  readonly log: { warn(facts: object, message: string): void };
  /** Waited for at every step. */
  readonly onStep?: OnStep;
}

/** A job that comes more often than this has cut its worker off each time: it would do so for ever. */
const MOST_ATTEMPTS = 7;
/** When vectors could not be made, they are tried again after this time. */
const TRY_VECTORS_AGAIN_SECONDS = 300;

/**
 * Processes a version from wherever the worker before it was cut off: read → cut → store and make
 * current, in one transaction → vectors. What is wrong with the file is a final state with a sentence; what is wrong with
 * the database or the model is thrown, and the queue tries again. Without a model to the end the
 * version is ready all the same: words find it, a warning says that vectors are missing.
 */
export async function processVersion(
  deps: ProcessDeps,
  job: Pick<Job<'process-version'>, 'data' | 'attempt' | 'last' | 'signal'>,
): Promise<void> {
  const lease: Lease = { ...job.data, token: newId() };
  const principal = workerPrincipal(lease.orgId);
  try {
    const taken = await deps.database.withPrincipal(principal, (tx) => takeVersion(tx, lease));
    if (taken === null) return;
    if (job.attempt > MOST_ATTEMPTS) {
      const error = `Processing was cut off ${job.attempt - 1} times without an end. It can be tried again.`;
      return await end(deps, principal, lease, { state: 'failed', error });
    }
    await deps.onStep?.('taken', lease);
    if (taken.state !== 'embedding') {
      const read = await readAndCut(deps, principal, lease, taken, job.signal);
      if ('ending' in read) return await end(deps, principal, lease, read.ending);
      const stored = await storeChunks(deps, principal, lease, read);
      if ('ending' in stored) return await end(deps, principal, lease, stored.ending);
      await deps.onStep?.('stored', lease);
    }
    const ending = await vectors(deps, principal, lease, job);
    await deps.onStep?.('embedded', lease);
    await end(deps, principal, lease, ending);
  } catch (error) {
    if (error instanceof LeaseLost) return;
    if (!job.last || job.signal.aborted) throw error;
    deps.log.warn({ err: error, ...job.data }, 'a version failed for good');
    await giveUp(deps, principal, lease);
  }
}

async function vectors(
  deps: ProcessDeps,
  principal: Principal,
  lease: Lease,
  job: Pick<Job<'process-version'>, 'last' | 'signal'>,
): Promise<Ending> {
  const afterBatch = async () => deps.onStep?.('embedding', lease);
  try {
    await embedVersion(deps, principal, lease, { signal: job.signal, afterBatch });
    return { state: 'ready' };
  } catch (error) {
    const modelGone = error instanceof AppError && error.code.startsWith('model_');
    if (!job.last || !modelGone || job.signal.aborted) throw error;
    deps.log.warn({ err: error, ...lease, token: undefined }, 'vectors are missing');
    await deps.database.withPrincipal(principal, (tx) =>
      fillVectors(tx, deps.jobs, lease.orgId, { afterSeconds: TRY_VECTORS_AGAIN_SECONDS }),
    );
    return {
      state: 'ready',
      warning:
        'Only words find it so far: the embedding model could not be reached. Vectors are made in the background when it answers.',
    };
  }
}

async function end(
  deps: ProcessDeps,
  principal: Principal,
  lease: Lease,
  ending: Ending,
): Promise<void> {
  if (!isFinal(ending.state)) throw new Error(`${ending.state} does not end anything`);
  await deps.database.withPrincipal(principal, (tx) => finish(tx, lease, ending));
  await deps.onStep?.('finished', lease);
}

async function giveUp(deps: ProcessDeps, principal: Principal, lease: Lease): Promise<void> {
  try {
    await end(deps, principal, lease, {
      state: 'failed',
      error: 'Processing failed several times for a reason of ours. It can be tried again.',
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
}
