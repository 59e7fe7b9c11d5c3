import { setTimeout as pause } from 'node:timers/promises';
import type { Cache } from '@docent/cache/interfaces';
import { ChatEvent, type ChatRequest, type Message } from '@docent/contracts/chat';
import { AppError, type ErrorCode, errorCodes, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { type IdempotentRequest, withIdempotency } from '@docent/http/idempotency';
import { z } from 'zod';
import { type AnswerDeps, makeAnswer } from './answer.ts';
import { insertConversation, touchConversation } from './conversations.store.ts';
import type { PastTurn } from './followUp.ts';
import { abandonAnswer, findByStream, insertExchange, recentTurns } from './messages.store.ts';
import { type AnswerPolicy, findAnswerPolicy } from './policy.store.ts';
import { makeRuns, streamKey } from './runs.ts';

export type ChatDeps = AnswerDeps & { readonly cache: Cache };

/** An event with its number in the stream; null: it was not read from the stream's log. */
export interface NumberedEvent {
  readonly id: string | null;
  readonly event: ChatEvent;
}

export interface Chat {
  /**
   * Stores a question and starts its answer; a repeated Idempotency-Key gives the first one's.
   * @throws AppError `not_found` for a conversation that is not the caller's own.
   */
  ask(request: IdempotentRequest, body: ChatRequest): Promise<Exchange & { replayed: boolean }>;
  /**
   * The events of an answer after `afterId` (null: from its start), as they come; an answer whose events are
   * not kept any more gives `done` with the stored message. Ends quietly when the signal aborts.
   * @returns null when `afterId` was the end.
   * @throws AppError `not_found` for a stream that is not the caller's own.
   */
  follow(
    principal: Principal,
    streamId: string,
    afterId: string | null,
    signal: AbortSignal,
  ): Promise<AsyncIterable<NumberedEvent> | null>;
  /** The whole answer. @throws AppError what went wrong with it. */
  wait(principal: Principal, streamId: string, signal: AbortSignal): Promise<Message>;
  /** Ends a running answer. @returns the message as it is stored then. @throws AppError `not_found`. */
  stop(principal: Principal, streamId: string, signal: AbortSignal): Promise<Message>;
  /** Whether this process writes the answer: then its stream ends before `close` does. */
  isWriting(streamId: string): boolean;
  close(): Promise<void>;
}

const Exchange = z.object({
  conversationId: z.uuid(),
  userMessageId: z.uuid(),
  messageId: z.uuid(),
  streamId: z.uuid(),
});
type Exchange = z.infer<typeof Exchange>;

/** Turns that a follow-up may lean on. */
const HISTORY = 8;
/** How long a reader waits for the first event of an answer that has just been asked for. */
const FIRST_EVENT_MS = 15_000;
const POLL_MS = 50;

export function makeChat(deps: ChatDeps): Chat {
  const { database, cache } = deps;
  const closing = new AbortController();
  const answer = makeAnswer({ ...deps, closing: closing.signal });
  const runs = makeRuns({ ...deps, answer, closing });

  return {
    async ask(request, body) {
      let said: Awaited<ReturnType<typeof openExchange>> = { history: [], policy: {} };
      const outcome = await withIdempotency(database, request, JSON.stringify(body), async (tx) => {
        const exchange = newExchange(body);
        said = await openExchange(tx, request.principal, exchange, body);
        return { status: 200, body: exchange };
      });
      const exchange = Exchange.parse(outcome.body);
      if (!outcome.replayed) {
        await runs.start({
          ...exchange,
          principal: request.principal,
          message: body.message,
          filters: body.filters ?? {},
          ...said,
        });
      }
      return { ...exchange, replayed: outcome.replayed };
    },

    async follow(principal, streamId, afterId, signal) {
      const message = await own(principal, streamId);
      const events = read(principal, message, streamId, afterId, signal);
      if (message.status === 'streaming') return events;
      // All of it is there: an end that was seen already can be told from a start.
      const rest: NumberedEvent[] = [];
      for await (const event of events) rest.push(event);
      return rest.length === 0 ? null : inOrder(rest);
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

function newExchange({ conversationId }: ChatRequest): Exchange {
  return {
    conversationId: conversationId ?? newId(),
    userMessageId: newId(),
    messageId: newId(),
    streamId: newId(),
  };
}

/** Stores the question with the answer to come. @returns what was said before, and how to answer. */
async function openExchange(
  tx: Tx,
  principal: Principal,
  exchange: Exchange,
  { conversationId, message }: ChatRequest,
): Promise<{ history: PastTurn[]; policy: AnswerPolicy }> {
  let history: PastTurn[] = [];
  if (conversationId === undefined) {
    const title = titleOf(message);
    await insertConversation(tx, principal, { id: exchange.conversationId, title });
  } else {
    if (!(await touchConversation(tx, principal, conversationId))) {
      throw notFound('conversation', conversationId);
    }
    history = await recentTurns(tx, principal, conversationId, HISTORY);
  }
  await insertExchange(tx, principal, { ...exchange, text: message });
  return { history, policy: await findAnswerPolicy(tx, principal.orgId) };
}

const LONGEST_TITLE = 80;

/** A question as a title: one line, cut at a word. */
export function titleOf(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE);
  const word = cut.lastIndexOf(' ');
  // One long word, as in languages without spaces, is cut where it must be; never a pair of surrogates.
  const end = word > LONGEST_TITLE / 2 ? word : LONGEST_TITLE;
  return `${cut
    .slice(0, end)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
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
