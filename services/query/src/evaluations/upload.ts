import {
  type EvaluationQuestion,
  EvaluationQuestionRow,
  MOST_QUESTIONS,
  type NewEvaluationQuestion,
} from '@docent/contracts/evaluationSets';
import type { ImportResult } from '@docent/contracts/learningImport';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { parseRows } from '@docent/http/rows';
import { findByText, questionStore } from './questions.store.ts';
import { checkContents, roomIn } from './sets.ts';

type Item = ImportResult['items'][number];

const COLUMNS = {
  most: MOST_QUESTIONS,
  numbers: [],
  lists: ['expectedContents', 'expectedAnswers'],
  booleans: ['answerable'],
} as const;

/**
 * Many questions of a set at once; a line that is refused does not hold up the others. A question that the set has
 * (by its text, without regard to case) becomes what the line says of it, and is confirmed.
 *
 * @param options.dryRun does everything and takes it back: the results are those of the real upload.
 * @throws AppError `not_found`, `invalid_request` (nothing that can be read), `too_large`
 */
export async function uploadQuestions(
  database: Database,
  principal: Principal,
  setId: string,
  text: string,
  { format, dryRun }: { format: 'csv' | 'ndjson'; dryRun: boolean },
): Promise<ImportResult> {
  const lines = parseRows(text, format, EvaluationQuestionRow, COLUMNS);
  const items: Item[] = [];
  try {
    await database.withPrincipal(principal, async (tx) => {
      let room = await roomFor(tx, principal, setId);
      for (const { line, value, problem } of lines) {
        if (value === undefined) {
          items.push({ line, status: 'refused', problem });
          continue;
        }
        const item = await refusing(line, () => store(tx, principal, setId, value, room));
        if (item.status === 'created') room -= 1;
        items.push(item);
      }
      if (dryRun) throw TAKEN_BACK;
    });
  } catch (error) {
    if (error !== TAKEN_BACK) throw error;
  }
  const count = (status: Item['status']) => items.filter((item) => item.status === status).length;
  return {
    dryRun,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    items,
  };
}

/** Ends a transaction whose result is known. */
const TAKEN_BACK = new Error('a dry run is taken back');

/** A full set still takes what changes its questions. */
async function roomFor(tx: Tx, principal: Principal, setId: string): Promise<number> {
  try {
    return await roomIn(tx, principal, setId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_large') return 0;
    throw error;
  }
}

async function store(
  tx: Tx,
  principal: Principal,
  setId: string,
  question: NewEvaluationQuestion,
  room: number,
): Promise<Omit<Item, 'line'>> {
  const { orgId, userId } = principal;
  await checkContents(tx, principal, question.expectedContents);
  const existing = await findByText(tx, orgId, setId, question.question);
  const values = { ...question, setId, status: 'confirmed', decidedBy: null } as const;
  if (existing === null) {
    if (room < 1) {
      throw new AppError('too_large', `The set has ${MOST_QUESTIONS} questions; more do not fit.`);
    }
    const id = newId();
    await questionStore.insert(tx, principal, id, { ...values, origin: 'upload' });
    return { status: 'created', id };
  }
  const { id, origin } = existing;
  if (sameAs(existing, question)) return { status: 'unchanged', id };
  const decidedBy = existing.status === 'confirmed' ? existing.decidedBy : userId;
  await questionStore.update(tx, orgId, id, { ...values, origin, decidedBy });
  return { status: 'updated', id };
}

function sameAs(existing: EvaluationQuestion, question: NewEvaluationQuestion): boolean {
  const told = ({ question, answerable, language, note, ...expected }: NewEvaluationQuestion) =>
    JSON.stringify([
      question,
      answerable,
      language,
      note,
      expected.expectedAnswers,
      expected.expectedContents.map(({ contentId, title, page, heading }) => [
        contentId,
        title,
        page,
        heading,
      ]),
    ]);
  return existing.status === 'confirmed' && told(existing) === told(question);
}

/** What was thrown before anything was written says what is wrong with the line. */
async function refusing(line: number, work: () => Promise<Omit<Item, 'line'>>): Promise<Item> {
  try {
    return { line, ...(await work()) };
  } catch (error) {
    if (!(error instanceof AppError) || error.cause !== undefined) throw error;
    return { line, status: 'refused', problem: { code: error.code, detail: error.message } };
  }
}
