import {
  contradictionOf,
  type EvaluationQuestion,
  type EvaluationQuestionUpdate,
  type EvaluationSet,
  type ExpectedContent,
  MOST_QUESTIONS,
  type NewEvaluationQuestion,
  type NewEvaluationSet,
  type QuestionDecision,
} from '@docent/contracts/evaluationSets';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import type { PageRequest } from '@docent/http/paging';
import { makeResource } from '@docent/http/resource';
import {
  decideQuestions,
  findVisible,
  lockSet,
  type QuestionFilters,
  type QuestionValues,
  questionStore,
} from './questions.store.ts';
import { setStore } from './sets.store.ts';

export type Sets = ReturnType<typeof makeSets>;

/** Sets of golden questions. */
export function makeSets(database: Database) {
  return makeResource(database, setStore, {
    kind: 'evaluation set',
    order: 'name',
    conflicts: { evaluation_sets_name: 'There is a set of this name already.' },
    valuesOf: ({ name, description }: EvaluationSet): NewEvaluationSet => ({ name, description }),
  });
}

export type Questions = ReturnType<typeof makeQuestions>;

/** The questions of a set: by hand, and decisions about those that were proposed. */
export function makeQuestions(database: Database) {
  const resource = makeResource(database, questionStore, {
    kind: 'evaluation question',
    order: 'time',
    conflicts: { evaluation_questions_text: 'The set has this question already.' },
    valuesOf: (question: EvaluationQuestion): QuestionValues => question,
  });
  const existing = async (tx: Tx, { orgId }: Principal, setId: string) => {
    if ((await setStore.find(tx, orgId, setId)) === null) throw notFound('evaluation set', setId);
  };

  return {
    get: resource.get,
    remove: resource.remove,

    /** @throws AppError `not_found`, `invalid_request` for a cursor that no page gave. */
    async list(principal: Principal, filters: QuestionFilters, page: PageRequest) {
      await database.withPrincipal(principal, (tx) => existing(tx, principal, filters.setId), {
        readOnly: true,
      });
      return resource.list(principal, filters, page);
    },

    /** @throws AppError `not_found`, `conflict`, `too_large`, `invalid_request` (an unknown content) */
    async create(
      tx: Tx,
      principal: Principal,
      setId: string,
      question: NewEvaluationQuestion,
    ): Promise<EvaluationQuestion> {
      await roomIn(tx, principal, setId);
      await checkContents(tx, principal, question.expectedContents);
      return resource.create(tx, principal, {
        ...question,
        setId,
        origin: 'manual',
        status: 'confirmed',
        decidedBy: null,
      });
    },

    /**
     * Fields that are not named stay.
     * @throws AppError `not_found`, `precondition_failed`, `conflict`, `invalid_request`
     */
    change(
      principal: Principal,
      id: string,
      update: EvaluationQuestionUpdate,
      ifMatch: string | undefined,
    ): Promise<EvaluationQuestion> {
      return resource.change(
        principal,
        id,
        async (tx, before) => {
          const contradiction = contradictionOf({
            answerable: update.answerable ?? before.answerable,
            expectedContents: update.expectedContents ?? before.expectedContents,
            expectedAnswers: update.expectedAnswers ?? before.expectedAnswers,
          });
          if (contradiction !== null) throw new AppError('invalid_request', contradiction);
          await checkContents(tx, principal, update.expectedContents ?? []);
          const { status = before.status } = update;
          return status === before.status ? update : { ...update, decidedBy: principal.userId };
        },
        ifMatch,
      );
    },

    /** @returns how many questions of the set it was about. @throws AppError `not_found` */
    decide(
      principal: Principal,
      setId: string,
      decision: QuestionDecision,
    ): Promise<{ decided: number }> {
      return database.withPrincipal(principal, async (tx) => {
        await existing(tx, principal, setId);
        return { decided: await decideQuestions(tx, principal, setId, decision) };
      });
    },
  };
}

/**
 * Locks the set for new questions. @returns how many more it takes.
 * @throws AppError `not_found`, `too_large` when it is full.
 */
export async function roomIn(tx: Tx, { orgId }: Principal, setId: string): Promise<number> {
  const questions = await lockSet(tx, orgId, setId);
  if (questions === null) throw notFound('evaluation set', setId);
  if (questions < MOST_QUESTIONS) return MOST_QUESTIONS - questions;
  throw new AppError('too_large', `The set has ${questions} questions; more do not fit.`, {
    details: { questions, most: MOST_QUESTIONS },
  });
}

/** @throws AppError `invalid_request`: an expected content does not exist for the caller. */
export async function checkContents(
  tx: Tx,
  { orgId }: Principal,
  contents: readonly ExpectedContent[],
): Promise<void> {
  const ids = [...new Set(contents.flatMap(({ contentId }) => contentId ?? []))];
  if (ids.length === 0) return;
  const visible = await findVisible(tx, orgId, ids);
  const missing = ids.filter((id) => !visible.has(id));
  if (missing.length === 0) return;
  throw new AppError('invalid_request', `There is no content ${missing.join(', ')}.`, {
    details: { contentIds: missing },
  });
}
