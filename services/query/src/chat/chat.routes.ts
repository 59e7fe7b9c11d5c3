import { ChatEvent, ChatRequest, Message } from '@docent/contracts/chat';
import { UiChatRequest, UiChunk } from '@docent/contracts/uiStream';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { encodingOf, sendAnswer, UI_STREAM_TYPE, wantsJson } from './answerStream.ts';
import { type ChatDeps, makeChat } from './chat.ts';
import { conversationRoutes } from './conversations.routes.ts';
import { makeConversations } from './conversations.ts';
import { questionOf } from './exchange.ts';
import { languageAround } from './wording.ts';

const StreamParams = z.object({ streamId: z.uuid() });
const LastEventId = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be the id of an event, such as 12 (or 12.3)');
/** Time of the whole JSON answer beyond the model's own. */
const MARGIN_MS = 30_000;
/** Longest time that a stopped answer is waited for. */
const STOP_MS = 10_000;
/** A client of the AI SDK sends the whole conversation with its sources each time. */
const BODY_BYTES = 2_000_000;

const NEITHER = 'needs `message`, or what `useChat` of the AI SDK sends: `id` with `messages`';

const uiStream =
  'The UI message stream of the AI SDK, version 1, each `data` one part, `[DONE]` last; its header is `x-vercel-ai-ui-message-stream: v1`';
const events = {
  description: `The answer as server-sent events: \`meta · status* · sources · delta* · citation* · confidence · done | error\`. \`sources\` may come again before a delta, with those cited so far first. With \`Accept: ${UI_STREAM_TYPE}\`, and for what \`useChat\` sends: ${uiStream}.`,
  content: {
    'text/event-stream': { schema: ChatEvent },
    [UI_STREAM_TYPE]: { schema: UiChunk },
  },
};
const uiEvents = {
  description: uiStream,
  content: { 'text/event-stream': { schema: UiChunk } },
};

/** Chat, its streams, conversations and feedback, under `/v1`. Closing the app ends running answers. */
export const chatRoutes: FastifyPluginAsyncZod<ChatDeps> = async (app, deps) => {
  const chat = makeChat(deps);
  app.addHook('preClose', () => chat.close());
  await app.register(conversationRoutes, { conversations: makeConversations(deps) });

  app.post(
    '/v1/chat',
    {
      bodyLimit: BODY_BYTES,
      config: { scope: 'chat', cost: 10, timeoutMs: deps.settings.ANSWER_TIMEOUT_MS + MARGIN_MS },
      schema: {
        operationId: 'ask',
        summary:
          'Answer a question from the material, as a stream or (Accept: application/json) whole',
        tags: ['chat'],
        headers: IdempotencyHeaders,
        body: z.union([ChatRequest, UiChatRequest], { error: NEITHER }),
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
      const { body, headers } = request;
      const foreign = 'messages' in body;
      const question = {
        ...(foreign ? questionOf(body) : body),
        languageAround: languageAround(headers['accept-language']),
      };
      const { streamId, replayed } = await chat.ask(request, question);
      if (replayed) reply.header('idempotent-replayed', 'true');
      if (wantsJson(headers.accept)) {
        const message = await chat.wait(request.principal, streamId, request.signal);
        return reply.type('application/json').send(message);
      }
      // A client of the AI SDK names no type: what it sent says what it reads.
      const encoding = foreign ? 'ui' : encodingOf(headers.accept);
      await sendAnswer(chat, { streamId, encoding, afterId: null }, request, reply);
      return reply;
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
      const { headers, query } = request;
      const afterId = headers['last-event-id'] ?? query.lastEventId ?? null;
      const encoding = encodingOf(headers.accept);
      const sent = await sendAnswer(chat, { streamId, encoding, afterId }, request, reply);
      // What ends the reconnecting of an EventSource.
      return sent ? reply : reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/chat/:chatId/stream',
    {
      config: { scope: 'chat' },
      schema: {
        operationId: 'resumeChat',
        summary:
          'The answer that a conversation is waiting for, from its start, as `useChat` resumes it',
        tags: ['chat'],
        params: z.object({
          chatId: z
            .string()
            .min(1)
            .max(200)
            .describe('Of a conversation, or the client’s own id for one'),
        }),
        response: {
          200: uiEvents,
          204: z.null().describe('No answer is being written, or the caller has no such one'),
          ...problems('stream_interrupted'),
        },
      },
    },
    async (request, reply) => {
      const streamId = await chat.running(request.principal, request.params.chatId);
      if (streamId === null) return reply.code(204).send(null);
      await sendAnswer(chat, { streamId, encoding: 'ui', afterId: null }, request, reply);
      return reply;
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
