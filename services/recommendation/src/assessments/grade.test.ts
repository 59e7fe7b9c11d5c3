import { KeyedQuestion, type Response } from '@docent/contracts/learningAssessments';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradeResponse, scoreOf } from './grade.ts';

function question(more: object): KeyedQuestion {
  const id = '01938c4e-7a00-7d0c-8e47-000000000001';
  return KeyedQuestion.parse({ id, retired: false, prompt: '?', ...more });
}
const options = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id }));

test.each<[Response | null, number]>([
  [['b'], 1],
  ['b', 1],
  [['a'], 0],
  [['a', 'b'], 0],
  [[], 0],
  [2, 0],
  [null, 0],
])('one option: %j gives %d', (response, score) => {
  const single = question({ type: 'single', options, answer: { options: ['b'] } });

  expect(gradeResponse(single, response)).toBe(score);
});

test.each<[Response | null, number]>([
  [['a', 'c'], 1],
  [['c', 'a', 'a'], 1],
  [['a'], 0.5],
  [['a', 'b'], 0],
  [['a', 'b', 'c'], 0.5],
  [['a', 'b', 'c', 'd'], 0],
  [['b', 'd'], 0],
  ['a', 0],
  [null, 0],
])('several options: %j gives %d', (response, score) => {
  const multiple = question({ type: 'multiple', options, answer: { options: ['a', 'c'] } });

  expect(gradeResponse(multiple, response)).toBe(score);
});

test.each<[Response | null, number]>([
  ['Product Owner', 1],
  ['  product   OWNER. ', 1],
  ['PO', 1],
  ['Prodúct Owner', 1],
  ['owner', 0],
  ['', 0],
  [['PO'], 0],
])('text: %j gives %d', (response, score) => {
  const text = question({ type: 'text', answer: { accepted: ['Product Owner', 'po'] } });

  expect(gradeResponse(text, response)).toBe(score);
});

const textScore = (accepted: string, given: string) =>
  gradeResponse(question({ type: 'text', answer: { accepted: [accepted] } }), given);

test.each<[string, string, number]>([
  ['C#', 'c#', 1],
  ['C#', 'C', 0],
  ['C', 'C#', 0],
  ['C++', 'C+', 0],
  ['.NET', ' .Net. ', 1],
  ['.NET', 'net', 0],
  ['*', '*', 1],
  ['*', '?', 0],
  ['*', '', 0],
  ['?', '!', 0],
  ['50 %', '50%', 1],
  ['50 %', '50', 0],
  ['n!', 'n', 0],
  ['x²', 'x2', 0],
  ['≠', '=', 0],
  ['"a"', 'a', 0],
  ['i++', 'i++;', 1],
  ['Paris', '“Paris!”', 1],
  ['Paris', '(Paris', 0],
  ['Paris.', 'paris', 1],
  ['Naïve Bayes', 'naive  bayes.', 1],
])('text: where %j is right, %j gives %d', (accepted, given, score) => {
  expect(textScore(accepted, given)).toBe(score);
});

describe('text', () => {
  const text = fc
    .oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ minLength: 1, unit: 'binary' }),
    )
    .filter((each) => each.trim() !== '');
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const sign = fc.stringMatching(/^[#+*%@&/\\|<>=^~$_(){}[\]-]{1,3}$/);

  test('is right as it was written, and nothing never is', () => {
    fc.assert(
      fc.property(text, fc.stringMatching(/^\s*$/), (accepted, blank) => {
        expect(textScore(accepted, ` ${accepted} `)).toBe(1);
        expect(textScore(accepted, blank)).toBe(0);
      }),
    );
  });

  test('keeps its signs: with them it is another answer than without', () => {
    fc.assert(
      fc.property(word, sign, sign, (plain, before, after) => {
        const all = [plain, `${before}${plain}`, `${plain}${after}`, before];
        for (const [index, accepted] of all.entries()) {
          for (const [other, given] of all.entries()) {
            expect(textScore(accepted, given)).toBe(index === other ? 1 : 0);
          }
        }
      }),
    );
  });
});

test.each<[Response | null, number]>([
  [0.3, 1],
  [0.1 + 0.2, 1],
  ['0,35', 1],
  [' .25 ', 1],
  [0.36, 0],
  ['0.3 apples', 0],
  [Number.NaN, 0],
])('numbers: %j gives %d', (response, score) => {
  const numeric = question({ type: 'numeric', answer: { value: 0.3, tolerance: 0.05 } });

  expect(gradeResponse(numeric, response)).toBe(score);
});

describe('the score', () => {
  test('is weighted, in percent', () => {
    const results = [
      { weight: 3, score: 1 },
      { weight: 1, score: 0 },
    ];

    expect(scoreOf(results)).toBe(75);
    expect(scoreOf([])).toBe(0);
  });

  test('is from 0 to 100, and 100 when all is right, whatever the weights', () => {
    const weights = fc.array(fc.double({ min: 1e-6, max: 1000, noNaN: true }), { minLength: 1 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });

    fc.assert(
      fc.property(weights, share, (all, score) => {
        const some = scoreOf(all.map((weight) => ({ weight, score })));

        expect(some).toBeGreaterThanOrEqual(0);
        expect(some).toBeLessThanOrEqual(100);
        expect(scoreOf(all.map((weight) => ({ weight, score: 1 })))).toBe(100);
      }),
    );
  });
});
