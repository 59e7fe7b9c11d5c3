import type {
  Assessment,
  Attempt,
  GradedAttempt,
  KeyedQuestion,
  OpenAttempt,
  QuestionResult,
  ShownAttempt,
  Submission,
} from '@docent/contracts/learningAssessments';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { type PageRequest, readPage } from '@docent/http/paging';
import { catchUpLearner } from '../mastery/mastery.ts';
import { requestReplay } from '../mastery/worker.ts';
import { findOverseen } from '../people.store.ts';
import { recordProgress } from '../progress/record.ts';
import { assessmentStore } from './assessments.store.ts';
import { findAttemptSkills } from './attemptSkills.store.ts';
import {
  closeAttempt,
  countAttempts,
  type FullAttempt,
  findAnswers,
  findAttempt,
  insertAnswers,
  insertAttempt,
  listAttempts,
  lockOpenAttempt,
} from './attempts.store.ts';
import { gradeResponse, scoreOf } from './grade.ts';
import { findAskedQuestions, findKeyedQuestions } from './questions.store.ts';

/** A submission that left in time may arrive so many milliseconds later. */
const GRACE_MS = 10_000;

export type Attempts = ReturnType<typeof makeAttempts>;

/** Taking assessments. The right answers never leave the server before an attempt is over. */
export function makeAttempts(database: Database, jobs: Jobs, clock: () => Date = () => new Date()) {
  return {
    /**
     * Begins an attempt of the caller's own, or gives the one that is open.
     * @throws AppError `not_found`, `conflict` (no questions, archived, no attempt left)
     */
    start(principal: Principal, assessmentId: string): Promise<OpenAttempt> {
      const { orgId } = principal;
      const now = clock();
      return database.withPrincipal(principal, async (tx) => {
        const assessment = await assessmentStore.find(tx, orgId, assessmentId);
        if (assessment === null) throw notFound('assessment', assessmentId);
        const open = await lockOpenAttempt(tx, principal, { assessmentId });
        if (open !== null) {
          if (!isOver(open, now)) return asked(tx, orgId, open);
          await expire(tx, orgId, open);
        }
        await insertFresh(tx, principal, assessment, now);
        const fresh = await lockOpenAttempt(tx, principal, { assessmentId });
        if (fresh === null) throw new Error('an attempt that was begun is not there');
        return asked(tx, orgId, fresh);
      });
    },

    /**
     * Grades an attempt of the caller's own and writes what follows from it: answers for mastery, passed or
     * failed for its course and skill.
     * @throws AppError `not_found`, `conflict` (handed in already, or too late), `invalid_request`
     */
    async submit(
      principal: Principal,
      id: string,
      { answers }: Submission,
    ): Promise<GradedAttempt> {
      const { orgId, userId } = principal;
      const now = clock();
      const attempt = await database.withPrincipal(principal, (tx) => findAttempt(tx, orgId, id));
      if (attempt === null || attempt.userId !== userId) throw notFound('attempt', id);
      const unknown = Object.keys(answers).find((asked) => !attempt.questionIds.includes(asked));
      if (unknown !== undefined) {
        throw new AppError('invalid_request', `This attempt does not ask the question ${unknown}.`);
      }
      const questions = await keyed(orgId, attempt);
      const results = questions.map((question) => {
        const response = answers[question.id] ?? null;
        return { question, response, score: gradeResponse(question, response) };
      });

      const inTime = await database.withPrincipal(principal, async (tx) => {
        const open = await lockOpenAttempt(tx, principal, { id });
        if (open === null) return null;
        if (isOver(open, now, GRACE_MS)) {
          await expire(tx, orgId, open);
          return false;
        }
        const score = scoreOf(
          results.map(({ question: { weight }, score }) => ({ weight, score })),
        );
        const passed = score >= open.passingScore;
        await closeAttempt(tx, orgId, { id, status: 'submitted', completedAt: now, score, passed });
        const of = {
          userId,
          attemptId: id,
          ownerId: open.ownerId,
          answeredAt: now,
          source: 'docent',
          statementId: null,
        };
        await insertAnswers(
          tx,
          orgId,
          of,
          results.map(({ question, response, score }) => ({
            id: newId(),
            questionId: question.id,
            skillId: question.skillId,
            score,
            response,
          })),
        );
        await noteResult(tx, principal, open, passed, now);
        await requestReplay(jobs, tx, orgId);
        return true;
      });
      if (inTime === null) throw new AppError('conflict', 'This attempt is over already.');
      if (!inTime) throw new AppError('conflict', 'The time for this attempt is over.');
      return graded(principal, id);
    },

    /**
     * With results as far as its assessment tells them, and what it changed in the skills of its questions: answers
     * that mastery does not have yet are counted first.
     * @throws AppError `not_found`
     */
    async get(principal: Principal, id: string): Promise<ShownAttempt> {
      const { orgId } = principal;
      const attempt = await graded(principal, id);
      if (attempt.status !== 'submitted') return { ...attempt, skills: [] };
      const person = await database.withPrincipal(
        principal,
        (tx) => findOverseen(tx, orgId, attempt.userId),
        { readOnly: true },
      );
      if (person === null) return { ...attempt, skills: [] };
      if (person.masteryStale) await catchUpLearner(database, orgId, attempt.userId);
      const skills = await database.withPrincipal(
        principal,
        (tx) => findAttemptSkills(tx, orgId, id),
        { readOnly: true },
      );
      return { ...attempt, skills };
    },

    /** Those that the caller sees, newest first. @throws AppError `not_found` (the assessment) */
    list(
      principal: Principal,
      filters: { userId?: string | undefined; assessmentId?: string | undefined },
      page: PageRequest,
    ): Promise<{ items: Attempt[]; nextCursor: string | null }> {
      const { orgId } = principal;
      const { userId = null, assessmentId = null } = filters;
      return readPage('time', page, (after, limit) =>
        database.withPrincipal(
          principal,
          async (tx) => {
            if (assessmentId !== null && !(await assessmentStore.find(tx, orgId, assessmentId))) {
              throw notFound('assessment', assessmentId);
            }
            return listAttempts(tx, orgId, { userId, assessmentId }, after, limit);
          },
          { readOnly: true },
        ),
      );
    },
  };

  /** What an attempt's person is told of it. @throws AppError `not_found` */
  async function graded(principal: Principal, id: string): Promise<GradedAttempt> {
    const { orgId } = principal;
    const { attempt, answers, questions, shown } = await database.withPrincipal(
      principal,
      async (tx) => {
        const attempt = await findAttempt(tx, orgId, id);
        if (attempt === null) throw notFound('attempt', id);
        const told = attempt.status === 'open' || attempt.feedback !== 'score';
        const own = attempt.userId === principal.userId;
        return {
          attempt,
          answers: await findAnswers(tx, orgId, id),
          questions: own && told ? (await asked(tx, orgId, attempt)).questions : null,
          // Those who edit assessments see answers anyway.
          shown: await findKeyedQuestions(tx, orgId, attempt.assessmentId, attempt.questionIds),
        };
      },
      { readOnly: true },
    );
    const told = attempt.feedback === 'answers' && attempt.status === 'submitted';
    const keys = told ? await keyed(orgId, attempt) : shown;
    const results = answers.map((answer): QuestionResult => {
      const key = keys.find((question) => question.id === answer.questionId);
      return { ...answer, answer: key?.answer ?? null, explanation: key?.explanation ?? null };
    });
    const hidden = results.length === 0 || (attempt.feedback === 'score' && shown.length === 0);
    return { ...plain(attempt), questions, results: hidden ? null : results };
  }

  /** The questions with their answers: read as a worker, because the caller may not. */
  function keyed(orgId: string, attempt: FullAttempt): Promise<KeyedQuestion[]> {
    return database.withPrincipal(
      workerPrincipal(orgId),
      (tx) => findKeyedQuestions(tx, orgId, attempt.assessmentId, attempt.questionIds),
      { readOnly: true },
    );
  }
}

