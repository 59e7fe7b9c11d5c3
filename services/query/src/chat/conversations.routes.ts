import { Conversation, Feedback, FeedbackRequest, Message } from '@docent/contracts/chat';
import { pageOf, pageQuery } from '@docent/contracts/common';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Conversations } from './conversations.ts';

const ById = z.object({ id: z.uuid() });
const none = z.null().describe('Done');
const options = { config: { scope: 'chat' } } as const;

/** The caller's own conversations, messages and ratings. */
export const conversationRoutes: FastifyPluginAsyncZod<{ conversations: Conversations }> = async (
  app,
  { conversations },
) => {
  app.get(
    '/v1/conversations',
    {
      ...options,
      schema: {
        operationId: 'listConversations',
        summary: 'Conversations, last used first',
        tags: ['conversations'],
        querystring: z.object({
          ...pageQuery,
          q: z
            .string()
            .trim()
            .min(1)
            .max(200)
            .optional()
            .describe('Words, or parts of words, of the title or of a message'),
        }),
        response: { 200: pageOf(Conversation) },
      },
    },
    async ({ principal, query }) => conversations.list(principal, query),
  );

  app.get(
    '/v1/conversations/:id',
    {
      ...options,
      schema: {
        operationId: 'getConversation',
        summary: 'A conversation',
        tags: ['conversations'],
        params: ById,
        response: { 200: Conversation, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => conversations.get(principal, params.id),
  );

  app.get(
    '/v1/conversations/:id/messages',
    {
      ...options,
      schema: {
        operationId: 'listMessages',
        summary: 'The messages of a conversation, oldest first',
        tags: ['conversations'],
        params: ById,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Message), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => conversations.messages(principal, params.id, query),
  );

  app.patch(
    '/v1/conversations/:id',
    {
      ...options,
      schema: {
        operationId: 'renameConversation',
        summary: 'Give a conversation another title',
        tags: ['conversations'],
        params: ById,
        body: z.object({ title: z.string().trim().min(1).max(200) }).strict(),
        response: { 200: Conversation, ...problems('not_found') },
      },
    },
    async ({ principal, params, body }) => conversations.rename(principal, params.id, body.title),
  );

  app.delete(
    '/v1/conversations/:id',
    {
      ...options,
      schema: {
        operationId: 'deleteConversation',
        summary: 'Delete a conversation with its messages; a running answer ends',
        tags: ['conversations'],
        params: ById,
        response: { 204: none, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await conversations.delete(principal, params.id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/messages/:id',
    {
      ...options,
      schema: {
        operationId: 'getMessage',
        summary: 'A message, in the shape that `done` of its stream had',
        tags: ['conversations'],
        params: ById,
        response: { 200: Message, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => conversations.message(principal, params.id),
  );

  app.get(
    '/v1/feedback',
    {
      ...options,
      schema: {
        operationId: 'listFeedback',
        summary: 'The ratings that the caller gave, newest first',
        tags: ['conversations'],
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Feedback) },
      },
    },
    async ({ principal, query }) => conversations.ratings(principal, query),
  );

  app.put(
    '/v1/messages/:id/feedback',
    {
      ...options,
      schema: {
        operationId: 'rateMessage',
        summary: 'Rate an answer; a later rating replaces the earlier one',
        tags: ['conversations'],
        params: ById,
        body: FeedbackRequest,
        response: { 204: none, ...problems('not_found') },
      },
    },
    async ({ principal, params, body }, reply) => {
      await conversations.rate(principal, params.id, body);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/v1/messages/:id/feedback',
    {
      ...options,
      schema: {
        operationId: 'unrateMessage',
        summary: 'Take a rating back',
        tags: ['conversations'],
        params: ById,
        response: { 204: none, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await conversations.unrate(principal, params.id);
      return reply.code(204).send(null);
    },
  );
};
