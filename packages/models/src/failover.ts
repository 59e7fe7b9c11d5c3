import { AppError } from '@docent/core/errors';
import {
  type CircuitBreakerPolicy,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  SamplingBreaker,
} from 'cockatiel';
import type { ChatModel, ChatPart } from './interfaces.ts';

/** A model is left alone for a while when half of at least ten calls in this time failed. */
const WATCHED_MS = 30_000;
const LEAST_CALLS = 10;
const FAILED_SHARE = 0.5;
/** Then one call is let through to see whether it is back. */
const LEFT_ALONE_MS = 10_000;

/**
 * The first model, and those after it for when it fails: the next one is asked while nothing was written yet. A
 * model that keeps failing is not asked for a while (circuit breaker), so that nobody waits for its timeouts.
 *
 * @throws from `stream`: what the last model that was asked threw, AppError `model_unavailable` when none may
 *   be asked; mid-way, what the writing model throws.
 */
export function withFailover(first: ChatModel, others: readonly ChatModel[] = []): ChatModel {
  const models = [first, ...others].map((model) => ({ model, breaker: newBreaker() }));
  return {
    id: first.id,
    async *stream(turns, options) {
      let failure: unknown = new AppError(
        'model_unavailable',
        'No chat model can be asked at the moment.',
      );
      for (const { model, breaker } of models) {
        try {
          const begun = await breaker.execute(() => begin(model.stream(turns, options)));
          if (model !== first) yield { type: 'model', id: model.id };
          yield* rest(begun);
          return;
        } catch (error) {
          options.signal.throwIfAborted();
          if (error instanceof Written) throw error.cause;
          if (!isBrokenCircuitError(error)) failure = error;
        }
      }
      throw failure;
    },
  };
}

function newBreaker(): CircuitBreakerPolicy {
  return circuitBreaker(
    // An abort by the reader says nothing of the model.
    handleWhen((error) => error instanceof AppError),
    {
      halfOpenAfter: LEFT_ALONE_MS,
      breaker: new SamplingBreaker({
        threshold: FAILED_SHARE,
        duration: WATCHED_MS,
        minimumRps: LEAST_CALLS / (WATCHED_MS / 1_000),
      }),
    },
  );
}

interface Begun {
  readonly parts: AsyncIterator<ChatPart>;
  readonly first: IteratorResult<ChatPart>;
}

/** Up to the first part: until then another model can take over unseen. */
async function begin(stream: AsyncIterable<ChatPart>): Promise<Begun> {
  const parts = stream[Symbol.asyncIterator]();
  return { parts, first: await parts.next() };
}

/** A failure after something was written: no other model may begin anew. */
class Written extends Error {
  override name = 'Written';
}

async function* rest({ parts, first }: Begun): AsyncGenerator<ChatPart> {
  try {
    for (let next = first; !next.done; next = await parts.next()) yield next.value;
  } catch (cause) {
    throw new Written('failed mid-way', { cause });
  } finally {
    // A reader that stops early ends the provider's request.
    await parts.return?.();
  }
}