async function insertFresh(
  tx: Tx,
  principal: Principal,
  assessment: Assessment,
  now: Date,
): Promise<void> {
  const { id: assessmentId, timeLimitMinutes, maxAttempts } = assessment;
  if (assessment.status === 'archived') {
    throw new AppError('conflict', 'This assessment is archived: it is not taken any more.');
  }
  const questions = await findAskedQuestions(tx, principal.orgId, assessmentId, null);
  if (questions.length === 0) {
    throw new AppError('conflict', 'This assessment has no questions yet.');
  }
  if (maxAttempts !== null && (await countAttempts(tx, principal, assessmentId)) >= maxAttempts) {
    throw new AppError('conflict', `This assessment can be taken ${maxAttempts} times.`, {
      details: { maxAttempts },
    });
  }
  await insertAttempt(tx, principal, {
    id: newId(),
    assessmentId,
    ownerId: assessment.createdBy,
    questionIds: questions.map(({ id }) => id),
    startedAt: now,
    deadlineAt:
      timeLimitMinutes === null ? null : new Date(now.getTime() + timeLimitMinutes * 60_000),
  });
}

function isOver({ deadlineAt }: FullAttempt, now: Date, graceMs = 0): boolean {
  return deadlineAt !== null && now.getTime() > Date.parse(deadlineAt) + graceMs;
}

async function expire(tx: Tx, orgId: string, { id, deadlineAt }: FullAttempt): Promise<void> {
  if (deadlineAt === null) throw new Error('an attempt without a deadline cannot be over');
  const completedAt = new Date(deadlineAt);
  await closeAttempt(tx, orgId, { id, status: 'expired', completedAt, score: null, passed: false });
}

async function noteResult(
  tx: Tx,
  principal: Principal,
  { id, userId, courseId, skillId }: FullAttempt,
  passed: boolean,
  at: Date,
): Promise<void> {
  const status = passed ? ('passed' as const) : ('failed' as const);
  const event = { userId, status, source: 'docent', occurredAt: at.toISOString(), trusted: true };
  const reports = [
    ...(courseId === null ? [] : [{ ...event, courseId, eventId: `attempt:${id}` }]),
    ...(skillId === null ? [] : [{ ...event, skillId, eventId: `attempt:${id}:skill` }]),
  ];
  for (const result of await recordProgress(tx, principal, reports, at)) {
    // An archived or hidden course is still there; anything else is a bug.
    if (result.status === 'refused' && result.error.code !== 'not_found') throw result.error;
  }
}

async function asked(tx: Tx, orgId: string, attempt: FullAttempt): Promise<OpenAttempt> {
  const { assessmentId, questionIds } = attempt;
  const questions = await findAskedQuestions(tx, orgId, assessmentId, questionIds);
  return { ...plain(attempt), questions };
}

function plain({
  questionIds,
  passingScore,
  feedback,
  courseId,
  skillId,
  ownerId,
  ...attempt
}: FullAttempt): Attempt {
  return attempt;
}
