import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc, calibrationError, fitLogistic } from './logistic.ts';

test('the fit finds the coefficients that the samples were drawn from', () => {
  const samples = Array.from({ length: 2_000 }, (_, index) => {
    const x = [(index % 40) / 20 - 1, (index % 7) / 7];
    const p = 1 / (1 + Math.exp(-(0.5 + 2 * (x[0] ?? 0) - (x[1] ?? 0))));
    return [
      { x, positive: true, weight: p },
      { x, positive: false, weight: 1 - p },
    ];
  }).flat();

  const { intercept, weights, probability } = fitLogistic(samples);

  expect(intercept).toBeCloseTo(0.5, 1);
  expect(weights[0]).toBeCloseTo(2, 1);
  expect(weights[1]).toBeCloseTo(-1, 1);
  expect(probability([0, 0])).toBeCloseTo(1 / (1 + Math.exp(-intercept)));
});

test('AUROC is 1 in order, 0 reversed and one half for ties', () => {
  const rows = (positive: number, negative: number) => [
    { positive: true, weight: 1, probability: positive },
    { positive: false, weight: 3, probability: negative },
  ];

  expect(auroc(rows(0.9, 0.1))).toBe(1);
  expect(auroc(rows(0.1, 0.9))).toBe(0);
  expect(auroc(rows(0.5, 0.5))).toBe(0.5);
});

test('the calibration error is the distance of what was said from what was', () => {
  const said = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(said, said, (probability, share) => {
      const rows = [
        { positive: true, weight: share, probability },
        { positive: false, weight: 1 - share, probability },
      ];

      expect(calibrationError(rows)).toBeCloseTo(Math.abs(probability - share));
    }),
  );
});
