import { z } from 'zod';
import { Timestamp } from './common.ts';

/** Questions that a set holds, and a run asks, at most. */
export const MOST_QUESTIONS = 2_000;

const set = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000),
};

export const NewEvaluationSet = z.strictObject({
  ...set,
  description: set.description.default(''),
});
export type NewEvaluationSet = z.infer<typeof NewEvaluationSet>;

export const EvaluationSetUpdate = z.strictObject(set).partial();
export type EvaluationSetUpdate = z.infer<typeof EvaluationSetUpdate>;

/** Golden questions of an organization: what its answers are measured with. */
export const EvaluationSet = z.object({
  id: z.uuid(),
  ...set,
  confirmed: z.int().nonnegative().describe('Questions that a run asks'),
  proposed: z.int().nonnegative().describe('Questions that somebody should look at'),
  createdBy: z.uuid().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type EvaluationSet = z.infer<typeof EvaluationSet>;

/** A right source: a content, by its id or its exact title, and perhaps a place in it. */
export const ExpectedContent = z
  .strictObject({
    contentId: z.uuid().optional(),
    title: z.string().trim().min(1).max(500).optional(),
    page: z.int().positive().optional().describe('Page of a document, from 1'),
    heading: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .optional()
      .describe('A heading above the passage, in full'),
  })
  .refine(({ contentId, title }) => (contentId === undefined) !== (title === undefined), {
    message: 'An expected content has a contentId or a title.',
  });
export type ExpectedContent = z.infer<typeof ExpectedContent>;

const question = {
  question: z.string().trim().min(1).max(2_000),
  answerable: z.boolean().describe('False: the material does not answer it, so Docent must not'),
  expectedContents: z.array(ExpectedContent).max(20).describe('Any of them is a right source'),
  expectedAnswers: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(500)
        .regex(/[\p{L}\p{N}]/u, 'An answer has a letter or a digit.'),
    )
    .max(20)
    .describe('Short answers: any of them in the text makes it right'),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .nullable(),
  note: z.string().trim().max(2_000),
};

type Expectation = {
  answerable: boolean;
  expectedContents: readonly object[];
  expectedAnswers: readonly string[];
};

/** What must hold of a question as a whole, also after an update. */
export function contradictionOf({
  answerable,
  expectedContents,
  expectedAnswers,
}: Expectation): string | null {
  if (answerable || (expectedContents.length === 0 && expectedAnswers.length === 0)) return null;
  return 'A question that must not be answered has no expected contents and no expected answers.';
}

function refuseContradiction(value: Expectation, context: z.RefinementCtx): void {
  const message = contradictionOf(value);
  if (message !== null) context.addIssue({ code: 'custom', message, path: ['answerable'] });
}

export const NewEvaluationQuestion = z
  .strictObject({
    question: question.question,
    answerable: question.answerable.default(true),
    expectedContents: question.expectedContents.default([]),
    expectedAnswers: question.expectedAnswers.default([]),
    language: question.language.default(null),
    note: question.note.default(''),
  })
  .superRefine(refuseContradiction);
export type NewEvaluationQuestion = z.infer<typeof NewEvaluationQuestion>;

export const QuestionOrigin = z.enum(['manual', 'upload', 'thumbs_up', 'thumbs_down', 'quiz']);
export type QuestionOrigin = z.infer<typeof QuestionOrigin>;
export const QuestionStatus = z.enum(['proposed', 'confirmed', 'rejected']);
export type QuestionStatus = z.infer<typeof QuestionStatus>;

export const EvaluationQuestionUpdate = z
  .strictObject({
    ...question,
    status: QuestionStatus.extract(['confirmed', 'rejected']).describe(
      '`rejected` stays and is not proposed again',
    ),
  })
  .partial();
export type EvaluationQuestionUpdate = z.infer<typeof EvaluationQuestionUpdate>;

export const EvaluationQuestion = z.object({
  id: z.uuid(),
  setId: z.uuid(),
  ...question,
  origin: QuestionOrigin,
  status: QuestionStatus,
  decidedBy: z.uuid().nullable(),
  decidedAt: Timestamp.nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type EvaluationQuestion = z.infer<typeof EvaluationQuestion>;

export const questionFilters = {
  status: QuestionStatus.optional(),
  origin: QuestionOrigin.optional(),
  q: z.string().trim().min(1).max(200).optional().describe('Words, or parts of words'),
};

const Reference = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .transform(
    (text): ExpectedContent =>
      z.uuid().safeParse(text).success ? { contentId: text } : { title: text },
  );

/** A line of an upload says all about a question. In CSV lists have `|` between their items. */
export const EvaluationQuestionRow = z
  .strictObject({
    question: question.question,
    answerable: question.answerable.default(true),
    expectedContents: z
      .array(z.union([Reference, ExpectedContent]))
      .max(20)
      .default([])
      .describe('Ids or titles; in NDJSON also objects with a place'),
    page: z.coerce.number().int().positive().optional(),
    heading: z.string().trim().min(1).max(500).optional(),
    expectedAnswers: question.expectedAnswers.default([]),
    language: question.language.default(null),
    note: question.note.default(''),
  })
  .refine(
    ({ page, heading, expectedContents }) =>
      (page === undefined && heading === undefined) || expectedContents.length === 1,
    { message: 'A page or heading needs exactly one expected content.' },
  )
  .transform(
    ({ page, heading, expectedContents, ...row }): NewEvaluationQuestion => ({
      ...row,
      expectedContents: expectedContents.map((content) => ({
        ...content,
        ...(page === undefined ? {} : { page }),
        ...(heading === undefined ? {} : { heading }),
      })),
    }),
  )
  .superRefine(refuseContradiction);

export const ProposalRequest = z.strictObject({
  from: z
    .enum(['ratings', 'quizzes'])
    .describe(
      '`ratings`: the caller’s own ratings, and those of questions that enough people asked; `quizzes`: questions of assessments with their right answers',
    ),
  assessmentId: z.uuid().optional().describe('Of `quizzes`: of this assessment only'),
});
export type ProposalRequest = z.infer<typeof ProposalRequest>;

export const ProposalResult = z.object({
  proposed: z.int().nonnegative().describe('New in the set, to be looked at'),
  known: z.int().nonnegative().describe('In the set already, whatever became of them'),
});
export type ProposalResult = z.infer<typeof ProposalResult>;

export const QuestionDecision = z.strictObject({
  questionIds: z.array(z.uuid()).min(1).max(100),
  status: QuestionStatus.extract(['confirmed', 'rejected']),
});
export type QuestionDecision = z.infer<typeof QuestionDecision>;
