import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compounds, spansOf, spelledTerms, termsFor } from './compounds.ts';

describe('hyphenated words', () => {
  test.each([
    ['en', 'the E-mail', [['email', 'e', 'mail']]],
    ['en', 'on‑boarding of people', [['onboard', 'board']]],
    [
      'de',
      'Die E-Mail-Adresse',
      [
        ['emailadress', 'e', 'mail', 'adress'],
        ['email', 'e', 'mail'],
        ['mailadress', 'mail', 'adress'],
      ],
    ],
    ['hu', 'ön-kéntes', [['onkentes', 'kentes']]],
  ])('of %s: "%s"', (language, text, expected) => {
    expect(compounds(text, language).map(({ term, parts }) => [term, ...parts])).toEqual(expected);
  });

  test('are none where digits make a code, nothing follows, or the parts are too many or too short', () => {
    const text = 'GDPR-17 2-fold foo- - a-b one-two-three-four-five snake_case-x x-1';

    expect(compounds(text)).toEqual([]);
  });

  test('know their place, also the neighbours within', () => {
    const text = 'An e-mail-address.';

    const spans = compounds(text).map(({ start, end }) => text.slice(start, end));

    expect(spans).toEqual(['e-mail-address', 'e-mail', 'mail-address']);
  });
});

describe('the terms that a text has for a question', () => {
  const had = (question: string, text: string) => [...termsFor(question)(text)];

  test('are those of the other spelling, in both directions', () => {
    expect(had('email', 'an e-mail')).toContain('email');
    expect(had('e-mail', 'an email')).toEqual(['email', 'e', 'mail']);
    expect(had('on-boarding', 'the onboarding')).toContain('board');
  });

  test('are no others', () => {
    expect(had('letter', 'an e-mail')).toEqual(['e', 'mail']);
    expect(had('mail', 'an email')).toEqual(['email']);
  });
});

test('a text is read in both spellings', () => {
  expect([...spelledTerms('the e-mail')]).toEqual(['e', 'mail', 'email']);
});

test.each([
  ['email', 'Send an e-mail today.', ['e-mail']],
  ['e-mail', 'Send an email today.', ['email']],
  ['e-mail', 'Send an e-mail today.', ['e-mail']],
  ['mail', 'Send an e-mail today.', ['mail']],
  ['email address', 'Your e-mail-address is known.', ['e-mail', 'address']],
  ['emails today', 'Nothing.', []],
])('"%s" is marked in "%s"', (question, text, marked) => {
  const spans = spansOf(question, text);

  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(marked);
});

test('spans are in order, within the text, and never overlap', () => {
  const word = fc.constantFrom(
    'e-mail',
    'email',
    'mail',
    'e',
    '-',
    'log-in',
    'ön-kéntes',
    'x-',
    'a-b-c-d',
  );
  const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));

  fc.assert(
    fc.property(text, text, (question, body) => {
      let reached = 0;
      for (const { start, end } of spansOf(question, body)) {
        expect(start).toBeGreaterThanOrEqual(reached);
        expect(end).toBeGreaterThan(start);
        reached = end;
      }
      expect(reached).toBeLessThanOrEqual(body.length);
    }),
  );
});
