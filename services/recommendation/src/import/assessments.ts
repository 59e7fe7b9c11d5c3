import {
  type Assessment,
  KeyedQuestion,
  NewAssessment,
  QuestionInput,
  type QuestionOption,
} from '@docent/contracts/learningAssessments';
import type { AssessmentRow, QuestionRow } from '@docent/contracts/learningImport';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import { assessmentStore, linkAssessed } from '../assessments/assessments.store.ts';
import { findKeyedQuestions, replaceQuestions } from '../assessments/questions.store.ts';
import { type Context, differs, type Made, statusOf } from './context.ts';

/** Questions that an assessment may have. */
const MOST_QUESTIONS = 500;

/** An assessment without its questions. @throws AppError that says what is wrong with the row */
export async function importAssessment(
  { tx, principal, known }: Context,
  { course, skill, ...row }: AssessmentRow,
): Promise<Made> {
  const { orgId } = principal;
  const id = known.match('assessment', row.title, row.externalUri ?? null);
  const ties = {
    ...(course === undefined ? {} : { courseId: known.idOf('course', course) }),
    ...(skill === undefined ? {} : { skillId: known.idOf('skill', skill) }),
  };
  const existing = id === null ? null : await assessmentStore.lock(tx, orgId, id);
  const target = existing?.id ?? newId();
  const { questions, ...values } = NewAssessment.parse({ ...valuesOf(existing), ...row, ...ties });
  if (existing === null) await assessmentStore.insert(tx, principal, target, values);
  else if (differs(existing, values)) await assessmentStore.update(tx, orgId, target, values);
  known.note('assessment', target, values.title, values.externalUri);
  await linkAssessed(tx, orgId, target);
  return { status: statusOf(existing, values, 0), id: target };
}

/** A question, noted for `writeQuestions`. @throws AppError that says what is wrong with the row */
export async function importQuestion(context: Context, row: QuestionRow): Promise<Made> {
  const { known, questionAddresses } = context;
  const assessmentId = known.idOf('assessment', row.assessment);
  const skillId = row.skill === undefined ? undefined : known.idOf('skill', row.skill);
  const uri = row.externalUri ?? null;
  if (uri !== null && (questionAddresses.get(uri) ?? assessmentId) !== assessmentId) {
    throw new AppError('conflict', 'A question of another assessment has this externalUri.');
  }
  const entry = await questionsOf(context, assessmentId);
  const existing =
    entry.list.find(({ externalUri }) => uri !== null && externalUri === uri) ??
    entry.list.find(({ prompt }) => prompt.toLowerCase() === row.prompt.toLowerCase());
  if (existing === undefined && entry.list.length >= MOST_QUESTIONS) {
    throw new AppError('invalid_request', `An assessment has at most ${MOST_QUESTIONS} questions.`);
  }
  const question = questionOf(row, skillId, existing);
  if (existing !== undefined && !differs(existing, question)) {
    return { status: 'unchanged', id: existing.id };
  }
  if (existing === undefined) entry.list.push(question);
  else entry.list.splice(entry.list.indexOf(existing), 1, question);
  entry.changed = true;
  if (uri !== null) questionAddresses.set(uri, assessmentId);
  return { status: existing === undefined ? 'created' : 'updated', id: question.id };
}

/** Writes the questions that rows brought or changed, those that no row speaks of beside them. */
export async function writeQuestions({ tx, principal, questions }: Context): Promise<void> {
  const { orgId } = principal;
  for (const [assessmentId, { list, changed }] of questions) {
    if (!changed) continue;
    await replaceQuestions(tx, orgId, assessmentId, list);
    await linkAssessed(tx, orgId, assessmentId);
  }
}

async function questionsOf({ tx, principal, questions }: Context, assessmentId: string) {
  const known = questions.get(assessmentId);
  if (known !== undefined) return known;
  const all = await findKeyedQuestions(tx, principal.orgId, assessmentId, null);
  const entry = { list: all.filter(({ retired }) => !retired), changed: false };
  questions.set(assessmentId, entry);
  return entry;
}

function valuesOf(existing: Assessment | null): object {
  if (existing === null) return {};
  const { id, questionCount, createdBy, createdAt, updatedAt, ...values } = existing;
  return values;
}

/** What the row says over what is there; another type begins anew. */
function questionOf(
  row: QuestionRow,
  skillId: string | undefined,
  existing: KeyedQuestion | undefined,
): KeyedQuestion {
  const said = {
    prompt: row.prompt,
    ...(skillId === undefined ? {} : { skillId }),
    ...(row.difficulty === undefined ? {} : { difficulty: row.difficulty }),
    ...(row.weight === undefined ? {} : { weight: row.weight }),
    ...(row.explanation === undefined ? {} : { explanation: row.explanation }),
    ...(row.externalUri === undefined ? {} : { externalUri: row.externalUri }),
  };
  const kept =
    existing === undefined
      ? {}
      : {
          skillId: existing.skillId,
          difficulty: existing.difficulty,
          weight: existing.weight,
          explanation: existing.explanation,
          externalUri: existing.externalUri,
        };
  const parsed = QuestionInput.safeParse({
    ...kept,
    ...said,
    ...askedBy(row, existing),
    type: row.type,
    id: existing?.id ?? newId(),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new AppError('invalid_request', `${field === '' ? '' : `${field}: `}${issue?.message}`);
  }
  return KeyedQuestion.parse({ ...parsed.data, retired: false });
}

/** Options and answer as a question has them. */
function askedBy(row: QuestionRow, existing: KeyedQuestion | undefined): object {
  switch (row.type) {
    case 'text':
      return { answer: { accepted: row.answer } };
    case 'numeric': {
      const before = existing?.type === 'numeric' ? existing.answer.tolerance : 0;
      return { answer: { value: numberOf(row.answer), tolerance: row.tolerance ?? before } };
    }
    default: {
      const before = existing !== undefined && 'options' in existing ? existing.options : [];
      const options = row.options === undefined ? before : named(row.options, before);
      return { options, answer: { options: row.answer.map((text) => optionOf(options, text)) } };
    }
  }
}

/** An option that was there keeps its id, so that given answers keep their meaning. */
function named(texts: readonly string[], before: readonly QuestionOption[]): QuestionOption[] {
  const taken = new Set(before.map(({ id }) => id));
  let next = 0;
  const fresh = (): string => {
    for (;;) {
      const id = `o${++next}`;
      if (!taken.has(id)) return id;
    }
  };
  return texts.map(
    (text) => before.find((option) => option.text === text) ?? { id: fresh(), text },
  );
}

function optionOf(options: readonly QuestionOption[], text: string): string {
  const found = options.find((option) => option.text === text);
  if (found === undefined) {
    throw new AppError('invalid_request', `The answer “${text}” is not among the options.`);
  }
  return found.id;
}

function numberOf(answer: readonly string[]): number {
  const value = answer.length === 1 ? Number(answer[0]) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new AppError('invalid_request', 'The answer to a numeric question is one number.');
  }
  return value;
}
