import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QueryTerm } from '../search/interfaces.ts';
import { confidenceIn, evidenceOf, levelOf, probabilityOf } from './confidence.ts';
import { passage } from './testPassages.ts';
import { wordingIn } from './wording.ts';

const term = (lexeme: string, idf: number, config = 'english'): QueryTerm => ({
  lexeme,
  config,
  idf,
  df: 3,
});
const scored = (text: string, wordsNormalised: number, vector: number | null = null) =>
  passage(text, { parts: { words: 1, wordsNormalised, vector } });

describe('the evidence', () => {
  test('is nothing when nothing was found', () => {
    expect(evidenceOf('vacation days', { passages: [], terms: [] })).toEqual({
      words: 0,
      sentence: 0,
      covered: 0,
      headed: 0,
      names: 0,
      standout: 0,
      nearest: null,
    });
  });

  test('counts rare words of the question more than common ones', () => {
    const terms = [term('vacat', 6), term('dai', 2), term('day', 2)];
    const rare = evidenceOf('vacation days', { passages: [scored('A vacation.', 0.5)], terms });
    const common = evidenceOf('vacation days', { passages: [scored('Two days.', 0.5)], terms });

    expect(rare.sentence).toBeCloseTo(0.75);
    expect(common.sentence).toBeCloseTo(0.25);
  });

  test('takes a word that the index does not know for the rarest', () => {
    const found = { passages: [scored('Two days.', 0.5)], terms: [term('day', 2), term('dai', 2)] };

    expect(evidenceOf('zeppelin days', found).sentence).toBeCloseTo(0.5);
  });

  test('tells one sentence that has all words from a passage where they are scattered', () => {
    const together = evidenceOf('red pump pressure', {
      passages: [scored('The red pump needs pressure. More.', 0.5)],
      terms: [],
    });
    const scattered = evidenceOf('red pump pressure', {
      passages: [scored('It is red. The pump works. Pressure falls.', 0.5)],
      terms: [],
    });

    expect(together).toMatchObject({ sentence: 1 });
    expect(scattered.sentence).toBeCloseTo(1 / 3);
  });

  test('is stronger when the sentence has many words of a long question', () => {
    const found = {
      passages: [scored('The red pump needs more pressure at night.', 0.5)],
      terms: [],
    };

    const short = evidenceOf('pump pressure', found);
    const long = evidenceOf('red pump needs pressure at night', found);

    expect(short).toMatchObject({ sentence: 1, covered: 2 / 12 });
    expect(long).toMatchObject({ sentence: 1 });
    expect(long.covered).toBeGreaterThan(short.covered);
  });

  test('counts the words of the heading right above with every sentence, not those of the title', () => {
    const sentence = (title: string, headingPath: string[]) => {
      const text = 'Look at the address of the sender.';
      const found = { passages: [passage(text, { title, place: { headingPath } })], terms: [] };
      return evidenceOf('address in phishing', found).sentence;
    };

    expect(sentence('Security', ['Security', 'Phishing'])).toBe(1);
    expect(sentence('Security', ['Phishing', 'Security'])).toBe(0.5);
    expect(sentence('Phishing', ['Phishing'])).toBe(0.5);
  });

  test('knows a section whose whole heading the question has, by how much of the question that is', () => {
    const headed = (question: string, ...headingPath: string[]) =>
      evidenceOf(question, {
        passages: [passage('Look at the sender.', { title: 'Security', place: { headingPath } })],
        terms: [],
      }).headed;

    expect(headed('How do I recognise phishing?', 'Security', 'How to recognise phishing')).toBe(1);
    expect(headed('How do I recognise phishing?', 'Security', 'Phishing')).toBe(0.5);
    expect(headed('How do I recognise phishing?', 'Security', 'Phishing tests')).toBe(0);
    expect(headed('What is security?', 'Security')).toBe(0);
    expect(headed('What is security?')).toBe(0);
  });

  test('misses the names and numbers that the first passages do not have', () => {
    const found = { passages: [scored('The policy of Hungary grants 25 days.', 0.5)], terms: [] };

    expect(evidenceOf('how many days', found).names).toBe(1);
    expect(evidenceOf('Has the policy of Hungary 25 days?', found).names).toBe(1);
    expect(evidenceOf('Has the policy of Germany 25 days?', found).names).toBe(0.5);
  });

  test('says how far the first passage stands out from the others, whatever the scale', () => {
    const standout = (...scores: number[]) =>
      evidenceOf('x', {
        passages: scores.map((score) => passage('a', { score })),
        terms: [],
      }).standout;

    expect(standout(0.9, 0.9, 0.8, 0)).toBeLessThan(standout(0.9, 0.5, 0.4, 0));
    expect(standout(9, 5, 4, 0)).toBeCloseTo(standout(0.9, 0.5, 0.4, 0));
    expect(standout(...new Array(30).fill(0.5))).toBe(0);
  });

  test('a passage stands out of a small collection, where little else was found', () => {
    const standout = (...scores: number[]) =>
      evidenceOf('x', {
        passages: scores.map((score) => passage('a', { score })),
        terms: [],
      }).standout;

    expect(standout(0.5)).toBe(1);
    expect(standout(0.5, 0.5)).toBeGreaterThan(0.5);
    expect(standout(0.5, 0.5)).toBeLessThan(1);
  });

  test('says how many passages are nearer than the first', () => {
    const nearest = (...vectors: (number | null)[]) =>
      evidenceOf('x', { passages: vectors.map((one) => scored('a', 0.5, one)), terms: [] }).nearest;

    expect(nearest(0.7, 0.2, null)).toBe(1);
    expect(nearest(0.5, 0.7, 0.6)).toBeCloseTo(1 / 3);
    expect(nearest(null, 0.7)).toBeNull();
  });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const evidence = fc.record({
  words: share,
  sentence: share,
  covered: share,
  headed: share,
  names: share,
  standout: share,
  nearest: fc.option(share),
});
const models = fc.constantFrom(null, 'builtin:use-lite-en:512', 'openai:some-model:1536');

test('the probability is one, and more words of the question in a sentence never lower it', () => {
  fc.assert(
    fc.property(evidence, models, share, (one, model, more) => {
      const [sentence, covered] = [Math.max(one.sentence, more), Math.max(one.covered, more)];
      const before = probabilityOf(one, model);
      const after = probabilityOf({ ...one, sentence, covered }, model);

      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(1);
      expect(after).toBeGreaterThanOrEqual(before);
    }),
  );
});

test('a question that everything speaks for is answered, one that nothing speaks for is not', () => {
  const everything = { words: 0.9, sentence: 1, covered: 0.5, headed: 0, names: 1, standout: 0.8 };
  const nothing = { words: 0.02, sentence: 0.1, covered: 0.05, headed: 0, names: 1, standout: 0.2 };

  for (const [model, best, worst] of [
    [null, null, null],
    ['builtin:use-lite-en:512', 1, 0.1],
  ] as const) {
    expect(probabilityOf({ ...everything, nearest: best }, model)).toBeGreaterThan(0.8);
    expect(probabilityOf({ ...nothing, nearest: worst }, model)).toBeLessThan(0.15);
  }
});

describe('confidence in an answer', () => {
  const wording = wordingIn('en');
  const answer = {
    outcome: 'answer',
    probability: 0.9,
    support: 1,
    citations: [{ supported: true }],
  } as const;

  test('is the probability of an answer that its sources support fully', () => {
    expect(confidenceIn(answer, wording)).toEqual({
      value: 0.9,
      unknownNumbers: [],
      level: 'high',
      outcome: 'answer',
      explanation: wording.supported,
    });
  });

  test.each([
    ['uncited', { support: 0.4, citations: [] }],
    ['unsupported', { support: 0.2, citations: [{ supported: false }] }],
    ['partlySupported', { citations: [{ supported: true }, { supported: false }] }],
    ['partlySupported', { support: 0.6 }],
    ['weakMatch', { probability: 0.4 }],
  ] as const)('says when it is %s', (reason, change) => {
    expect(confidenceIn({ ...answer, ...change }, wording).explanation).toBe(wording[reason]);
  });

  test('is none when the answer states nothing', () => {
    expect(confidenceIn({ ...answer, support: null }, wording).value).toBe(0);
  });

  test('of an abstention is low, whatever was found', () => {
    const abstained = { ...answer, outcome: 'abstain', support: null, citations: [] } as const;

    expect(confidenceIn(abstained, wording)).toMatchObject({ value: 0.9, level: 'low' });
  });
});

test('levels begin at 0.5 and 0.8', () => {
  expect([0, 0.499, 0.5, 0.799, 0.8, 1].map(levelOf)).toEqual([
    'low',
    'low',
    'medium',
    'medium',
    'high',
    'high',
  ]);
});
