import { z } from 'zod';

/** A timer takes no more than 24.8 days: beyond, it would end at once. */
const milliseconds = z.coerce.number().int().min(100).max(86_400_000);

/** Settings of the models. Without any: built-in encoder, extractive answers, no network. */
export const modelsEnv = {
  /** Key of the provider; not needed for servers that ask for none. */
  OPENAI_API_KEY: z.string().min(1).optional(),
  /** Address of an OpenAI-compatible API, with its `/v1`; absent: OpenAI's own. */
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must look like https://host/v1' })
    .optional(),
  /** Name of the provider's embedding model; `builtin` is the encoder that is shipped. */
  EMBEDDING_MODEL: z.string().min(1).default('builtin'),
  /** Numbers per vector that the model is asked for; absent: what it gives by itself. */
  EMBEDDING_DIMENSIONS: z.coerce.number().int().min(8).max(4_000).optional(),
  /** Worker threads of the built-in encoder, 270 MB of memory each. */
  EMBEDDING_THREADS: z.coerce.number().int().min(1).max(32).default(1),
  /** Name of the provider's chat model; absent: answers are sentences of the passages. */
  CHAT_MODEL: z.string().min(1).optional(),
  /** Names of chat models for when that one fails, in this order, with commas between; same provider. */
  CHAT_FALLBACK_MODELS: z
    .string()
    .transform((names) => names.split(',').flatMap((name) => name.trim() || []))
    .default([]),
  /** Address of a reranking model's API, to which `/rerank` is added; absent: the built-in reranker. */
  RERANK_URL: z.url({ protocol: /^https?$/, error: 'must look like https://host/v1' }).optional(),
  /** Name of the reranking model; absent: a server that serves one (text-embeddings-inference). */
  RERANK_MODEL: z.string().min(1).optional(),
  /** Key of the reranking model's API. */
  RERANK_API_KEY: z.string().min(1).optional(),
  /** Longest time for one call of a model, retries included. */
  MODEL_TIMEOUT_MS: milliseconds.default(60_000),
  /** Longest wait for the first word of an answer. */
  MODEL_FIRST_TOKEN_TIMEOUT_MS: milliseconds.default(20_000),
  /** Longest pause between two words of an answer. */
  MODEL_TOKEN_TIMEOUT_MS: milliseconds.default(15_000),
};

export type ModelsConfig = Readonly<z.output<z.ZodObject<typeof modelsEnv>>>;
