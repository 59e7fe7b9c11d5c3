/** Turns texts into vectors. Implementations: built-in (offline), OpenAI-compatible, tests' fakes. */
export interface Embedder {
  /** Names model and dimensions; stored with every vector, so two models never mix. */
  readonly id: string;
  readonly dimensions: number;
  /** Most texts of one call of `embed`. */
  readonly maxBatch: number;
  /**
   * One unit-length vector per text, in order.
   * @throws AppError `model_unavailable`, `model_rate_limited` or `model_timeout`.
   */
  embed(texts: readonly string[], options?: { signal?: AbortSignal }): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Judges how well passages answer a query, by reading both together. */
export interface Reranker {
  readonly id: string;
  /**
   * One score per text, in order; higher is better, comparable within one call only.
   * @throws AppError `model_unavailable`, `model_rate_limited` or `model_timeout`.
   */
  rerank(
    query: string,
    texts: readonly string[],
    options?: { signal?: AbortSignal },
  ): Promise<number[]>;
}

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A piece of a streamed completion. `finish` comes once, after the text: `length` is an answer cut at the
 * token limit, `content_filter` one that the provider cut. `usage` comes once, last, when it is reported.
 * `model` comes first when another model than the one that was asked writes.
 */
export type ChatPart =
  | { readonly type: 'model'; readonly id: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'finish'; readonly reason: 'stop' | 'length' | 'content_filter' }
  | { readonly type: 'usage'; readonly promptTokens: number; readonly completionTokens: number };

/** Writes text. Implementations: OpenAI-compatible, tests' fakes. */
export interface ChatModel {
  readonly id: string;
  /**
   * Streams a completion; the signal ends it and the provider's request with it.
   * @throws AppError `model_unavailable`, `model_rate_limited` or `model_timeout`, also mid-way.
   */
  stream(
    turns: readonly ChatTurn[],
    options: { signal: AbortSignal; maxTokens?: number },
  ): AsyncIterable<ChatPart>;
}
