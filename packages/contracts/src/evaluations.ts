import { z } from 'zod';
import { Outcome } from './chat.ts';
import { Timestamp } from './common.ts';
import { ExpectedContent } from './evaluationSets.ts';
import { Place } from './place.ts';
import { SearchMode } from './search.ts';

const settings = {
  abstainBelow: z
    .number()
    .min(0)
    .max(1)
    .describe('Probability that the passages answer; below it Docent abstains'),
  unsupportedCitations: z.enum(['mark', 'remove']),
  passages: z.int().min(1).max(50).describe('Passages that an answer is written from, at most'),
  mode: SearchMode,
  vectorShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('What vectors are worth beside words; null: what was measured for the model'),
  rerank: z.boolean(),
  answerer: z
    .enum(['configured', 'extractive'])
    .describe('`extractive`: quotes, also where there is a chat model'),
  citationJudge: z
    .enum(['off', 'model'])
    .describe(
      'Who decides, after numbers and names, whether a passage supports a sentence: words (`off`), or the chat model, where there is one',
    ),
  contextTokens: z.int().min(200).max(200_000),
  maxTokens: z.int().min(16).max(100_000),
};

/** What a run tries; what is not named is as it is for the organization just now. */
export const CandidateSettings = z.strictObject(settings).partial();
export type CandidateSettings = z.infer<typeof CandidateSettings>;

export const RunSettings = z.object(settings);
export type RunSettings = z.infer<typeof RunSettings>;

export const NewEvaluation = z.strictObject({
  setId: z.uuid(),
  label: z.string().trim().max(200).default(''),
  settings: CandidateSettings.default({}),
});
export type NewEvaluation = z.infer<typeof NewEvaluation>;

/** All from 0 to 1; higher is better. */
export const measures = [
  'passed',
  'ndcg',
  'recall',
  'reciprocalRank',
  'contained',
  'citedExpected',
  'abstentionRight',
  'support',
] as const;
export const Measure = z
  .enum(measures)
  .describe(
    [
      '`passed`: whatever could be judged was right',
      '`ndcg`, `recall`, `reciprocalRank`: of the contents found, at 10',
      '`contained`: an expected answer stands in the text',
      '`citedExpected`: an expected content is cited',
      '`abstentionRight`: answered what can be answered, and nothing else',
      '`support`: share of the citations whose passages support their sentences',
    ].join('; '),
  );
export type Measure = z.infer<typeof Measure>;

const share = z.number().min(0).max(1);

export const Estimated = z.object({
  mean: share,
  standardError: z.number().nonnegative().nullable().describe('Null for a single question'),
  questions: z.int().positive().describe('Those for which it can be told'),
});
export type Estimated = z.infer<typeof Estimated>;

const Milliseconds = z.object({ median: z.number(), p95: z.number() });

/** What came of all questions of a run together. */
export const EvaluationFigures = z.object({
  questions: z.int().nonnegative(),
  failed: z.int().nonnegative().describe('Not answered because something was down'),
  outcomes: z.object({
    answer: z.int().nonnegative(),
    abstain: z.int().nonnegative(),
    clarify: z.int().nonnegative(),
  }),
  measures: z.partialRecord(Measure, Estimated),
  ms: z.partialRecord(z.enum(['search', 'write', 'verify', 'total']), Milliseconds),
  tokens: z.int().nonnegative().describe('Of the chat model'),
  embeddingModels: z.array(z.string()).describe('Whose vectors were searched; none: words alone'),
  material: z
    .object({
      contents: z.int().nonnegative(),
      changedAt: Timestamp.nullable().describe('When one of them was changed last'),
    })
    .describe('What the organization had when the run ended'),
});
export type EvaluationFigures = z.infer<typeof EvaluationFigures>;

export const EvaluationStatus = z.enum(['queued', 'running', 'done', 'cancelled', 'failed']);
export type EvaluationStatus = z.infer<typeof EvaluationStatus>;

