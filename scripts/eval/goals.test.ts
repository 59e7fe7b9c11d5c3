import { expect, test } from 'vitest';
import type { Figure, Measure } from './figures.ts';
import { goalsOf } from './goals.ts';

const figure = (set: string, measure: Measure, value: number): Figure => ({
  set,
  measure,
  value,
  se: 0.01,
  n: 100,
});

test('only what was measured is judged', () => {
  expect(goalsOf([])).toEqual([]);
  expect(goalsOf([figure('clinc-oos', 'answerable or not, AUROC', 0.91)])).toEqual([
    { name: expect.stringContaining('clinc-oos'), value: 0.91, wanted: '≥ 0.900', holds: true },
  ]);
});

test('the hybrid search must not be worse than words', () => {
  const [goal] = goalsOf([
    figure('cisi', 'nDCG@10, words', 0.4),
    figure('cisi', 'nDCG@10, reranked', 0.39),
  ]);

  expect(goal).toMatchObject({ value: 0.39, wanted: '≥ 0.400', holds: false });
});

test('follow-ups may lose half of what the last question alone loses', () => {
  const asked = (value: number) =>
    goalsOf([
      figure('canard', 'follow-ups, stand-alone nDCG', 0.8),
      figure('canard', 'follow-ups, last only nDCG', 0.4),
      figure('canard', 'follow-ups, as asked nDCG', value),
    ]).map(({ holds }) => holds);

  expect(asked(0.61)).toEqual([true]);
  expect(asked(0.59)).toEqual([false]);
});
