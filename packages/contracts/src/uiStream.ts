import { z } from 'zod';
import { Citation, Confidence, Message, Outcome, Source } from './chat.ts';
import { SearchFilters } from './search.ts';

/**
 * What `useChat` of the AI SDK sends. The last message is the question; those before it are known to Docent
 * and not read.
 */
export const UiChatRequest = z
  .object({
    id: z
      .string()
      .min(1)
      .max(200)
      .describe('Of a conversation of the caller, or of a chat of the client’s own making'),
    messages: z
      .array(
        z.looseObject({
          role: z.enum(['system', 'user', 'assistant']),
          parts: z.array(z.looseObject({ type: z.string() })),
        }),
      )
      .min(1)
      .max(2_000),
    trigger: z
      .enum(['submit-message', 'regenerate-message'])
      .default('submit-message')
      .describe('`regenerate-message`: the question is answered again, in place of before'),
    messageId: z.string().max(200).optional().describe('The message to be regenerated'),
    filters: SearchFilters.optional(),
  })
  .strict();
export type UiChatRequest = z.infer<typeof UiChatRequest>;

/** What a source is to Docent: `providerMetadata.docent` of a `source-document`. */
export const UiSourceMetadata = Source.omit({ title: true });

/**
 * The parts of the AI SDK's UI message stream, version 1, that Docent sends. `data-…` parts with an id replace
 * the earlier part with it.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export const UiChunk = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), messageId: z.uuid() }),
  z.object({ type: z.literal('start-step') }),
  z.object({
    type: z.literal('data-meta'),
    id: z.literal('meta'),
    data: z.object({
      streamId: z.uuid(),
      conversationId: z.uuid(),
      messageId: z.uuid(),
      userMessageId: z.uuid(),
      question: z.string(),
      answerer: z.enum(['extractive', 'generative']),
      model: z.string(),
    }),
  }),
  z.object({
    type: z.literal('data-status'),
    id: z.literal('status'),
    data: z.object({
      step: z.enum(['searching', 'writing', 'verifying']),
      text: z.string(),
      question: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('data-sources'),
    id: z.literal('sources'),
    data: z.array(Source).describe('`[n]` of the text so far is the n-th'),
  }),
  z.object({ type: z.literal('text-start'), id: z.literal('text') }),
  z.object({ type: z.literal('text-delta'), id: z.literal('text'), delta: z.string() }),
  z.object({ type: z.literal('text-end'), id: z.literal('text') }),
  z.object({
    type: z.literal('source-document'),
    sourceId: z.uuid().describe('Id of the chunk'),
    mediaType: z.literal('text/plain'),
    title: z.string(),
    providerMetadata: z.object({ docent: UiSourceMetadata }),
  }),
  z.object({ type: z.literal('data-citation'), id: z.string(), data: Citation }),
  z.object({ type: z.literal('data-confidence'), id: z.literal('confidence'), data: Confidence }),
  z.object({
    type: z.literal('data-outcome'),
    id: z.literal('outcome'),
    data: z.object({
      outcome: Outcome.nullable(),
      status: Message.shape.status,
      degraded: Message.shape.degraded,
      nearest: z.array(Source),
    }),
  }),
  z.object({ type: z.literal('finish-step') }),
  z.object({
    type: z.literal('finish'),
    finishReason: z.enum(['stop', 'interrupted']),
    messageMetadata: Message,
  }),
  z.object({
    type: z.literal('data-error'),
    id: z.literal('error'),
    data: z.object({
      code: z.string(),
      title: z.string(),
      detail: z.string(),
      retryable: z.boolean(),
      partial: z.boolean(),
    }),
  }),
  z.object({ type: z.literal('error'), errorText: z.string() }),
]);
export type UiChunk = z.infer<typeof UiChunk>;