/** Golden questions asked in the background, with the rights of who asked for it. */
export const Evaluation = z.object({
  id: z.uuid(),
  setId: z.uuid().nullable().describe('Null: it was deleted since'),
  setName: z.string(),
  label: z.string(),
  ownerId: z.uuid().describe('With whose rights the questions are asked'),
  status: EvaluationStatus,
  questions: z.int().positive(),
  asked: z.int().nonnegative(),
  percent: z.int().min(0).max(100),
  candidate: CandidateSettings.describe('What was asked for'),
  settings: RunSettings.describe('What it was run with'),
  algorithm: z
    .string()
    .describe('Version of search and answers, and fingerprint of their fitted weights'),
  chatModel: z.string().nullable().describe('Null: answers are quotes'),
  reranker: z.string().nullable().describe('Null: the built-in one, or none'),
  figures: EvaluationFigures.nullable().describe('Null until it ended'),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
});
export type Evaluation = z.infer<typeof Evaluation>;

export const JudgedCitation = z.object({
  contentId: z.uuid(),
  title: z.string(),
  place: Place,
  quote: z.string(),
  supported: z.boolean(),
});
export type JudgedCitation = z.infer<typeof JudgedCitation>;

/** A question as it was when the run was asked for, and what came of it. */
export const EvaluationResult = z.object({
  position: z.int().positive(),
  questionId: z.uuid(),
  question: z.string(),
  answerable: z.boolean(),
  expectedContents: z.array(ExpectedContent),
  expectedAnswers: z.array(z.string()),
  language: z.string().nullable(),
  status: z.enum(['waiting', 'done', 'failed']),
  outcome: Outcome.nullable(),
  answer: z.string().nullable(),
  citations: z.array(JudgedCitation),
  confidence: share.nullable(),
  probability: share.nullable().describe('That the passages found answer the question'),
  firstRank: z
    .int()
    .positive()
    .nullable()
    .describe('Place of the first expected content among the contents found'),
  ndcg: share.nullable(),
  recall: share.nullable(),
  reciprocalRank: share.nullable(),
  contained: z.boolean().nullable(),
  citedExpected: z.boolean().nullable(),
  abstentionRight: z.boolean().nullable(),
  support: share.nullable(),
  passed: z.boolean().nullable(),
  ms: z.partialRecord(z.enum(['search', 'write', 'verify', 'total']), z.number().nonnegative()),
  embeddingModel: z.string().nullable(),
  tokens: z.int().nonnegative().nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type EvaluationResult = z.infer<typeof EvaluationResult>;

/** Which results of a run; `better` and `worse` than in the run `with`. */
export const resultFilters = {
  filter: z.enum(['failed', 'better', 'worse']).optional(),
  with: z.uuid().optional().describe('The run to compare with, of `better` and `worse`'),
};

const ChangedQuestion = z.object({
  questionId: z.uuid(),
  position: z.int().positive(),
  question: z.string(),
  from: z.object({ passed: z.boolean().nullable(), outcome: Outcome.nullable() }),
  to: z.object({ passed: z.boolean().nullable(), outcome: Outcome.nullable() }),
});

/** A run against another one, question by question: what a question is hard for does not count. */
export const EvaluationComparison = z.object({
  id: z.uuid(),
  with: z.uuid(),
  pairs: z.int().nonnegative().describe('Questions that both asked alike and answered'),
  sentence: z.string(),
  settings: z.array(z.object({ name: z.string(), from: z.json(), to: z.json() })),
  materialChanged: z
    .boolean()
    .describe('Between the start of the first run and the end of the last'),
  measures: z.array(
    z.object({
      measure: Measure,
      pairs: z.int().positive(),
      from: share,
      to: share,
      difference: z.number().min(-1).max(1).describe('Above 0: better than `with`'),
      standardError: z.number().nonnegative().nullable(),
      beyondNoise: z
        .boolean()
        .describe('More than 2 standard errors, and at least 6 questions differ'),
      sentence: z.string(),
    }),
  ),
  better: z.int().nonnegative(),
  worse: z.int().nonnegative(),
  same: z.int().nonnegative(),
  betterQuestions: z.array(ChangedQuestion).describe('The first 50; all by the results’ filter'),
  worseQuestions: z.array(ChangedQuestion).describe('The first 50; all by the results’ filter'),
});
export type EvaluationComparison = z.infer<typeof EvaluationComparison>;
