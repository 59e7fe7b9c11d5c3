import { Conversation, type FeedbackRequest, Message } from '@docent/contracts/chat';
import { pageOf } from '@docent/contracts/common';
import type { z } from 'zod';
import type { CallOptions, Page } from './content.ts';
import type { Transport } from './transport.ts';

const ConversationPage = pageOf(Conversation);
const MessagePage = pageOf(Message);

/** The caller's own conversations. All throw DocentError. */
export function conversationsClient(transport: Transport) {
  return {
    /** Most recently used first. */
    async list(page: Page = {}, options: CallOptions = {}) {
      const query = { ...page };
      const path = '/v1/conversations';
      return transport.json(ConversationPage, { method: 'GET', path, query, ...options });
    },

    async get(id: string, options: CallOptions = {}): Promise<Conversation> {
      return transport.json(Conversation, { method: 'GET', path: pathOf(id), ...options });
    },

    async messages(
      id: string,
      page: Page = {},
      options: CallOptions = {},
    ): Promise<z.output<typeof MessagePage>> {
      const query = { ...page };
      const path = `${pathOf(id)}/messages`;
      return transport.json(MessagePage, { method: 'GET', path, query, ...options });
    },

    async rename(id: string, title: string, options: CallOptions = {}): Promise<Conversation> {
      const json = { title };
      return transport.json(Conversation, { method: 'PATCH', path: pathOf(id), json, ...options });
    },

    async delete(id: string, options: CallOptions = {}): Promise<void> {
      const response = await transport.open({ method: 'DELETE', path: pathOf(id), ...options });
      await response.body?.cancel();
    },

    /** What the reader thinks of an answer; a later call replaces it. */
    async rate(
      messageId: string,
      feedback: FeedbackRequest,
      options: CallOptions = {},
    ): Promise<void> {
      const path = `/v1/messages/${encodeURIComponent(messageId)}/feedback`;
      const request = { method: 'PUT', path, json: feedback } as const;
      const response = await transport.open({ ...request, ...options });
      await response.body?.cancel();
    },
  };
}

export type ConversationsClient = ReturnType<typeof conversationsClient>;

function pathOf(id: string): string {
  return `/v1/conversations/${encodeURIComponent(id)}`;
}
