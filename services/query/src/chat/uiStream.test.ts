import type { ChatEvent, Citation, Message, Source } from '@docent/contracts/chat';
import { UiChunk } from '@docent/contracts/uiStream';
import { newId } from '@docent/core/ids';
import { describe, expect, test } from 'vitest';
import type { NumberedEvent } from './chat.ts';
import { createUiEncoder, uiStreamOf } from './uiStream.ts';

const ids = { streamId: newId(), conversationId: newId(), messageId: newId() };
const [policy, handbook] = [source('Policy'), source('Handbook')];
const asked: ChatEvent = {
  type: 'meta',
  ...ids,
  userMessageId: newId(),
  question: 'How many days?',
  answerer: 'generative',
  model: 'fake:model',
};
const citation: Citation = {
  number: 1,
  chunkId: handbook.chunkId,
  contentId: handbook.contentId,
  version: 1,
  title: 'Handbook',
  url: null,
  place: handbook.place,
  answerSpan: { start: 0, end: 8 },
  sourceSpan: { start: 0, end: 8 },
  quote: '25 days.',
  supported: true,
};
const confidence = {
  value: 0.8,
  level: 'high',
  outcome: 'answer',
  explanation: 'Because.',
  unknownNumbers: [],
} as const;
const cited = [{ ...handbook, number: 1 }];
const message: Message = {
  id: ids.messageId,
  conversationId: ids.conversationId,
  role: 'assistant',
  text: '25 days [1].',
  status: 'complete',
  outcome: 'answer',
  confidence: { ...confidence, unknownNumbers: [] },
  sources: cited,
  citations: [citation],
  nearest: [],
  question: 'How many days?',
  model: 'fake:model',
  answerer: 'generative',
  degraded: null,
  usage: null,
  processingMs: 1,
  error: null,
  streamId: ids.streamId,
  feedback: null,
  createdAt: '2026-11-21T08:00:00.000Z',
};
const sourcesInOrder = [
  { ...handbook, number: 1 },
  { ...policy, number: 2 },
];
const answered: ChatEvent[] = [
  asked,
  { type: 'status', step: 'searching', text: 'Searching' },
  { type: 'sources', sources: [policy, { ...handbook, number: 2 }] },
  { type: 'status', step: 'writing', text: 'Writing' },
  { type: 'sources', sources: sourcesInOrder },
  { type: 'delta', text: '25 days ' },
  { type: 'delta', text: '[1].' },
  { type: 'citation', citation },
  { type: 'confidence', confidence: { ...confidence, unknownNumbers: [] } },
  { type: 'done', message },
];

