import { expect, test } from 'vitest';
import { mean, metricsAt10 } from './metrics.ts';

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
