import { expect, test } from 'vitest';
import { beyondNoise, containsAnswer, estimate, mean, metricsAt10 } from './metrics.ts';

const relevant = new Map([
  ['a', 1],
  ['b', 1],
]);

test('a perfect list has 1 of everything', () => {
  expect(metricsAt10(['a', 'b', 'x'], relevant)).toEqual({ ndcg: 1, recall: 1, mrr: 1 });
});

test('a list without anything relevant has 0 of everything', () => {
  expect(metricsAt10(['x', 'y'], relevant)).toEqual({ ndcg: 0, recall: 0, mrr: 0 });
  expect(metricsAt10([], relevant)).toEqual({ ndcg: 0, recall: 0, mrr: 0 });
});

test('later places count less, and the eleventh does not', () => {
  const found = ['x', 'a', ...'cdefghij', 'b'];

  const { ndcg, recall, mrr } = metricsAt10(found, relevant);

  expect(ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 10);
  expect(recall).toBe(0.5);
  expect(mrr).toBe(0.5);
});

test('more than ten relevant passages can still be a perfect list', () => {
  const many = new Map(Array.from({ length: 20 }, (_, n) => [`${n}`, 1]));

  expect(metricsAt10([...many.keys()].slice(0, 10), many)).toEqual({
    ndcg: 1,
    recall: 0.5,
    mrr: 1,
  });
});

test('the mean is taken per measure', () => {
  const one = { ndcg: 1, recall: 0.5, mrr: 0 };
  const two = { ndcg: 0, recall: 0.5, mrr: 1 };

  expect(mean([one, two])).toEqual({ ndcg: 0.5, recall: 0.5, mrr: 0.5 });
});

test('a short answer is found without case, accents, punctuation and markers', () => {
  expect(containsAnswer('It lasts 25 days [1], says Zoë.', '25 days')).toBe(true);
  expect(containsAnswer('It lasts 25 [1] days.', '25 days')).toBe(true);
  expect(containsAnswer('Ask Zoe.', 'ZOË!')).toBe(true);
});

test('part of a word is no answer, and neither is nothing', () => {
  expect(containsAnswer('It lasts 250 days.', '25')).toBe(false);
  expect(containsAnswer('It lasts 25 days.', '?!')).toBe(false);
});

test('the standard error is that of the mean', () => {
  expect(estimate([0, 1, 0, 1])).toEqual({
    mean: 0.5,
    standardError: expect.closeTo(Math.sqrt(1 / 3 / 4), 12),
    count: 4,
  });
  expect(estimate([7])).toEqual({ mean: 7, standardError: null, count: 1 });
  expect(estimate([])).toBeNull();
});

test('five changes in one direction may be chance, six are not', () => {
  const same = [0, 0, 0, 0];

  expect(beyondNoise([1, 1, 1, 1, 1, ...same])).toBe(false);
  expect(beyondNoise([1, 1, 1, 1, 1, 1, ...same])).toBe(true);
  expect(beyondNoise([1, -1, 1, -1, 1, -1, 1, ...same])).toBe(false);
  expect(beyondNoise([])).toBe(false);
});
