import { expect, test } from 'vitest';
import { practised, retrievability } from './forgetting.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n));

test('nothing is forgotten at once, a tenth after as many days as the stability says', () => {
  const memory = { stability: 12, difficulty: 5 };

  expect(retrievability(memory, day(0), day(0))).toBe(1);
  expect(retrievability(memory, day(0), day(12))).toBeCloseTo(0.9, 6);
  expect(retrievability(memory, day(0), day(400))).toBeLessThan(0.7);
});

test('repeating after a pause makes memory last longer, failing makes it shorter', () => {
  const first = practised(null, 1, day(0));

  const repeated = practised({ memory: first, at: day(0) }, 1, day(3));
  const failed = practised({ memory: repeated, at: day(3) }, 0, day(20));

  expect(repeated.stability).toBeGreaterThan(first.stability);
  expect(failed.stability).toBeLessThan(repeated.stability);
  expect(failed.difficulty).toBeGreaterThan(repeated.difficulty);
});

test('a clock that goes backwards is no pause', () => {
  const memory = { stability: 3, difficulty: 5 };

  expect(retrievability(memory, day(5), day(2))).toBe(1);
  expect(practised({ memory, at: day(5) }, 1, day(2)).stability).toBeGreaterThan(0);
});