describe('the UI stream of an answer', () => {
  test('has one start, one text, and finish with the whole message last', () => {
    const chunks = encoded(answered);

    expect(chunks.map(({ type }) => type)).toEqual([
      'start',
      'start-step',
      'data-meta',
      'data-status',
      'data-sources',
      'data-status',
      'data-sources',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'source-document',
      'data-citation',
      'data-confidence',
      'data-outcome',
      'finish-step',
      'finish',
    ]);
    expect(chunks.at(-1)).toEqual({
      type: 'finish',
      finishReason: 'stop',
      messageMetadata: message,
    });
    expect(chunks.map((chunk) => UiChunk.parse(chunk))).toEqual(chunks);
  });

  test('tells sources anew when their order changes, and each document once, with its final number', () => {
    const chunks = encoded([
      ...answered.slice(0, -2),
      { type: 'citation', citation },
      { type: 'done', message: { ...message, confidence: null, sources: sourcesInOrder } },
    ]);

    const lists = chunks.filter(({ type }) => type === 'data-sources');
    expect(lists.map((chunk) => 'id' in chunk && chunk.id)).toEqual(['sources', 'sources']);
    expect(chunks.filter(({ type }) => type === 'source-document')).toMatchObject([
      {
        sourceId: handbook.chunkId,
        title: 'Handbook',
        providerMetadata: { docent: { number: 1 } },
      },
      { sourceId: policy.chunkId, title: 'Policy', providerMetadata: { docent: { number: 2 } } },
    ]);
  });

  test('says of an abstention what is nearest', () => {
    const nothing = {
      ...message,
      outcome: 'abstain' as const,
      sources: [],
      citations: [],
      nearest: [policy],
    };

    const chunks = encoded([asked, { type: 'done', message: nothing }]);

    expect(chunks.find(({ type }) => type === 'data-outcome')).toMatchObject({
      data: { outcome: 'abstain', status: 'complete', nearest: [policy] },
    });
    expect(chunks.filter(({ type }) => type === 'source-document')).toEqual([]);
  });

  test('says before the text of an abstention and of a question back that they are', () => {
    const nothing = { ...message, outcome: 'abstain' as const, sources: [], nearest: [policy] };

    const told = encoded([
      asked,
      { type: 'sources', sources: [], outcome: 'abstain', nearest: [policy] },
      { type: 'delta', text: 'The material does not say.' },
      { type: 'done', message: nothing },
    ]);
    const kept = encoded([{ type: 'done', message: nothing }]);

    for (const chunks of [told, kept]) {
      const types = chunks.map(({ type }) => type);
      expect(types.indexOf('data-outcome')).toBeLessThan(types.indexOf('text-start'));
      expect(chunks.filter(({ type }) => type === 'data-outcome')).toMatchObject([
        { id: 'outcome', data: { outcome: 'abstain', status: 'streaming', nearest: [policy] } },
        { id: 'outcome', data: { outcome: 'abstain', status: 'complete', nearest: [policy] } },
      ]);
      expect(chunks.map((chunk) => UiChunk.parse(chunk))).toEqual(chunks);
    }
  });

  test('ends with the error of a failure, after the text that came', () => {
    const chunks = encoded([
      asked,
      { type: 'delta', text: 'Half' },
      {
        type: 'error',
        code: 'model_timeout',
        title: 'Model timeout',
        detail: 'The model took too long.',
        retryable: true,
        partial: true,
      },
    ]);

    expect(chunks.slice(-3)).toMatchObject([
      { type: 'text-end' },
      { type: 'data-error', data: { code: 'model_timeout', retryable: true } },
      { type: 'error', errorText: 'The model took too long.' },
    ]);
  });

  test('is made from the stored message when only that is kept', () => {
    const chunks = encoded([{ type: 'done', message }]);

    expect(chunks.map(({ type }) => type)).toEqual([
      'start',
      'start-step',
      'data-sources',
      'text-start',
      'text-delta',
      'text-end',
      'source-document',
      'data-citation',
      'data-confidence',
      'data-outcome',
      'finish-step',
      'finish',
    ]);
  });
});

describe('a reader who comes back', () => {
  test('after any part gets exactly the parts that follow it', async () => {
    const whole = await parts(null);

    for (const [index, { id }] of whole.entries()) {
      expect(await parts(id)).toEqual(whole.slice(index + 1));
    }
    expect(whole.at(-1)).toEqual({ id: '10.4', chunk: '[DONE]' });
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
  });

  test('after a whole event gets the next one', async () => {
    const rest = await parts('9');

    expect(rest.map(({ id }) => id)).toEqual(['10.1', '10.2', '10.3', '10.4']);
  });

  async function parts(afterId: string | null) {
    const collected = [];
    for await (const part of uiStreamOf(numbered(), afterId)) collected.push(part);
    return collected;
  }

  async function* numbered(): AsyncGenerator<NumberedEvent> {
    for (const [index, event] of answered.entries()) yield { id: String(index + 1), event };
  }
});

function encoded(events: readonly ChatEvent[]): UiChunk[] {
  const encode = createUiEncoder();
  return events.flatMap((event) => encode(event));
}

function source(title: string): Source {
  return {
    number: title === 'Policy' ? 1 : 2,
    chunkId: newId(),
    contentId: newId(),
    version: 1,
    title,
    url: null,
    place: { page: 3, headingPath: ['Leave'] },
    text: '25 days.',
    score: 0.8,
    expiresAt: null,
  };
}
