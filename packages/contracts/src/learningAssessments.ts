import { z } from 'zod';
import { Timestamp } from './common.ts';
import {
  Description,
  Difficulty,
  ExternalUri,
  LearningStatus,
  Metadata,
  Name,
} from './learning.ts';

/** What a learner is told after submitting: the score; which questions were right; the answers too. */
export const Feedback = z.enum(['score', 'questions', 'answers']);
export type Feedback = z.infer<typeof Feedback>;

const assessment = {
  title: Name,
  description: Description,
  courseId: z.uuid().nullable().describe('Passing it counts as passing this course'),
  skillId: z.uuid().nullable().describe('Passing it counts as passing this skill'),
  difficulty: Difficulty,
  timeLimitMinutes: z.int().min(1).max(1_440).nullable(),
  passingScore: z.number().min(0).max(100).describe('In percent'),
  maxAttempts: z.int().min(1).max(1_000).nullable(),
  feedback: Feedback,
  externalUri: ExternalUri.nullable(),
  status: LearningStatus,
  metadata: Metadata,
};

/** An assessment as everybody sees it. Questions come with an attempt, answers to editors only. */
export const Assessment = z.object({
  id: z.uuid(),
  ...assessment,
  questionCount: z.int().nonnegative(),
  createdBy: z.uuid().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Assessment = z.infer<typeof Assessment>;

const OptionId = z.string().trim().min(1).max(50);
const Option = z.strictObject({ id: OptionId, text: z.string().trim().min(1).max(2_000) });
export type QuestionOption = z.infer<typeof Option>;

const question = {
  prompt: z.string().trim().min(1).max(5_000),
  skillId: z.uuid().nullable().default(null).describe('The skill that the answer is evidence of'),
  difficulty: Difficulty.default(3),
  weight: z.number().gt(0).max(1_000).default(1).describe('Share in the score'),
  externalUri: ExternalUri.nullable().default(null),
  explanation: z.string().trim().max(5_000).default(''),
};
const options = z
  .array(Option)
  .min(2)
  .max(50)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'Two options have the same id.',
  });

const Single = z.strictObject({
  type: z.literal('single'),
  ...question,
  options,
  answer: z.strictObject({ options: z.array(OptionId).length(1) }),
});
const Multiple = z.strictObject({
  type: z.literal('multiple'),
  ...question,
  options,
  answer: z.strictObject({ options: z.array(OptionId).min(1) }),
});
const Text = z.strictObject({
  type: z.literal('text'),
  ...question,
  answer: z.strictObject({
    accepted: z
      .array(z.string().trim().min(1).max(500))
      .min(1)
      .max(50)
      .describe('Any of these; case, accents, spaces and punctuation at the ends do not count'),
  }),
});
const Numeric = z.strictObject({
  type: z.literal('numeric'),
  ...question,
  answer: z.strictObject({
    value: z.number(),
    tolerance: z.number().min(0).default(0).describe('Largest difference that is right'),
  }),
});

/** A question with its answer, as editors write it. Give `id` to keep an existing question. */
export const QuestionInput = z
  .discriminatedUnion('type', [
    Single.extend({ id: z.uuid().optional() }),
    Multiple.extend({ id: z.uuid().optional() }),
    Text.extend({ id: z.uuid().optional() }),
    Numeric.extend({ id: z.uuid().optional() }),
  ])
  .refine(
    (given) =>
      !('options' in given) ||
      given.answer.options.every((id) => given.options.some((option) => option.id === id)),
    { message: 'The answer names an option that the question does not have.' },
  );
export type QuestionInput = z.infer<typeof QuestionInput>;

export const Questions = z.strictObject({ questions: z.array(QuestionInput).max(500) });

/** The same as it is read. */
export const KeyedQuestion = z.discriminatedUnion('type', [
  Single.extend({ id: z.uuid(), retired: z.boolean() }),
  Multiple.extend({ id: z.uuid(), retired: z.boolean() }),
  Text.extend({ id: z.uuid(), retired: z.boolean() }),
  Numeric.extend({ id: z.uuid(), retired: z.boolean() }),
]);
export type KeyedQuestion = z.infer<typeof KeyedQuestion>;

