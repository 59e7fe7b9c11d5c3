import { expect, test } from 'vitest';
import { chosenItem } from './choice.ts';
import type { PastTurn } from './followUp.ts';
import { wordingIn } from './wording.ts';

const list = '1. Vacation policy Hungary\n2. Vacation policy Germany';
const after = (text: string): PastTurn[] => [
  { role: 'user', text: 'How many vacation days do I have?' },
  { role: 'assistant', text },
];
const asked = after(`${wordingIn('en').clarify}\n\n${list}`);

test.each([
  ['the second one', 'Vacation policy Germany'],
  ['Second', 'Vacation policy Germany'],
  ['2', 'Vacation policy Germany'],
  ['2.', 'Vacation policy Germany'],
  ['number 1 please', 'Vacation policy Hungary'],
  ['az elsőt', 'Vacation policy Hungary'],
  ['a második', 'Vacation policy Germany'],
  ['die zweite', 'Vacation policy Germany'],
  ['the last one', 'Vacation policy Germany'],
  ['Germany', 'Vacation policy Germany'],
  ['the Hungary policy', 'Vacation policy Hungary'],
])('%s is %s', (message, item) => {
  expect(chosenItem(message, asked)).toBe(item);
});

test.each([
  'the third one',
  'vacation policy',
  'How do I apply?',
  'And in the second year?',
  'What about Austria?',
])('%s picks none', (message) => {
  expect(chosenItem(message, asked)).toBeNull();
});

test('a list that asks nothing is picked from by number, not by words', () => {
  const steps = after(`Do this:\n${list}`);

  expect(chosenItem('the second one', steps)).toBe('Vacation policy Germany');
  expect(chosenItem('Germany', steps)).toBeNull();
});

test('without a list there is nothing to pick', () => {
  expect(chosenItem('the first one', after('Employees have 25 days [1].'))).toBeNull();
  expect(chosenItem('the first one', [])).toBeNull();
});

test('a title picks its document though others have all of its words', () => {
  const titles = '1. Vacation policy Hungary (interns)\n2. Vacation policy Hungary';
  const choice = after(`${wordingIn('en').clarify}\n\n${titles}`);

  expect(chosenItem('Vacation policy Hungary', choice)).toBe('Vacation policy Hungary');
});
