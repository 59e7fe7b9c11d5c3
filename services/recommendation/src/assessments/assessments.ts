import type {
  Assessment,
  AssessmentUpdate,
  KeyedQuestion,
  NewAssessment,
  QuestionInput,
} from '@docent/contracts/learningAssessments';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { checkIfMatch } from '@docent/http/etag';
import { makeResource } from '@docent/http/resource';
import { type AssessmentValues, assessmentStore, linkAssessed } from './assessments.store.ts';
import { findKeyedQuestions, foreignQuestions, replaceQuestions } from './questions.store.ts';

export type Assessments = ReturnType<typeof makeAssessments>;

/** Assessments and their questions, for those who write them. */
export function makeAssessments(database: Database) {
  const resource = makeResource(database, assessmentStore, {
    kind: 'assessment',
    order: 'name',
    conflicts: {
      assessments_org_id_external_uri_key: 'Another assessment has this externalUri.',
      assessments_org_id_course_id_fkey: 'There is no such course.',
      assessments_org_id_skill_id_fkey: 'There is no such skill.',
      assessment_attempts_org_id_assessment_id_fkey:
        'People have taken this assessment. Archive it instead: PATCH {"status": "archived"}.',
    },
    valuesOf: ({
      id,
      questionCount,
      createdBy,
      createdAt,
      updatedAt,
      ...values
    }: Assessment): AssessmentValues => values,
    changed: (tx, { orgId }, { id }) => linkAssessed(tx, orgId, id),
  });

  return {
    list: resource.list,
    get: resource.get,
    remove: resource.remove,

    /** In the caller's transaction. @throws AppError `conflict`, `not_found` (a skill or course) */
    async create(
      tx: Tx,
      principal: Principal,
      { questions, ...values }: NewAssessment,
    ): Promise<Assessment> {
      const made = await resource.create(tx, principal, values);
      await writeQuestions(tx, principal.orgId, made.id, questions);
      return { ...made, questionCount: questions.length };
    },

    change: (
      principal: Principal,
      id: string,
      update: AssessmentUpdate,
      ifMatch: string | undefined,
    ): Promise<Assessment> => resource.change(principal, id, update, ifMatch),

    /** With answers. @throws AppError `not_found` */
    async questions(principal: Principal, id: string): Promise<KeyedQuestion[]> {
      await resource.get(principal, id);
      return database.withPrincipal(
        principal,
        (tx) => findKeyedQuestions(tx, principal.orgId, id, null),
        { readOnly: true },
      );
    },

    /**
     * Questions with an id that the assessment has are kept; those that are not named go, or are retired
     * when somebody answered them.
     * @throws AppError `not_found`, `conflict`, `precondition_failed`
     */
    replaceQuestions(
      principal: Principal,
      id: string,
      questions: readonly QuestionInput[],
      ifMatch: string | undefined,
    ): Promise<KeyedQuestion[]> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        if ((await assessmentStore.lock(tx, orgId, id)) === null) throw notFound('assessment', id);
        if (ifMatch !== undefined) {
          const shown = { id, questions: await findKeyedQuestions(tx, orgId, id, null) };
          checkIfMatch(ifMatch, shown);
        }
        await writeQuestions(tx, orgId, id, questions);
        return findKeyedQuestions(tx, orgId, id, null);
      });
    },
  };
}

async function writeQuestions(
  tx: Tx,
  orgId: string,
  id: string,
  given: readonly QuestionInput[],
): Promise<void> {
  const questions = given.map((question) => ({ ...question, id: question.id ?? newId() }));
  const ids = questions.map((question) => question.id);
  const twice = ids.find((each, index) => ids.indexOf(each) !== index);
  if (twice !== undefined) {
    throw new AppError('invalid_request', `Two questions have the id ${twice}.`);
  }
  const [foreign] = await foreignQuestions(tx, orgId, id, ids);
  if (foreign !== undefined) {
    throw new AppError('conflict', `The question ${foreign} belongs to another assessment.`);
  }
  await replaceQuestions(tx, orgId, id, questions);
  await linkAssessed(tx, orgId, id);
}
