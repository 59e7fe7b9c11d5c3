import type {
  Evaluation,
  EvaluationComparison,
  EvaluationResult,
  EvaluationStatus,
  NewEvaluation,
} from '@docent/contracts/evaluations';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { type PageRequest, readPage } from '@docent/http/paging';
import type { ChatModel, Embedder, Reranker } from '@docent/models/interfaces';
import { findAnswerPolicy } from '../chat/policy.store.ts';
import type { ChatSettings } from '../chat/settings.ts';
import { changeOf, compareRuns, pairsOf } from './compare.ts';
import { csvOf } from './csv.ts';
import { listMeasured, listResults } from './results.store.ts';
import { endWith } from './run.ts';
import { countUnfinished, deleteRun, findRun, insertRun, listRuns, lockRun } from './runs.store.ts';
import { setStore } from './sets.store.ts';
import { algorithmOf, runSettings } from './settings.ts';

export interface EvaluationDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly embedder: Pick<Embedder, 'id'>;
  readonly chatModel: Pick<ChatModel, 'id'> | null;
  readonly reranker?: Pick<Reranker, 'id'> | null;
  readonly settings: ChatSettings;
}

/** Runs of one person that wait or run at a time. */
const UNFINISHED = 5;

export type Evaluations = ReturnType<typeof makeEvaluations>;

/**
 * Runs of golden questions. Everybody has their own, administrators see all: what was answered is made of what the
 * person who asked for it may see.
 */
export function makeEvaluations(deps: EvaluationDeps) {
  const { database, jobs } = deps;
  const reading = <T>(principal: Principal, work: (tx: Tx) => Promise<T>) =>
    database.withPrincipal(principal, work, { readOnly: true });
  const existing = async (tx: Tx, principal: Principal, id: string): Promise<Evaluation> => {
    const found = await findRun(tx, principal, id);
    if (found === null) throw notFound('evaluation', id);
    return found;
  };

  return {
    /**
     * Copies the confirmed questions of a set and enqueues the run, in the caller's transaction.
     * @throws AppError `not_found`, `conflict` (nothing to ask, or too many runs under way)
     */
    async start(
      tx: Tx,
      principal: Principal,
      { setId, label, settings: candidate }: NewEvaluation,
    ): Promise<Evaluation> {
      const { orgId } = principal;
      if ((await setStore.find(tx, orgId, setId)) === null) throw notFound('evaluation set', setId);
      if ((await countUnfinished(tx, principal)) >= UNFINISHED) {
        throw new AppError('conflict', `${UNFINISHED} of your evaluations are not done yet.`, {
          details: { most: UNFINISHED },
        });
      }
      const policy = await findAnswerPolicy(tx, orgId);
      const settings = runSettings(candidate, policy, deps.settings, deps.chatModel !== null);
      const id = newId();
      const made = await insertRun(tx, principal, {
        id,
        setId,
        label,
        candidate,
        settings,
        algorithm: algorithmOf(deps.embedder.id),
        chatModel: settings.answerer === 'extractive' ? null : (deps.chatModel?.id ?? null),
        reranker: settings.rerank ? (deps.reranker?.id ?? null) : null,
      });
      if (!made) throw new AppError('conflict', 'The set has no confirmed question.');
      await jobs.send(tx, 'run-evaluation', { orgId, evaluationId: id }, { singletonKey: id });
      return existing(tx, principal, id);
    },

    /** @throws AppError `invalid_request` for a cursor that no page gave. */
    list(
      principal: Principal,
      filters: { setId?: string | undefined; status?: EvaluationStatus | undefined },
      page: PageRequest,
    ) {
      return readPage('time', page, (after, limit) =>
        reading(principal, (tx) => listRuns(tx, principal, filters, after, limit)),
      );
    },

    get(principal: Principal, id: string): Promise<Evaluation> {
      return reading(principal, (tx) => existing(tx, principal, id));
    },

    /**
     * A run that has ended stays as it is. The question under way is not stored any more.
     * @throws AppError `not_found`
     */
    async cancel(principal: Principal, id: string): Promise<Evaluation> {
      const { orgId } = principal;
      await reading(principal, (tx) => existing(tx, principal, id));
      await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
        // Before the results are read: none is added to them then.
        await lockRun(tx, workerPrincipal(orgId), id);
        await endWith(tx, orgId, id, { status: 'cancelled' });
      });
      return reading(principal, (tx) => existing(tx, principal, id));
    },

    /** With its results; one that runs ends. @throws AppError `not_found` */
    remove(principal: Principal, id: string): Promise<void> {
      return database.withPrincipal(principal, async (tx) => {
        if ((await lockRun(tx, principal, id)) === null) throw notFound('evaluation', id);
        await deleteRun(tx, principal.orgId, id);
      });
    },

    /** @throws AppError `not_found`, `invalid_request` (`better` and `worse` without a run to compare with) */
    results(
      principal: Principal,
      id: string,
      { filter, with: other }: ResultFilters,
      { cursor, limit }: PageRequest,
    ): Promise<{ items: EvaluationResult[]; nextCursor: string | null }> {
      const after = cursor === undefined ? 0 : positionOf(cursor);
      return reading(principal, async (tx) => {
        await existing(tx, principal, id);
        const positions =
          filter === 'better' || filter === 'worse'
            ? await changed(tx, principal, id, other, filter)
            : null;
        const rows = await listResults(tx, principal.orgId, id, {
          after,
          limit: limit + 1,
          failed: filter === 'failed',
          positions,
        });
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return {
          items: rows.slice(0, limit),
          nextCursor:
            last === undefined ? null : Buffer.from(String(last.position)).toString('base64url'),
        };
      });
    },

    /** @throws AppError `not_found`: one of them is not there for the caller. */
    compare(principal: Principal, id: string, other: string): Promise<EvaluationComparison> {
      return reading(principal, async (tx) => {
        const [to, from] = [
          await existing(tx, principal, id),
          await existing(tx, principal, other),
        ];
        return compareRuns(from, to, await pairs(tx, principal, other, id));
      });
    },

    /** All results as CSV. @throws AppError `not_found` */
    export(principal: Principal, id: string): Promise<{ name: string; text: string }> {
      return reading(principal, async (tx) => {
        const run = await existing(tx, principal, id);
        const results = await listResults(tx, principal.orgId, id, {
          after: 0,
          limit: run.questions,
          failed: false,
          positions: null,
        });
        return csvOf(run, results);
      });
    },
  };

  async function pairs(tx: Tx, { orgId }: Principal, from: string, to: string) {
    return pairsOf(await listMeasured(tx, orgId, from), await listMeasured(tx, orgId, to));
  }

  async function changed(
    tx: Tx,
    principal: Principal,
    id: string,
    other: string | undefined,
    kind: 'better' | 'worse',
  ): Promise<number[]> {
    if (other === undefined) {
      throw new AppError('invalid_request', `${kind} than which run? Name it in \`with\`.`);
    }
    await existing(tx, principal, other);
    const all = await pairs(tx, principal, other, id);
    return all.filter((pair) => changeOf(pair) === kind).map(({ to }) => to.position);
  }
}

interface ResultFilters {
  readonly filter?: 'failed' | 'better' | 'worse' | undefined;
  readonly with?: string | undefined;
}

function positionOf(cursor: string): number {
  const position = Number(Buffer.from(cursor, 'base64url').toString() || Number.NaN);
  if (Number.isInteger(position) && position > 0 && position < 2 ** 31) return position;
  throw new AppError('invalid_request', 'The cursor is not one that a page gave.');
}
