import { setImmediate as breathe } from 'node:timers/promises';
import type { Evaluation } from '@docent/contracts/evaluations';
import { checkAccess } from '@docent/core/access';
import { AppError } from '@docent/core/errors';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Job, Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { findOwner } from '@docent/http/principal.store';
import { type AskDeps, type Asked, makeAsk } from './ask.ts';
import { figuresOf } from './figures.ts';
import { listMeasured, listWaiting, storeResult } from './results.store.ts';
import { beginRun, countAsked, endRun, findMaterial } from './runs.store.ts';

export interface RunDeps extends AskDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** Waited for after each question: tests look or cut off there. */
  readonly onAsked?: (evaluationId: string, position: number) => Promise<void>;
}

/** Questions of one job: then other organizations have their turn. */
const CHUNK = 20;
/** Further ones come only after a process died during the last: then there is nothing to do but to say so. */
const ATTEMPTS = 5;
/** So many in a row that could not be answered: the provider is down, and the others would fail alike. */
const FAILED_IN_A_ROW = 5;

/** Takes the jobs of evaluations. */
export async function startEvaluationWorker(deps: RunDeps): Promise<void> {
  await deps.jobs.work('run-evaluation', { concurrency: 1 }, (job) => runChunk(deps, job));
}

/**
 * Asks the next questions of a run and enqueues the rest. Each result is stored by itself: whoever takes over from a
 * dead worker asks the first question without one. A run that was cancelled or deleted meanwhile is left alone.
 *
 * @throws AppError `database_unavailable` and the like: the job is tried again.
 */
export async function runChunk(
  deps: RunDeps,
  {
    data: { orgId, evaluationId },
    attempt,
    signal,
    last,
  }: Pick<Job<'run-evaluation'>, 'data' | 'attempt' | 'signal' | 'last'>,
): Promise<void> {
  const { database, jobs } = deps;
  const worker = workerPrincipal(orgId);
  if (attempt > ATTEMPTS) {
    const detail = `The process died over it ${ATTEMPTS} times.`;
    return end(worker, { status: 'failed', error: { code: 'internal_error', detail } });
  }
  try {
    await askChunk();
  } catch (error) {
    signal.throwIfAborted();
    if (!last) throw error;
    const code = error instanceof AppError ? error.code : 'internal_error';
    deps.log.error({ err: error, evaluationId }, 'an evaluation failed');
    const detail = 'It could not be gone on with, several times.';
    await end(worker, { status: 'failed', error: { code, detail } });
  }

  async function askChunk(): Promise<void> {
    const begun = await database.withPrincipal(worker, async (tx) => {
      const run = await beginRun(tx, worker, evaluationId);
      if (run === null) return null;
      const person = await personOf(tx, orgId, run.ownerId);
      return { run, person, waiting: await listWaiting(tx, orgId, evaluationId, CHUNK) };
    });
    if (begun === null) return;
    const { run, person, waiting } = begun;
    if (person === null) {
      const detail = 'Who asked for it may not run evaluations any more.';
      return end(worker, { status: 'failed', error: { code: 'forbidden', detail } });
    }

    const ask = makeAsk(deps, person, run.settings);
    let failed = 0;
    for (const { position, ...question } of waiting) {
      const asked = await ask(question, signal);
      failed = asked.status === 'failed' ? failed + 1 : 0;
      const goesOn = await database.withPrincipal(worker, async (tx) => {
        // In this order: whoever cancels or deletes holds the run before its results.
        if (!(await countAsked(tx, orgId, evaluationId))) return false;
        if (!(await storeResult(tx, orgId, evaluationId, position, asked))) {
          throw new Error(`question ${position} of ${evaluationId} was asked twice`);
        }
        return true;
      });
      if (!goesOn) return;
      await deps.onAsked?.(evaluationId, position);
      const error = reasonToStop(asked, failed);
      if (error !== null) return end(worker, { status: 'failed', error });
      // Requests that wait in this process come first.
      await breathe();
    }

    if (waiting.length < CHUNK) return end(worker, { status: 'done' });
    await database.withPrincipal(worker, (tx) =>
      jobs.send(tx, 'run-evaluation', { orgId, evaluationId }, { singletonKey: evaluationId }),
    );
  }

  function end(
    principal: Principal,
    how: Pick<Evaluation, 'status'> & { error?: Evaluation['error'] },
  ): Promise<void> {
    return database.withPrincipal(principal, (tx) => endWith(tx, orgId, evaluationId, how));
  }
}

/** Ends a run with the figures of what was asked, as a worker; one that ended before stays as it is. */
export async function endWith(
  tx: Tx,
  orgId: string,
  evaluationId: string,
  how: Pick<Evaluation, 'status'> & { error?: Evaluation['error'] },
): Promise<void> {
  const figures = figuresOf(
    await listMeasured(tx, orgId, evaluationId),
    await findMaterial(tx, orgId),
  );
  await endRun(tx, orgId, evaluationId, { ...how, figures });
}

function reasonToStop({ error }: Asked, failedInARow: number): Evaluation['error'] {
  if (error === null) return null;
  if (error.code === 'budget_exhausted') return error;
  if (failedInARow < FAILED_IN_A_ROW) return null;
  const detail = `${failedInARow} questions in a row could not be answered: ${error.detail}`;
  return { code: error.code, detail };
}

/** The person with the rights that they have now; null when these do not allow evaluations any more. */
async function personOf(tx: Tx, orgId: string, userId: string): Promise<Principal | null> {
  const owner = await findOwner(tx, orgId, userId);
  if (owner === null) return null;
  const scopes = ['evaluations:write', 'search', 'chat'];
  const principal = { orgId, userId, ...owner, scopes };
  try {
    checkAccess(principal, { scope: 'evaluations:write', roles: ['trainer', 'admin'] });
  } catch {
    return null;
  }
  return principal;
}
