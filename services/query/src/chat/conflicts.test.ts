import { expect, test } from 'vitest';
import { findConflict } from './conflicts.ts';
import { passage } from './testPassages.ts';

/** What other documents say against the first one's only sentence. */
function against(first: string, others: readonly string[], language = 'en') {
  const passages = [first, ...others].map((text) => passage(text, { language }));
  const conflict = findConflict([{ passage: 0, text: first }], passages);
  return conflict?.others.map(({ text }) => text) ?? [];
}

test.each([
  ['en', 'Parental leave may last up to six months.', 'Parental leave may last up to nine months.'],
  ['en', 'Parental leave may last up to 6 months.', 'Parental leave may last up to nine months.'],
  [
    'de',
    'Die Probezeit dauert für alle drei Monate.',
    'Die Probezeit dauert für alle sechs Monate.',
  ],
  ['hu', 'A próbaidő minden dolgozónak három hónap.', 'A próbaidő minden dolgozónak hat hónap.'],
])('in %s, %j is contradicted by %j', (language, one, other) => {
  expect(against(one, [other], language)).toEqual([other]);
});

test.each([
  ['en', 'Parental leave may last up to six months.', 'Parental leave may last up to 6 months.'],
  [
    'en',
    'The two policies give both parents 25 days off.',
    'Both policies give two parents 25 days off.',
  ],
  ['en', 'One pump moves 40 litres per second.', 'A pump moves 40 litres in a second.'],
  ['de', 'Die Leitung hat 25 Urlaubstage im Jahr.', 'Die Leitung bekommt 25 Urlaubstage im Jahr.'],
])('in %s, %j is not contradicted by %j', (language, one, other) => {
  expect(against(one, [other], language)).toEqual([]);
});

test('each of several documents that differ is named, and each number once', () => {
  const says = (days: number) => `Every employee has ${days} vacation days a year.`;

  expect(against(says(25), [says(30), says(28), says(30), says(25)])).toEqual([says(30), says(28)]);
});
