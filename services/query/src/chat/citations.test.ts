import { describe, expect, test } from 'vitest';
import { checkCitations, namesIn, numbersOf } from './citations.ts';
import { createMarkerReader } from './markers.ts';
import { passage } from './testPassages.ts';

const handbook = passage(
  'Every employee has 25 vacation days a year. Unused days expire on 31 March. Part-timers get a share of them.',
);
const travel = passage(
  '## Travel\n\nMaria Lopez approves travel above 500 euros. Trains are preferred to planes.',
);

function check(written: string, passages = [handbook, travel], language = 'en') {
  const reader = createMarkerReader(passages.length);
  const text = reader.push(written) + reader.end();
  const cited = reader.used.map((number) => passages[number - 1] ?? handbook);
  const checked = checkCitations(text, reader.markers, cited, language);
  return {
    ...checked,
    spans: checked.citations.map(({ answerSpan: { start, end } }) => text.slice(start, end)),
    quotes: checked.citations.map(({ quote }) => quote),
    supported: checked.citations.map(({ supported }) => supported),
  };
}

describe('a citation', () => {
  test('ties the words before the marker to the sentence that says so', () => {
    const { citations, spans, quotes, support } = check(
      'You have 25 vacation days [1]. Travel above 500 euros is approved by Maria Lopez [2].',
    );

    expect(spans).toEqual([
      'You have 25 vacation days',
      'Travel above 500 euros is approved by Maria Lopez',
    ]);
    expect(quotes).toEqual([
      'Every employee has 25 vacation days a year.',
      'Maria Lopez approves travel above 500 euros.',
    ]);
    expect(citations.map(({ supported }) => supported)).toEqual([true, true]);
    expect(support).toBe(1);
  });

  test('has exact offsets into the text of the version', () => {
    const { citations } = check('Unused days expire on 31 March [1].');

    const { start, end } = citations[0]?.sourceSpan ?? { start: 0, end: 0 };
    expect(handbook.text.slice(start - 100, end - 100)).toBe('Unused days expire on 31 March.');
  });

  test.each([
    ['Unused days expire on 31 March. [1] Trains are preferred. [2]', 2],
    ['Unused days expire on 31 March.[1]\n\n- Trains are preferred [2]\n', 2],
    ['Unused days expire on 31 March [1], and trains are preferred to planes [2].', 2],
    ['[1] Unused days expire on 31 March.', 1],
    ['1. [1] Unused days expire on 31 March.', 1],
  ])('is found wherever the marker stands: %j', (text, count) => {
    const { spans, supported } = check(text);

    expect(spans).toHaveLength(count);
    expect(spans[0]?.replace(/\.$/, '')).toBe('Unused days expire on 31 March');
    if (count === 2) expect(spans[1]).toMatch(/^(?:and )?[Tt]rains are preferred/);
    expect(supported).not.toContain(false);
  });

  test('of two markers in a row stands twice for the same words', () => {
    const { spans, supported } = check('Unused days expire on 31 March [1][2].');

    expect(spans).toEqual(['Unused days expire on 31 March', 'Unused days expire on 31 March']);
    expect(supported).toEqual([true, false]);
  });

  test('quotes several sentences when the claim needs them', () => {
    const { quotes } = check('Employees have 25 vacation days that expire on 31 March [1].');

    expect(quotes[0]).toBe(
      'Every employee has 25 vacation days a year. Unused days expire on 31 March.',
    );
  });

  test.each([
    ['another number', 'Every employee has 30 vacation days a year [1].'],
    ['another name', 'Travel above 500 euros is approved by Peter Smith [2].'],
    ['other words', 'Parking is free for visitors [1].'],
    ['a passage that says something else', 'Unused days expire on 31 March [2].'],
  ])('is not supported by %s', (_, text) => {
    const { supported, support } = check(text);

    expect(supported).toEqual([false]);
    expect(support).toBeLessThan(0.5);
  });

  test.each([
    [
      'en',
      'The car park opens at 6 and closes at 10.',
      'The car park does not open at 6 and never closes at 10',
    ],
    ['en', 'Dogs are not allowed in the office.', 'Dogs are allowed in the office'],
    [
      'de',
      'Das Parkhaus öffnet am Sonntag um 6 Uhr.',
      'Das Parkhaus öffnet am Sonntag nicht um 6 Uhr',
    ],
    ['hu', 'A parkoló vasárnap 6 órakor nyit ki.', 'A parkoló vasárnap 6 órakor nem nyit ki'],
  ])('in %s is not supported by %j when it says the opposite', (language, text, claim) => {
    const { supported, arguable } = check(`${claim} [1].`, [passage(text, { language })], language);

    expect(supported).toEqual([false]);
    expect(arguable).toEqual([]);
  });

  test('of two or three words needs all of them', () => {
    const parking = passage('Parking at the office is free.');
    const dogs = passage('Dogs are welcome in the office.');

    const swapped = check('Parking at the office [1]. Office dogs [2].', [dogs, parking]);
    const right = check('Parking at the office [1]. Office dogs [2].', [parking, dogs]);

    expect(swapped.supported).toEqual([false, false]);
    expect(right.supported).toEqual([true, true]);
  });

  test('is supported when the source writes a number as a word', () => {
    const source = passage('The probation period lasts three months.');

    const { supported } = check('The probation period lasts 3 months [1].', [source]);

    expect(supported).toEqual([true]);
  });

  test('is checked in Hungarian and German', () => {
    const hu = passage('A dolgozóknak évente 25 nap szabadság jár.', { language: 'hu' });
    const de = passage('Alle Beschäftigten haben 25 Urlaubstage im Jahr.', { language: 'de' });

    const inHungarian = check('Évente 25 nap szabadság jár [1].', [hu], 'hu');
    const inGerman = check('Im Jahr haben Beschäftigte 25 Urlaubstage [1].', [de], 'de');

    expect(inHungarian.supported).toEqual([true]);
    expect(inGerman.supported).toEqual([true]);
  });
});

describe('the support of an answer', () => {
  test('is nothing without a statement', () => {
    expect(check('# Vacation').support).toBeNull();
    expect(check('').support).toBeNull();
  });

  test('is lower for a sentence that cites nothing', () => {
    const cited = check('Unused days expire on 31 March [1].');
    const uncited = check(
      'Unused days expire on 31 March [1]. Every employee has 25 vacation days.',
    );

    expect(uncited.support).toBeLessThan(cited.support ?? 0);
    expect(uncited.support).toBeGreaterThan(0.8);
  });

  test('falls with a sentence from the model’s own head', () => {
    const { support } = check('Unused days expire on 31 March [1]. Rome was founded in 753 BC.');

    expect(support).toBe(0.5);
  });
});

test('numbers are compared by value', () => {
  expect([...numbersOf('1,000 or 1.000 or 1000')]).toEqual(['1000']);
  expect([...numbersOf('3,5 and 3.5 [2]')]).toEqual(['3.5']);
});

test('names are capitals inside a sentence, acronyms and identifiers', () => {
  expect(namesIn('Ask Maria Lopez about GDPR and unwrap_or', 'en')).toEqual([
    'maria',
    'lopez',
    'gdpr',
    'unwrap_or',
  ]);
  expect(namesIn('Der Urlaub gilt für HR-Leute', 'de')).toEqual(['hr']);
});
