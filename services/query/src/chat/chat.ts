import { setTimeout as pause } from 'node:timers/promises';
import type { Cache } from '@docent/cache/interfaces';
import { ChatEvent, type Message } from '@docent/contracts/chat';
import { AppError, type ErrorCode, errorCodes, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import { type IdempotentRequest, withIdempotency } from '@docent/http/idempotency';
import { z } from 'zod';
import { type AnswerDeps, makeAnswer } from './answer.ts';
import { findByClientId } from './conversations.store.ts';
import { Exchange, type Opened, openExchange, type Question } from './exchange.ts';
import { abandonAnswer, findByStream, findRunning } from './messages.store.ts';
import { makeRuns, streamKey } from './runs.ts';

export type ChatDeps = AnswerDeps & { readonly cache: Cache };

/** An event with its number in the stream; null: it was not read from the stream's log. */
export interface NumberedEvent {
  readonly id: string | null;
  readonly event: ChatEvent;
}

/** Events of an answer. `ended`: all of them are there, and may be read more than once. */
export interface Following {
  readonly events: AsyncIterable<NumberedEvent>;
  readonly ended: boolean;
}

export interface Chat {
  /**
   * Stores a question and starts its answer; a repeated Idempotency-Key gives the first one's.
   * @throws AppError `not_found` for a conversation that is not the caller's own.
   */
  ask(request: IdempotentRequest, question: Question): Promise<Exchange & { replayed: boolean }>;
  /**
   * The stream of the answer that is being written in a conversation, last asked first.
   * @param id of a conversation of the caller, or a client's own; null: none runs, or there is no such one.
   */
  running(principal: Principal, id: string): Promise<string | null>;
  /**
   * The events of an answer after `afterId` (null: from its start), as they come; an answer whose events are
   * not kept any more gives `done` with the stored message. Ends quietly when the signal aborts. None, when
   * `afterId` was the end.
   * @throws AppError `not_found` for a stream that is not the caller's own.
   */
  follow(
    principal: Principal,
    streamId: string,
    afterId: string | null,
    signal: AbortSignal,
  ): Promise<Following>;
  /** The whole answer. @throws AppError what went wrong with it. */
  wait(principal: Principal, streamId: string, signal: AbortSignal): Promise<Message>;
  /** Ends a running answer. @returns the message as it is stored then. @throws AppError `not_found`. */
  stop(principal: Principal, streamId: string, signal: AbortSignal): Promise<Message>;
  /** Whether this process writes the answer: then its stream ends before `close` does. */
  isWriting(streamId: string): boolean;
  close(): Promise<void>;
}

/** How long a reader waits for the first event of an answer that has just been asked for. */
const FIRST_EVENT_MS = 15_000;
const POLL_MS = 50;

export function makeChat(deps: ChatDeps): Chat {
  const { database, cache } = deps;
  const closing = new AbortController();
  const answer = makeAnswer({ ...deps, closing: closing.signal });
  const runs = makeRuns({ ...deps, answer, closing });

  return {
    async ask(request, question) {
      let opened: Opened | null = null;
      // The same question from a page in another language is the same.
      const fingerprint = JSON.stringify({ ...question, languageAround: undefined });
      const outcome = await withIdempotency(database, request, fingerprint, async (tx) => {
        opened = await openExchange(tx, request.principal, question);
        return { status: 200, body: opened.exchange };
      });
      const exchange = Exchange.parse(outcome.body);
      if (!outcome.replayed) await begin(request.principal, question, opened);
      return { ...exchange, replayed: outcome.replayed };
    },

    async running(principal, id) {
      const streams = await database.withPrincipal(
        principal,
        async (tx) => {
          const known = await findByClientId(tx, principal, id);
          const conversationId = known ?? (z.uuid().safeParse(id).success ? id : null);
          return conversationId === null ? [] : findRunning(tx, principal, conversationId);
        },
        { readOnly: true },
      );
      return streams.at(-1) ?? null;
    },

    async follow(principal, streamId, afterId, signal) {
      const message = await own(principal, streamId);
      const events = read(principal, message, streamId, afterId, signal);
      if (message.status === 'streaming') return { events, ended: false };
      const rest: NumberedEvent[] = [];
      for await (const event of events) rest.push(event);
      return { events: { [Symbol.asyncIterator]: () => inOrder(rest) }, ended: true };
    },

    async wait(principal, streamId, signal) {
      const message = await own(principal, streamId);
      for await (const { event } of read(principal, message, streamId, null, signal)) {
        if (event.type === 'done') return complete(event.message);
        if (event.type === 'error') throw failed(event, message);
      }
      throw new AppError('stream_interrupted', 'The answer was not finished in time.');
    },

    async stop(principal, streamId, signal) {
      const message = await own(principal, streamId);
      if (message.status === 'streaming') {
        await cache.streams.requestStop(streamKey(streamId));
        for await (const { event } of read(principal, message, streamId, null, signal)) {
          if (event.type === 'done') return event.message;
        }
      }
      return own(principal, streamId);
    },

    isWriting: (streamId) => runs.has(streamId),
    close: () => runs.close(),
  };

  async function begin(
    principal: Principal,
    { message, languageAround = null, filters = {} }: Question,
    opened: Opened | null,
  ): Promise<void> {
    if (opened === null) throw new Error('a question that is new was stored');
    const { exchange, history, policy, replaced } = opened;
    await Promise.all(replaced.map((streamId) => cache.streams.requestStop(streamKey(streamId))));
    await runs.start({
      ...exchange,
      principal,
      message,
      languageAround,
      filters,
      history,
      policy,
    });
  }

  async function own(principal: Principal, streamId: string): Promise<Message> {
    const message = await database.withPrincipal(
      principal,
      (tx) => findByStream(tx, principal, streamId),
      { readOnly: true },
    );
    if (message === null) throw notFound('stream', streamId);
    return message;
  }

  async function* read(
    principal: Principal,
    message: Message,
    streamId: string,
    afterId: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<NumberedEvent> {
    const key = streamKey(streamId);
    const leave = runs.reading(streamId);
    try {
      if (await isThere(key, message)) {
        for await (const { id, data } of cache.streams.read(key, afterId, { signal })) {
          yield { id, event: ChatEvent.parse(JSON.parse(data)) };
        }
        return;
      }
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'stream_interrupted')) throw error;
    } finally {
      leave();
    }
    const stored = await settle(deps, principal, await own(principal, streamId));
    if (stored.status === 'streaming') {
      throw new AppError('stream_interrupted', 'The answer’s stream cannot be read just now.');
    }
    yield { id: null, event: { type: 'done', message: stored } };
  }

  /** An answer that was asked for a moment ago has no events yet. */
  async function isThere(key: string, { status, createdAt }: Message): Promise<boolean> {
    const until = Date.parse(createdAt) + FIRST_EVENT_MS;
    for (;;) {
      if (await cache.streams.exists(key)) return true;
      if (status !== 'streaming' || Date.now() > until) return false;
      await pause(POLL_MS);
    }
  }
}

