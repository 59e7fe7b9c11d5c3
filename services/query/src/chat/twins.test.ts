import { expect, test } from 'vitest';
import { passage } from './testPassages.ts';
import { findTwins } from './twins.ts';

const titled = (title: string, score = 1) => passage('Employees have vacation.', { title, score });
const titles = (found: ReturnType<typeof findTwins>) => found.passages.map(({ title }) => title);

test('documents of one kind that the question does not tell apart are options', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.9)];

  const { options } = findTwins('How many vacation days do I have?', passages);

  expect(options.map(({ title }) => title)).toEqual([
    'Vacation policy Hungary',
    'Vacation policy Germany',
  ]);
});

test('a question that names one of them is not asked back', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.9)];

  const { options } = findTwins('How many vacation days do I have in Germany?', passages);

  expect(options).toEqual([]);
});

test.each([
  ['other subjects', ['Vacation policy', 'Travel policy']],
  ['one document', ['Vacation policy Hungary']],
  ['a general one beside a special one', ['Vacation policy', 'Vacation policy Germany']],
  ['chapters of a book', ['Understanding Ownership', 'References and Borrowing']],
])('%s are no options', (_, list) => {
  const passages = list.map((title) => titled(title));

  expect(findTwins('How many vacation days do I have?', passages).options).toEqual([]);
});

test('one that matches far worse is none', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.3)];

  expect(findTwins('How many vacation days do I have?', passages).options).toEqual([]);
});

test('of two editions the newer one answers', () => {
  const passages = [titled('Travel policy 2023'), titled('Travel policy 2025', 0.9)];

  const found = findTwins('Who approves travel?', passages);

  expect(titles(found)).toEqual(['Travel policy 2025']);
  expect(found.options).toEqual([]);
});

test('an edition that the question names stays', () => {
  const passages = [titled('Travel policy 2023'), titled('Travel policy 2025', 0.9)];

  const found = findTwins('Who approved travel in the 2023 policy?', passages);

  expect(titles(found)).toContain('Travel policy 2023');
});

test('versions count like years', () => {
  const found = findTwins('What does the security handbook say?', [
    titled('Security handbook v2'),
    titled('Security handbook v10'),
  ]);

  expect(titles(found)).toEqual(['Security handbook v10']);
});

test('nothing found has no twins', () => {
  expect(findTwins('Anything?', [])).toEqual({ passages: [], options: [] });
});
