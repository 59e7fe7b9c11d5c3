import { Me } from '@docent/contracts/directory';
import { type SearchRequest, SearchResponse } from '@docent/contracts/search';
import type { z } from 'zod';
import { type ChatClient, chatClient } from './chat.ts';
import { type CallOptions, type ContentClient, contentClient } from './content.ts';
import { type ConversationsClient, conversationsClient } from './conversations.ts';
import { type ClientOptions, createTransport } from './transport.ts';

export interface DocentClient {
  readonly content: ContentClient;
  readonly chat: ChatClient;
  readonly conversations: ConversationsClient;
  /** Passages of the material that the key may see, best first; empty when nothing matches. */
  search(request: z.input<typeof SearchRequest>, options?: CallOptions): Promise<SearchResponse>;
  /** Who the key speaks for, and what it may do. */
  me(options?: CallOptions): Promise<Me>;
}

/**
 * Docent for other services: material, search, chat and conversations; answers are checked against their contracts.
 *
 * @example
 * const docent = createClient({ url: 'http://localhost:3000', key: process.env.DOCENT_KEY });
 * for await (const event of docent.chat.stream({ message: 'How do I reset my badge?' })) {
 *   if (event.type === 'delta') process.stdout.write(event.text);
 * }
 */
export function createClient(options: ClientOptions): DocentClient {
  const transport = createTransport(options);
  return {
    content: contentClient(transport),
    chat: chatClient(transport),
    conversations: conversationsClient(transport),
    search: (request, callOptions = {}) =>
      transport.json(SearchResponse, {
        method: 'POST',
        path: '/v1/search',
        json: request,
        safe: true,
        ...callOptions,
      }),
    me: (callOptions = {}) => transport.json(Me, { method: 'GET', path: '/v1/me', ...callOptions }),
  };
}
