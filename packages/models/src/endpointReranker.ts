import { AppError } from '@docent/core/errors';
import { z } from 'zod';
import type { Reranker } from './interfaces.ts';
import { openAiClient } from './openai.ts';
import { deadlineIn, retrying } from './retry.ts';

/** Cross-encoders read 512 tokens, some 8,192: what is longer is cut by the server or refused. */
const MAX_CHARACTERS = 8_000;

export interface EndpointRerankerOptions {
  /** Address of the API; `/rerank` is added to it. */
  readonly url: string;
  /** Absent: a server that serves one model (text-embeddings-inference), with its shape of request. */
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** For one call, retries included. */
  readonly timeoutMs: number;
}

/** `{results: [{index, relevance_score}]}` of Cohere, Jina, vLLM; `[{index, score}]` of text-embeddings-inference. */
const Scored = z.object({ index: z.int().nonnegative(), score: z.number() });
const Answer = z.union([
  z
    .object({
      results: z.array(z.object({ index: z.int().nonnegative(), relevance_score: z.number() })),
    })
    .transform(({ results }) =>
      results.map(({ index, relevance_score: score }) => ({ index, score })),
    ),
  z.array(Scored),
]);

/** A reranking model behind an HTTP endpoint: Cohere's request with a model's name, else that of TEI. */
export function openEndpointReranker(options: EndpointRerankerOptions): Reranker {
  const { url, model, apiKey, timeoutMs } = options;
  const client = openAiClient({ apiKey, baseUrl: url.replace(/\/+$/, ''), timeoutMs });
  return {
    id: `rerank:${model ?? new URL(url).host}`,
    async rerank(query, texts, { signal } = {}) {
      if (texts.length === 0) return [];
      const documents = texts.map((text) => text.slice(0, MAX_CHARACTERS).toWellFormed());
      const body =
        model === undefined
          ? { query, texts: documents, truncate: true }
          : { model, query, documents, top_n: documents.length, return_documents: false };
      const answer = await retrying(
        (attempt) => client.post<unknown>('/rerank', { body, signal: attempt }),
        { deadline: deadlineIn(timeoutMs), signal },
      );
      return inOrder(Answer.safeParse(answer).data, documents.length);
    },
  };
}

function inOrder(rows: z.output<typeof Answer> | undefined, length: number): number[] {
  const scores = new Map(rows?.map(({ index, score }) => [index, score]));
  return Array.from({ length }, (_, index) => scores.get(index) ?? fail());

  function fail(): never {
    throw new AppError(
      'model_unavailable',
      'The reranking model answered with something else than a score for each text.',
    );
  }
}
