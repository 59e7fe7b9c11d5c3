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

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A piece of a streamed completion. `finish` comes once, after the text: `length` is an answer cut at the
 * token limit, `content_filter` one that the provider cut. `usage` comes once, last, when it is reported.
 */
export type ChatPart =
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
