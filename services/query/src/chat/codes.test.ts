import { expect, test } from 'vitest';
import { codesIn, lacksCode } from './codes.ts';
import { passage } from './testPassages.ts';

test.each([
  ['Must I use form TR-12 for receipts?', ['tr-12']],
  ['Does GDPR-17 hold in v2.4.1?', ['gdpr-17', 'v2.4.1']],
  ['what does error e0382 mean', ['e0382']],
])('%j has codes', (question, codes) => {
  expect(codesIn(question)).toEqual(codes);
});

test.each([
  'How many of the 25 days expire on 31.12.2025?',
  'Was the 20th century better than the 1990s or pre-1914 times?',
  'Do I need an MP3 player for step-3?',
  'Is the 737-800 quieter than a 401k?',
])('%j has none', (question) => {
  expect(codesIn(question)).toEqual([]);
});

test('a code is known however it is joined, and not as the beginning of another', () => {
  const lacks = (question: string, text: string) => lacksCode(question, [passage(text)]);

  expect(lacks('form TR-12?', 'Use TR 12.')).toBe(false);
  expect(lacks('form tr12?', 'Use TR-12, please.')).toBe(false);
  expect(lacks('What is new in v2.4?', 'Version 2.4 has a calendar.')).toBe(false);
  expect(lacks('What is new in v2.4?', 'Version 2.4.1 has a calendar.')).toBe(true);
  expect(lacks('form TR-12?', 'Use TR-125 or TR-15.')).toBe(true);
  expect(lacks('form TR-12 or TR-15?', 'Use TR-15.')).toBe(true);
  expect(lacks('form TR-12?', 'Use it.')).toBe(true);
});

test('a title may have it, and a question without one lacks none', () => {
  expect(lacksCode('Who signs TR-12?', [passage('The boss.', { title: 'Form TR-12' })])).toBe(
    false,
  );
  expect(lacksCode('Who signs?', [])).toBe(false);
});
