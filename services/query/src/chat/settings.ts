import { z } from 'zod';
import { ABSTAIN_BELOW } from './confidence.weights.ts';

/** Settings of answers and conversations; part of the service's configuration. */
export const chatEnv = {
  /** Probability that the material answers the question, 0 to 1; below it the answer is an abstention. */
  ABSTAIN_BELOW: z.coerce.number().min(0).max(1).default(ABSTAIN_BELOW),
  /** What becomes of a citation whose passage does not support its sentence. */
  UNSUPPORTED_CITATIONS: z.enum(['mark', 'remove']).default('mark'),
  /** Who decides, after numbers and names, whether a passage supports what a chat model wrote: words, or the model. */
  CITATION_JUDGE: z.enum(['off', 'model']).default('off'),
  /** Longest time for judging the citations of an answer, milliseconds. */
  JUDGE_TIMEOUT_MS: z.coerce.number().int().min(10).max(120_000).default(8_000),
  /** Passages that an answer is written from, at most. */
  ANSWER_PASSAGES: z.coerce.number().int().min(1).max(50).default(8),
  /** Tokens that passages and history may take in a prompt. */
  ANSWER_CONTEXT_TOKENS: z.coerce.number().int().min(200).max(200_000).default(6_000),
  /** Tokens that a chat model may write for one answer. */
  ANSWER_MAX_TOKENS: z.coerce.number().int().min(16).max(100_000).default(1_000),
  /** Longest wait for the model's first text, milliseconds; then the answer is quoted from the sources. */
  ANSWER_FIRST_TEXT_TIMEOUT_MS: z.coerce.number().int().min(10).max(900_000).default(25_000),
  /** Longest pause between two pieces of the model's text, milliseconds. */
  ANSWER_TEXT_TIMEOUT_MS: z.coerce.number().int().min(10).max(900_000).default(20_000),
  /** Longest time for the model to write an answer, milliseconds. */
  ANSWER_TIMEOUT_MS: z.coerce.number().int().min(10).max(900_000).default(90_000),
  /** Longest time for rewriting a follow-up question, milliseconds. */
  REWRITE_TIMEOUT_MS: z.coerce.number().int().min(10).max(900_000).default(5_000),
  /** How long an answer goes on without a reader, seconds: a page may be loaded again meanwhile. */
  STREAM_GRACE_SECONDS: z.coerce.number().min(0.01).max(3_600).default(60),
  /** How long the events of an answer are kept for readers who come back, seconds. */
  STREAM_KEPT_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  /** How long running answers may go on after the process was asked to stop, seconds. */
  STREAM_DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(5),
};
export type ChatSettings = Readonly<z.output<z.ZodObject<typeof chatEnv>>>;
