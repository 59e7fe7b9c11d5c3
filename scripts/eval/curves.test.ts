import { expect, test } from 'vitest';
import { reliability, riskCoverage } from './curves.ts';

const row = (probability: number, positive: boolean) => ({ probability, positive, weight: 1 });

test('a bin tells what was said and what was', () => {
  const bins = reliability([row(0.91, true), row(0.99, true), row(1, false), row(0.05, false)]);

  expect(bins).toHaveLength(2);
  expect(bins[0]).toEqual({ said: 0.05, was: 0, count: 1 });
  expect(bins[1]?.was).toBeCloseTo(2 / 3, 10);
  expect(bins[1]?.count).toBe(3);
});

test('risk grows as less certain answers are given', () => {
  const points = riskCoverage([row(0.2, false), row(0.9, true), row(0.6, true), row(0.4, false)]);

  expect(points).toEqual([
    { threshold: 0.9, coverage: 0.25, risk: 0 },
    { threshold: 0.6, coverage: 0.5, risk: 0 },
    { threshold: 0.4, coverage: 0.75, risk: 1 / 3 },
    { threshold: 0.2, coverage: 1, risk: 0.5 },
  ]);
});

test('answers of one confidence are given together', () => {
  expect(riskCoverage([row(0.5, false), row(0.5, true)])).toEqual([
    { threshold: 0.5, coverage: 1, risk: 0.5 },
  ]);
});