async function* inOrder<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** An answer that is said to be running but was not heard of for this long has lost its process. */
const LOST_AFTER_MS = 30_000;

/** The message as it is: an answer whose process is gone is marked as cut off. */
export async function settle(
  { database, cache }: Pick<ChatDeps, 'database' | 'cache'>,
  principal: Principal,
  message: Message,
): Promise<Message> {
  const { id, status, streamId, createdAt } = message;
  if (status !== 'streaming' || streamId === null) return message;
  if (Date.now() - Date.parse(createdAt) < LOST_AFTER_MS) return message;
  if (await cache.streams.exists(streamKey(streamId))) return message;
  const error = {
    code: 'stream_interrupted',
    detail: 'The service stopped before the answer was done.',
  };
  const settled = await database.withPrincipal(principal, (tx) =>
    abandonAnswer(tx, principal, id, error),
  );
  return settled ?? message;
}

/** A message that ended well; an earlier failure of it is thrown again. */
function complete(message: Message): Message {
  if (message.status !== 'incomplete') return message;
  const { code = 'internal_error', detail = 'The answer was cut off.' } = message.error ?? {};
  throw failed({ code, detail, partial: message.text !== '' }, message);
}

function failed(
  { code, detail, partial }: { code: string; detail: string; partial: boolean },
  { id, conversationId }: Message,
): AppError {
  const known: ErrorCode = errorCodes.find((one) => one === code) ?? 'internal_error';
  return new AppError(known, detail, {
    details: { messageId: id, conversationId, partial: String(partial) },
  });
}
