import { AppError } from '@docent/core/errors';
import type { ChatModel, ChatPart, ChatTurn } from '@docent/models/interfaces';

/** Longest waits for a model, in milliseconds. */
export interface ModelTimes {
  /** For the first piece of text. */
  readonly firstMs: number;
  /** Between two pieces. */
  readonly gapMs: number;
  /** For all of it. */
  readonly totalMs: number;
}

/**
 * Characters of a text that is certainly longer than it may be, for each token allowed: prose has four to five a
 * token, few languages and codes more.
 */
export const CHARACTERS_PER_TOKEN = 8;

interface CallOptions {
  readonly signal: AbortSignal;
  readonly maxTokens?: number;
}

/**
 * A model's parts as they come, with a limit on every wait; the provider's request ends with the limit, with
 * `signal`, and when the reader stops reading.
 *
 * @throws AppError `model_timeout`, the reason of `signal`, or what the model throws.
 */
export async function* streamWithin(
  model: ChatModel,
  turns: readonly ChatTurn[],
  { signal, times, ...options }: CallOptions & { times: ModelTimes },
): AsyncIterable<ChatPart> {
  const call = new AbortController();
  const limit = AbortSignal.any([signal, call.signal]);
  const parts = model.stream(turns, { ...options, signal: limit })[Symbol.asyncIterator]();
  const until = performance.now() + times.totalMs;
  let waitMs = times.firstMs;
  try {
    for (;;) {
      const next = await within(parts.next(), Math.min(waitMs, until - performance.now()), limit);
      if (next.done) return;
      if (next.value.type === 'text') waitMs = times.gapMs;
      yield storable(next.value);
    }
  } finally {
    // A model that ignores its signal must not keep the answer waiting: its end is not awaited.
    call.abort();
    parts.return?.().catch(() => {});
  }
}

/** U+0000 says nothing to a reader, and PostgreSQL cannot store it. */
function storable(part: ChatPart): ChatPart {
  return part.type === 'text' ? { ...part, text: part.text.replaceAll('\0', '') } : part;
}

/**
 * All the text of a short completion; of a model that goes on and on, the beginning.
 *
 * @throws as `ChatModel.stream`, or the reason of `signal`.
 */
export async function collectText(
  model: ChatModel,
  turns: readonly ChatTurn[],
  { signal, maxTokens }: { signal: AbortSignal; maxTokens: number },
): Promise<string> {
  const times = { firstMs: Infinity, gapMs: Infinity, totalMs: Infinity };
  let text = '';
  for await (const part of streamWithin(model, turns, { signal, maxTokens, times })) {
    if (part.type === 'text') text += part.text;
    if (text.length > maxTokens * CHARACTERS_PER_TOKEN) break;
  }
  return text;
}

/** What `promise` gives, unless the time or the signal is first. */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  const first = Promise.withResolvers<never>();
  const onAbort = () => first.reject(signal.reason);
  const timer = Number.isFinite(ms)
    ? setTimeout(() => first.reject(timedOut()), Math.max(0, ms))
    : undefined;
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, first.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // The loser of the race may still fail, with nobody left to hear it.
    promise.catch(() => {});
  }
}

function timedOut(): AppError {
  return new AppError('model_timeout', 'The chat model took too long to answer.');
}
