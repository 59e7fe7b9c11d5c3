import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { type Estimate, startingDifficulty } from './elo.ts';
import {
  type Change,
  findAnswers,
  findDifficulties,
  findLearner,
  findReplays,
  forgetLearner,
  markCurrent,
  type Shift,
  type StoredAnswer,
  saveLearner,
  shiftDifficulties,
  takeReplay,
} from './mastery.store.ts';
import { newLearner, rateAnswers } from './ratings.ts';

/** People whose answers are counted between two looks for more. */
const BATCH = 100;

/**
 * Counts the answers of one learner that mastery does not have yet, so that what is read next is not stale. An
 * answer that came late, or was taken back, makes all of the learner's answers count anew in the order they were
 * given; answers of others keep what they added to difficulties.
 *
 * @returns whether there was anything to count.
 */
export function catchUpLearner(
  database: Database,
  orgId: string,
  userId: string,
): Promise<boolean> {
  return database.withPrincipal(workerPrincipal(orgId), (tx) => catchUp(tx, orgId, userId));
}

/** The same for everybody of the organization. @returns how many people there were. */
export async function catchUpOrganization(
  database: Database,
  orgId: string,
  signal?: AbortSignal,
): Promise<number> {
  for (let people = 0; ; ) {
    const waiting = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
      findReplays(tx, orgId, BATCH),
    );
    if (waiting.length === 0) return people;
    for (const userId of waiting) {
      signal?.throwIfAborted();
      people += (await catchUpLearner(database, orgId, userId)) ? 1 : 0;
    }
  }
}

async function catchUp(tx: Tx, orgId: string, userId: string): Promise<boolean> {
  const fromTime = await takeReplay(tx, orgId, userId);
  if (fromTime === null) return false;

  const known = await findLearner(tx, orgId, userId);
  const follows = known !== null && fromTime > known.mark.answeredAt;
  const forgotten = known === null || follows ? [] : await forgetLearner(tx, orgId, userId);
  const answers = await findAnswers(tx, orgId, userId, follows ? known.mark : null);
  const difficulties = await findDifficulties(tx, orgId, {
    questionIds: distinct([...answers, ...forgotten].map(({ questionId }) => questionId)),
    skillIds: distinct([...answers, ...forgotten].flatMap(({ skillId }) => skillId ?? [])),
  });
  for (const { questionId, skillId, question, skill } of forgotten) {
    takeBack(difficulties.questions, questionId, question);
    if (skillId !== null) takeBack(difficulties.skills, skillId, skill);
  }

  const before = follows ? known.rating : newLearner;
  const { learner, contributions } = rateAnswers(before, answers, difficulties);
  const changes = contributions.flatMap((contribution, index): Change[] => {
    const answer = answers[index];
    return answer ? [{ ...contribution, ...answer }] : [];
  });
  const last = answers.at(-1);
  if (last) {
    const mark = { answeredAt: last.moment, answerId: last.id };
    await saveLearner(tx, orgId, userId, { rating: learner, mark, changes });
  }
  await shiftDifficulties(tx, orgId, shifts(answers, changes, forgotten));
  await markCurrent(tx, orgId, userId);
  return true;
}

function takeBack(estimates: Map<string, Estimate>, id: string, change: number): void {
  const { value, answers } = estimates.get(id) ?? { value: 0, answers: 0 };
  estimates.set(id, { value: value - change, answers: Math.max(0, answers - 1) });
}

/** What the answers that were counted, and those that were taken back, move altogether. */
function shifts(
  answers: readonly StoredAnswer[],
  added: readonly Change[],
  takenBack: readonly Pick<Change, 'questionId' | 'skillId' | 'question' | 'skill'>[],
): { questions: Shift[]; skills: Shift[] } {
  const starts = new Map(
    answers.map(({ questionId, difficulty }) => [questionId, startingDifficulty(difficulty)]),
  );
  const questions = new Map<string, Shift>();
  const skills = new Map<string, Shift>();
  const add = (to: Map<string, Shift>, id: string, change: number, sign: 1 | -1) => {
    const so = to.get(id) ?? { id, start: starts.get(id) ?? 0, change: 0, answers: 0 };
    to.set(id, { ...so, change: so.change + sign * change, answers: so.answers + sign });
  };
  const addAll = (of: typeof takenBack, sign: 1 | -1) => {
    for (const { questionId, skillId, question, skill } of of) {
      add(questions, questionId, question, sign);
      if (skillId !== null) add(skills, skillId, skill, sign);
    }
  };
  addAll(takenBack, -1);
  addAll(added, 1);
  return { questions: [...questions.values()], skills: [...skills.values()] };
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
