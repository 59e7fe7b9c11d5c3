import { AppError } from '@docent/core/errors';
import type OpenAI from 'openai';
import type { ChatModel, ChatPart, ChatTurn } from './interfaces.ts';
import { openAiClient, type Provider } from './openai.ts';
import { deadlineIn, failureOf, retrying, timedOut } from './retry.ts';

export interface OpenAiChatModelOptions extends Provider {
  readonly model: string;
  /** Longest wait for the first text, of one try. */
  readonly firstTokenTimeoutMs: number;
  /** Longest wait between two pieces of text. */
  readonly tokenTimeoutMs: number;
}

/**
 * A chat model of an OpenAI-compatible provider. Tries again only while nothing was emitted. An abort, a
 * timeout, and a consumer that stops reading close the provider's request.
 */
export function openOpenAiChatModel(options: OpenAiChatModelOptions): ChatModel {
  const client = openAiClient(options);
  return {
    id: `openai:${options.model}`,
    async *stream(turns, { signal, maxTokens }) {
      const deadline = deadlineIn(options.timeoutMs);
      const body = { ...limitOf(options, maxTokens), ...requestOf(options.model, turns) };
      const begun = await retrying((attempt) => begin(client, body, attempt, options), {
        deadline,
        signal,
      });
      try {
        yield* rest(begun, options.tokenTimeoutMs);
      } catch (error) {
        signal.throwIfAborted();
        throw failureOf(error, deadline).error;
      } finally {
        begun.controller.abort();
      }
    },
  };
}

type Chunk = OpenAI.ChatCompletionChunk;
type Body = OpenAI.ChatCompletionCreateParamsStreaming;

function requestOf(model: string, turns: readonly ChatTurn[]): Body {
  return {
    model,
    messages: turns.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** OpenAI's newer models refuse `max_tokens`; other servers know nothing else. */
function limitOf(provider: Provider, maxTokens: number | undefined) {
  if (maxTokens === undefined) return {};
  return provider.baseUrl ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens };
}

interface Begun {
  readonly chunks: AsyncIterator<Chunk>;
  readonly controller: AbortController;
  /** What came up to and with the first text; null at an end without any. */
  readonly first: IteratorResult<Chunk>;
}

/** Opens the stream and waits for its first text, so that everything before it may be tried again. */
async function begin(
  client: OpenAI,
  body: Body,
  signal: AbortSignal,
  { firstTokenTimeoutMs }: OpenAiChatModelOptions,
): Promise<Begun> {
  const controller = new AbortController();
  const late = setTimeout(
    () => controller.abort(timedOut(`within ${firstTokenTimeoutMs} ms`)),
    firstTokenTimeoutMs,
  );
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  controller.signal.addEventListener('abort', () => signal.removeEventListener('abort', abort));
  try {
    const stream = await client.chat.completions.create(body, { signal: controller.signal });
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const first = await chunks.next();
      controller.signal.throwIfAborted();
      if (first.done || first.value.choices[0]?.delta.content || finishOf(first.value)) {
        return { chunks, controller, first };
      }
    }
  } catch (error) {
    const reason = controller.signal.aborted ? controller.signal.reason : error;
    controller.abort();
    throw reason;
  } finally {
    clearTimeout(late);
  }
}

async function* rest(begun: Begun, tokenTimeoutMs: number): AsyncGenerator<ChatPart> {
  const { chunks, controller } = begun;
  let finish: Finish | undefined;
  let emitted = 0;
  for (let next = begun.first; !next.done; next = await nextWithin(tokenTimeoutMs)) {
    const { usage } = next.value;
    const text = next.value.choices[0]?.delta.content;
    if (text) {
      emitted += text.length;
      yield { type: 'text', text };
    }
    const reason = finishOf(next.value);
    if (reason && !finish) yield { type: 'finish', reason };
    finish ??= reason;
    if (usage) {
      const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
      yield { type: 'usage', promptTokens, completionTokens };
    }
  }
  if (!finish) {
    throw new AppError('model_unavailable', 'The model’s answer was cut off.', {
      details: { emittedCharacters: emitted },
    });
  }

  async function nextWithin(timeoutMs: number): Promise<IteratorResult<Chunk>> {
    const late = setTimeout(
      () => controller.abort(timedOut(`for ${timeoutMs} ms in the middle of its text`)),
      timeoutMs,
    );
    try {
      const result = await chunks.next();
      // The client ends an aborted stream as if it were complete.
      controller.signal.throwIfAborted();
      return result;
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      clearTimeout(late);
    }
  }
}

type Finish = 'stop' | 'length' | 'content_filter';

function finishOf(chunk: Chunk): Finish | undefined {
  const reason = chunk.choices[0]?.finish_reason;
  if (!reason) return undefined;
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}
