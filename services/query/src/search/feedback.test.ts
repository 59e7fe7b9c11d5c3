import { expect, test } from 'vitest';
import { likeness } from './feedback.ts';

/** Five about pumps, then the others. */
const found = (...others: string[]) =>
  likeness(
    ['pump valve', 'valve leak pump', 'pump seal', 'seal valve', 'pump leak', ...others].map(
      (text) => (text === '' ? [] : text.split(' ')),
    ),
  );

test('a candidate with the words of the best ones is more like them than one without', () => {
  const [first = 0, , , , , close = 0, far = 0] = found('valve seal leak', 'holiday form');

  expect(close).toBeGreaterThan(0.5);
  expect(far).toBe(0);
  expect(first).toBeLessThanOrEqual(1);
});

test('words that nearly all candidates have say less than words of few', () => {
  const texts = ['a b x', 'a c x', 'a d', 'a e', 'a f', 'a x', 'a g'].map((text) =>
    text.split(' '),
  );

  const alike = likeness(texts);

  expect(alike[5]).toBeGreaterThan(alike[6] ?? 1);
});

test('equal texts are equally alike, wherever they stand', () => {
  const alike = found('pump valve', '', 'pump valve');

  expect(alike[5]).toBeCloseTo(alike[0] ?? Number.NaN);
  expect(alike[7]).toBeCloseTo(alike[0] ?? Number.NaN);
  expect(alike[6]).toBe(0);
});

test('of few candidates none is like the others', () => {
  expect(likeness([])).toEqual([]);
  expect(likeness([['pump'], ['pump']])).toEqual([0, 0]);
});
