import { scriptedChatModel } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { testChat } from './testChat.ts';

describe('without a chat model', () => {
  test('an answer is quoted from the sources, sentence by sentence, with citations', async () => {
    const chat = await testChat();

    const { types, text, done, citations, sources, meta, ids } = await chat.answer(
      'How many vacation days do employees have?',
    );

    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
      'meta',
      'status',
      'sources',
      'delta',
      'citation',
      'confidence',
      'done',
    ]);
    expect(ids).toEqual(ids.map((_, index) => String(index + 1)));
    expect(text).toContain('Every employee has 25 vacation days a year [1].');
    expect(meta).toMatchObject({ answerer: 'extractive', model: 'builtin:extractive' });
    expect(sources).toHaveLength(1);
    expect(done).toMatchObject({
      text,
      status: 'complete',
      outcome: 'answer',
      answerer: 'extractive',
      citations,
      sources: sources[0]?.sources,
      question: 'How many vacation days do employees have?',
      error: null,
    });
    expect(citations[0]).toMatchObject({
      quote: 'Every employee has 25 vacation days a year.',
      supported: true,
    });
  });
});

describe('with a chat model', () => {
  test('an answer is written from the passages, its markers renumbered', async () => {
    const chatModel = scriptedChatModel([
      'Trains are preferred to planes [2]. You have 25 vacation days [1, 9].',
      { usage: { promptTokens: 90, completionTokens: 12 } },
    ]);
    const chat = await testChat({ chatModel });

    const { text, done, sources, citations } = await chat.answer('Vacation days and trains?');

    expect(text).toBe('Trains are preferred to planes [1]. You have 25 vacation days [2].');
    expect(done?.text).toBe(text);
    expect(done?.usage).toEqual({ promptTokens: 90, completionTokens: 12 });
    expect(done?.sources.map(({ title }) => title)).toEqual(['Travel policy', 'Vacation policy']);
    expect(sources.at(-1)?.sources.map(({ title }) => title)).toEqual([
      'Travel policy',
      'Vacation policy',
    ]);
    expect(citations.map(({ number, supported }) => [number, supported])).toEqual([
      [1, true],
      [2, true],
    ]);
  });
});
