import { z } from 'zod';
import { Timestamp } from './common.ts';
import { Place } from './place.ts';
import { SearchFilters } from './search.ts';

export const ChatRequest = z
  .object({
    conversationId: z.uuid().optional().describe('Absent: a new conversation'),
    message: z.string().trim().min(1).max(8_000),
    filters: SearchFilters.optional(),
    replaces: z
      .uuid()
      .optional()
      .describe(
        'An answer of the conversation: it, its question and what follows them are removed',
      ),
  })
  .strict();
export type ChatRequest = z.infer<typeof ChatRequest>;

export const Span = z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() });

/** A passage that the answer was written from, numbered in order of first use. */
export const Source = z.object({
  number: z.int().positive(),
  chunkId: z.uuid(),
  contentId: z.uuid(),
  version: z.int().positive(),
  title: z.string(),
  url: z.string().nullable(),
  place: Place,
  text: z.string(),
  score: z.number().min(0).max(1),
  expiresAt: Timestamp.nullable()
    .default(null)
    .describe('Until when its content counts; null: always'),
});
export type Source = z.infer<typeof Source>;

/** A span of the answer tied to a span of a source. Spans: UTF-16 code units, end exclusive. */
export const Citation = z.object({
  number: z.int().positive().describe('Number of the source, as in the text’s [n]'),
  chunkId: z.uuid(),
  contentId: z.uuid(),
  version: z.int().positive(),
  title: z.string(),
  url: z.string().nullable(),
  place: Place,
  answerSpan: Span.describe('In the message’s text, without the marker'),
  sourceSpan: Span.describe('In the text of the content’s version'),
  quote: z.string(),
  supported: z.boolean().describe('The sentence’s words, numbers and names occur in the quote'),
});
export type Citation = z.infer<typeof Citation>;

export const Outcome = z.enum(['answer', 'abstain', 'clarify']);
export type Outcome = z.infer<typeof Outcome>;

/** Probability that the answer is right and supported by its sources. */
export const Confidence = z.object({
  value: z.number().min(0).max(1),
  level: z.enum(['low', 'medium', 'high']),
  outcome: Outcome,
  explanation: z.string(),
  unknownNumbers: z
    .array(z.object({ text: z.string(), span: Span }))
    .default([])
    .describe('Numbers and dates of the answer that no source and no question has'),
});
export type Confidence = z.infer<typeof Confidence>;

export const Usage = z.object({
  promptTokens: z.int().nonnegative(),
  completionTokens: z.int().nonnegative(),
});

/** A message as history shows it; `done` of the stream carries the very same shape. */
export const Message = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  status: z
    .enum(['streaming', 'complete', 'stopped', 'incomplete'])
    .describe('`incomplete`: a failure cut it; `stopped`: the reader did'),
  outcome: Outcome.nullable(),
  confidence: Confidence.nullable(),
  sources: z.array(Source),
  citations: z.array(Citation),
  nearest: z.array(Source).describe('Of an abstention: nearest material, not sources'),
  question: z.string().nullable().describe('The stand-alone question that was searched'),
  model: z.string().nullable(),
  answerer: z.enum(['extractive', 'generative']).nullable(),
  degraded: z
    .enum(['earlier_answer', 'quotes'])
    .nullable()
    .describe(
      'The chat model failed: an earlier answer to the same question, or quotes of the sources',
    ),
  usage: Usage.nullable(),
  processingMs: z.int().nonnegative().nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  streamId: z.uuid().nullable(),
  feedback: z.enum(['up', 'down']).nullable(),
  createdAt: Timestamp,
});
export type Message = z.infer<typeof Message>;

export const Conversation = z.object({
  id: z.uuid(),
  title: z.string(),
  messageCount: z.int().nonnegative(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Conversation = z.infer<typeof Conversation>;

export const FeedbackRequest = z
  .object({
    rating: z.enum(['up', 'down']),
    reason: z
      .enum(['wrong', 'incomplete', 'wrong_source', 'outdated', 'not_helpful', 'other'])
      .optional(),
    comment: z.string().trim().max(2_000).optional(),
  })
  .strict();
export type FeedbackRequest = z.infer<typeof FeedbackRequest>;

/** A rating that somebody gave an answer, with what they wrote to it. */
export const Feedback = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  conversationId: z.uuid(),
  rating: FeedbackRequest.shape.rating,
  reason: z.string().nullable(),
  comment: z.string().nullable(),
  createdAt: Timestamp,
});
export type Feedback = z.infer<typeof Feedback>;

/**
 * The one sequence of events of an answer: `meta · status* · sources · delta* · citation* ·
 * confidence · done | error`. Exactly one `done` or `error` ends every stream.
 *
 * `sources` lists what the answer is written from; those that the text has cited stand first, in order
 * of first use, so `[n]` is the n-th. It comes again before a delta that changes the order; the message
 * keeps those that were cited. A failure and small talk have no `confidence`.
 */
export const ChatEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('meta'),
    streamId: z.uuid(),
    conversationId: z.uuid(),
    messageId: z.uuid().describe('Id of the answer'),
    userMessageId: z.uuid(),
    question: z.string().describe('The stand-alone question that is searched'),
    answerer: z.enum(['extractive', 'generative']),
    model: z.string(),
  }),
  z.object({
    type: z.literal('status'),
    step: z.enum(['searching', 'writing', 'verifying']),
    text: z.string(),
    question: z
      .string()
      .optional()
      .describe('What is searched instead, when words of the question were misspelt'),
  }),
  z.object({
    type: z.literal('sources'),
    sources: z.array(Source),
    outcome: Outcome.optional().describe(
      'Of an abstention and of a question back, which are known before their text',
    ),
    nearest: z.array(Source).optional().describe('With `outcome`: what the text speaks of'),
  }),
  z.object({ type: z.literal('delta'), text: z.string() }),
  z.object({ type: z.literal('citation'), citation: Citation }),
  z.object({ type: z.literal('confidence'), confidence: Confidence }),
  z.object({ type: z.literal('done'), message: Message }),
  z.object({
    type: z.literal('error'),
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    partial: z.boolean().describe('Part of the answer was already sent'),
  }),
]);
export type ChatEvent = z.infer<typeof ChatEvent>;
export type ChatEventType = ChatEvent['type'];