export const NewAssessment = z.strictObject({
  ...assessment,
  description: assessment.description.default(''),
  courseId: assessment.courseId.default(null),
  skillId: assessment.skillId.default(null),
  difficulty: assessment.difficulty.default(3),
  timeLimitMinutes: assessment.timeLimitMinutes.default(null),
  passingScore: assessment.passingScore.default(70),
  maxAttempts: assessment.maxAttempts.default(null),
  feedback: assessment.feedback.default('questions'),
  externalUri: assessment.externalUri.default(null),
  status: assessment.status.default('published'),
  metadata: assessment.metadata.default({}),
  questions: z.array(QuestionInput).max(500).default([]),
});
export type NewAssessment = z.infer<typeof NewAssessment>;

export const AssessmentUpdate = z.strictObject(assessment).partial();
export type AssessmentUpdate = z.infer<typeof AssessmentUpdate>;

export const assessmentFilters = {
  q: z.string().trim().min(1).max(200).optional().describe('Words of title or description'),
  courseId: z.uuid().optional(),
  skillId: z.uuid().optional().describe('Its own skill, or that of a question'),
  difficulty: z.coerce.number().int().min(1).max(5).optional(),
  externalUri: z.string().max(1_000).optional(),
  status: LearningStatus.optional().describe('Default: everything but what is archived'),
};
export type AssessmentFilters = z.infer<z.ZodObject<typeof assessmentFilters>>;

/** A question as the person who takes the assessment sees it: nothing tells the answer. */
export const AskedQuestion = z.object({
  id: z.uuid(),
  type: z.enum(['single', 'multiple', 'text', 'numeric']),
  prompt: z.string(),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  weight: z.number(),
});
export type AskedQuestion = z.infer<typeof AskedQuestion>;

/** What somebody answers: ids of options, a text, or a number. */
export const Response = z.union([z.array(OptionId).max(50), z.string().max(2_000), z.number()]);
export type Response = z.infer<typeof Response>;

export const Submission = z.strictObject({
  answers: z
    .record(z.uuid(), Response)
    .describe('By question id. A question that is left out counts as wrong.'),
});
export type Submission = z.infer<typeof Submission>;

export const Attempt = z.object({
  id: z.uuid(),
  assessmentId: z.uuid(),
  assessmentTitle: z.string(),
  userId: z.uuid(),
  status: z.enum(['open', 'submitted', 'expired']),
  startedAt: Timestamp,
  deadlineAt: Timestamp.nullable().describe('Later submissions are not taken'),
  completedAt: Timestamp.nullable(),
  timeTakenSeconds: z.int().nonnegative().nullable(),
  score: z.number().min(0).max(100).nullable().describe('In percent'),
  passed: z.boolean().nullable(),
  source: z.string(),
});
export type Attempt = z.infer<typeof Attempt>;

export const OpenAttempt = Attempt.extend({ questions: z.array(AskedQuestion) });
export type OpenAttempt = z.infer<typeof OpenAttempt>;

export const QuestionResult = z.object({
  questionId: z.uuid(),
  score: z.number().min(0).max(1).describe('0 wrong, 1 right, between: partly'),
  response: Response.nullable(),
  answer: z
    .record(z.string(), z.json())
    .nullable()
    .describe('The right answer; null unless the assessment tells it'),
  explanation: z.string().nullable(),
});
export type QuestionResult = z.infer<typeof QuestionResult>;

export const GradedAttempt = Attempt.extend({
  results: z
    .array(QuestionResult)
    .nullable()
    .describe('Null when the assessment tells the score only'),
  questions: z
    .array(AskedQuestion)
    .nullable()
    .describe('Of one’s own: while it is open, and afterwards with the results'),
});
export type GradedAttempt = z.infer<typeof GradedAttempt>;

/** What an attempt changed in what is known of a skill. */
export const AttemptSkill = z.object({
  skillId: z.uuid(),
  name: z.string(),
  questions: z.int().positive().describe('Of this attempt'),
  answers: z
    .int()
    .describe('Of the person about this skill until then; from five on there is a level'),
  levelBefore: z.number().min(1).max(5).nullable(),
  level: z.number().min(1).max(5).nullable(),
});
export type AttemptSkill = z.infer<typeof AttemptSkill>;

export const ShownAttempt = GradedAttempt.extend({
  skills: z
    .array(AttemptSkill)
    .describe('Of those whose mastery the caller may see, once it is submitted'),
});
export type ShownAttempt = z.infer<typeof ShownAttempt>;
