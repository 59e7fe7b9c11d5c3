import { expect, test } from 'vitest';
import { bootstrapped, meanOf, medianOf, shareOf, spread } from './estimate.ts';

const numbers = Array.from({ length: 400 }, (_, index) => index % 2);

test('the standard error of a mean is the deviation over the root of the count', () => {
  const { value, se, n } = meanOf(numbers);

  expect(value).toBe(0.5);
  expect(se).toBeCloseTo(0.5 / 20, 3);
  expect(n).toBe(400);
  expect(shareOf(numbers, (one) => one === 1)).toEqual({ value, se, n });
});

test('the mean of nothing is not told', () => {
  expect(meanOf([]).value).toBeNaN();
  expect(medianOf([]).value).toBeNaN();
});

test('resampling finds the error of a mean, and the same one again', () => {
  const mean = (rows: readonly number[]) => meanOf(rows).value;

  const once = bootstrapped(numbers, mean);

  expect(once.value).toBe(0.5);
  expect(once.se).toBeGreaterThan(0.02);
  expect(once.se).toBeLessThan(0.03);
  expect(bootstrapped(numbers, mean)).toEqual(once);
});

test('a sample is spread over the whole list', () => {
  expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  expect(spread([1, 2], 5)).toEqual([1, 2]);
  expect(spread(numbers, 150)).toHaveLength(150);
});
