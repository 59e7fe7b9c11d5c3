import { ChatEvent, ChatRequest, Message } from '@docent/contracts/chat';
import { AppError, type ErrorCode } from '@docent/core/errors';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import { type EventStream, openStream } from '@docent/http/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Chat, type ChatDeps, makeChat, type NumberedEvent } from './chat.ts';
import { conversationRoutes } from './conversations.routes.ts';
import { makeConversations } from './conversations.ts';
import { errorEvent } from './finish.ts';

const StreamParams = z.object({ streamId: z.uuid() });
const LastEventId = z.string().regex(/^\d{1,9}$/, 'must be the id of an event, a whole number');
/** Time of the whole JSON answer beyond the model's own. */
const MARGIN_MS = 30_000;
/** Longest time that a stopped answer is waited for. */
const STOP_MS = 10_000;

const events = {
  description:
    'The answer as server-sent events: `meta · status* · sources · delta* · citation* · confidence · done | error`. `sources` may come again before a delta, with those cited so far first.',
  content: { 'text/event-stream': { schema: ChatEvent } },
};

/** Chat, its streams, conversations and feedback, under `/v1`. Closing the app ends running answers. */
export const chatRoutes: FastifyPluginAsyncZod<ChatDeps> = async (app, deps) => {
  const chat = makeChat(deps);
  app.addHook('preClose', () => chat.close());
  await app.register(conversationRoutes, { conversations: makeConversations(deps) });

  app.post(
    '/v1/chat',
    {
      config: { scope: 'chat', cost: 10, timeoutMs: deps.settings.ANSWER_TIMEOUT_MS + MARGIN_MS },
      schema: {
        operationId: 'ask',
        summary:
          'Answer a question from the material, as a stream or (Accept: application/json) whole',
        tags: ['chat'],
        headers: IdempotencyHeaders,
        body: ChatRequest,
        response: {
          200: {
            ...events,
            content: { ...events.content, 'application/json': { schema: Message } },
          },
          ...problems(
            'not_found',
            'idempotency_key_in_flight',
            'idempotency_key_reused',
            'model_unavailable',
            'model_rate_limited',
            'model_timeout',
            'stream_interrupted',
          ),
        },
      },
    },
    async (request, reply) => {
      const { streamId, replayed } = await chat.ask(request, request.body);
      if (replayed) reply.header('idempotent-replayed', 'true');
      if (wantsJson(request.headers.accept)) {
        const message = await chat.wait(request.principal, streamId, request.signal);
        return reply.type('application/json').send(message);
      }
      const following = await chat.follow(request.principal, streamId, null, request.signal);
      if (following === null) throw new Error('a stream has at least its end');
      return pump(chat, streamId, following, request, reply);
    },
  );

  app.get(
    '/v1/chat/streams/:streamId',
    {
      config: { scope: 'chat' },
      schema: {
        operationId: 'resumeStream',
        summary:
          'The events of an answer after the last one that was seen, and the rest as it comes',
        tags: ['chat'],
        params: StreamParams,
        headers: z.looseObject({ 'last-event-id': LastEventId.optional() }),
        querystring: z.object({ lastEventId: LastEventId.optional() }),
        response: {
          200: events,
          204: z.null().describe('The last event was seen already'),
          ...problems('not_found', 'stream_interrupted'),
        },
      },
    },
    async (request, reply) => {
      const { streamId } = request.params;
      const afterId = request.headers['last-event-id'] ?? request.query.lastEventId ?? null;
      const { principal, signal } = request;
      const following = await chat.follow(principal, streamId, afterId, signal);
      // What ends the reconnecting of an EventSource.
      if (following === null) return reply.code(204).send(null);
      return pump(chat, streamId, following, request, reply);
    },
  );

  app.post(
    '/v1/chat/streams/:streamId/stop',
    {
      config: { scope: 'chat' },
      schema: {
        operationId: 'stopStream',
        summary: 'End a running answer; what was written so far is kept',
        tags: ['chat'],
        params: StreamParams,
        response: { 200: Message, ...problems('not_found') },
      },
    },
    async (request) => {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(STOP_MS)]);
      return chat.stop(request.principal, request.params.streamId, signal);
    },
  );
};

/** Whoever names JSON and no event stream; everybody else gets the stream. */
function wantsJson(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept);
}

/**
 * Sends events as they come, the last one always a `done` or `error`. When the process stops, an answer that it
 * writes itself ends first; the reader of another one is told to come back.
 */
async function pump(
  chat: Chat,
  streamId: string,
  following: AsyncIterable<NumberedEvent>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const stream = openStream(request, reply);
  const ended = Promise.withResolvers<void>();
  const stopping = Promise.withResolvers<'stopping'>();
  stream.onShutdown(async () => {
    if (chat.isWriting(streamId)) await chat.close();
    else stopping.resolve('stopping');
    await ended.promise;
  });
  try {
    await sendAll(stream, following, stopping.promise);
  } catch (error) {
    request.log.error({ err: error, streamId }, 'an event stream broke');
    const known = error instanceof AppError;
    const detail = known ? error.message : 'The stream broke; read it again.';
    const { event } = farewell(known ? error.code : 'stream_interrupted', detail);
    await stream.send({ event: event.type, data: event });
  } finally {
    ended.resolve();
    await stream.end();
  }
  return reply;
}

async function sendAll(
  stream: EventStream,
  following: AsyncIterable<NumberedEvent>,
  stopping: Promise<'stopping'>,
): Promise<void> {
  const events = following[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([events.next(), stopping]);
      const leaving = next === 'stopping';
      if (!leaving && next.done && stream.signal.aborted) return;
      const { id, event } =
        leaving || next.done
          ? farewell(
              leaving ? 'shutting_down' : 'stream_interrupted',
              'The stream was cut off; read on from the last event.',
            )
          : next.value;
      await stream.send({ ...(id === null ? {} : { id }), event: event.type, data: event });
      if (event.type === 'done' || event.type === 'error') return;
    }
  } finally {
    // Not awaited: it may be waiting for an event that never comes.
    events.return?.().catch(() => {});
  }
}

/** Without an id of its own: whoever comes back asks for what followed the last real event. */
function farewell(code: ErrorCode, detail: string): NumberedEvent {
  return { id: null, event: errorEvent(code, detail, true) };
}
