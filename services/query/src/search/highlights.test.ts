import { expect, test } from 'vitest';
import { highlights } from './highlights.ts';

test('marks words of the question in another inflection and without accents, never stop words', () => {
  const text = 'The témák list: A Téma is one of the topics; topic 7.';

  const marked = highlights(text, 'tema of the Topics', 'en').map(({ start, end }) =>
    text.slice(start, end),
  );

  expect(marked).toEqual(['Téma', 'topics', 'topic']);
});

test('a question of stop words marks nothing', () => {
  expect(highlights('the end of the road', 'of the', 'en')).toEqual([]);
});

test('reads the question by the rules of the text', () => {
  const text = 'Die Häuser am Markt';

  const marked = highlights(text, 'Haus', 'de').map(({ start, end }) => text.slice(start, end));

  expect(marked).toEqual(['Häuser']);
});
