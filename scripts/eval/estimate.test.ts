import { expect, test } from 'vitest';
import { bootstrapped, meanOf, medianOf, shareOf, spread } from './estimate.ts';

const numbers = Array.from({ length: 400 }, (_, index) => index % 2);

test('the standard error of a mean is the deviation over the root of the count', () => {
  const { value, se, n } = meanOf(numbers);

  expect(value).toBe(0.5);
  expect(se).toBeCloseTo(0.5 / 20, 3);
  expect(n).toBe(400);
});

test('a share has an error, too, when all rows are of one kind', () => {
  const half = shareOf(numbers, (one) => one === 1);
  const all = shareOf(numbers, () => true);

  expect(half).toEqual({ value: 0.5, se: expect.closeTo(0.025, 4), n: 400 });
  expect(all.value).toBe(1);
  expect(all.se).toBeGreaterThan(0.001);
  expect(all.se).toBeLessThan(0.01);
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
