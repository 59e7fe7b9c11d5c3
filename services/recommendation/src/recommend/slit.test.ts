import { expect, test } from 'vitest';
import { fitSlit, strongest } from './slit.ts';

test('solves the normal equations: two items of which one always follows the other', () => {
  const histories = Array.from({ length: 10 }, () => [0, 1]);

  const weights = fitSlit(histories, 2, { pastDecay: 0.6, futureDecay: 0.6, lambda: 10 });

  // S'S = [[10, 0], [0, 0]], S'T = [[0, 10], [0, 0]]: 10 / (10 + 10).
  expect([...weights].map((weight) => Number(weight.toFixed(12)))).toEqual([0, 0.5, 0, 0]);
});

test('agrees with a plain elimination on longer histories', () => {
  const [pastDecay, futureDecay, lambda] = [0.5, 0.8, 2];

  const weights = fitSlit(
    [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2],
    ],
    3,
    { pastDecay, futureDecay, lambda },
  );

  // B must satisfy (S'S + λI) B = S'T, with the rows written out by hand.
  const pasts = [
    [1, 0, 0],
    [0.5, 1, 0],
    [0, 0, 1],
    [1, 0, 0.5],
    [0, 1, 0],
  ];
  const futures = [
    [0, 1, 0.8],
    [0, 0, 1],
    [1, 0.8, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (const i of [0, 1, 2]) {
    for (const j of [0, 1, 2]) {
      const gram = (k: number) =>
        pasts.reduce((sum, row) => sum + (row[i] ?? 0) * (row[k] ?? 0), 0) + (i === k ? lambda : 0);
      const left = [0, 1, 2].reduce((sum, k) => sum + gram(k) * (weights[k * 3 + j] ?? 0), 0);
      const right = pasts.reduce((sum, row, r) => sum + (row[i] ?? 0) * (futures[r]?.[j] ?? 0), 0);
      expect(left).toBeCloseTo(right, 10);
    }
  }
});

test('keeps the strongest weights of either sign, none of an item for itself', () => {
  const weights = new Float64Array([9, 0.1, -0.5, 0.2, 9, 0, 0, 0, 9]);

  expect(strongest(weights, ['a', 'b', 'c'], 1)).toEqual([
    { from: 'a', to: 'c', score: -0.5 },
    { from: 'b', to: 'a', score: 0.2 },
  ]);
});
