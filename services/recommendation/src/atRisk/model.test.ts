import { expect, test } from 'vitest';
import { type RiskFeatures, riskFeatures, type Work } from './features.ts';
import { fitRiskModel, isAtRisk, riskOf } from './model.ts';

const work = [
  { due: 10, handedIn: 9, score: 80 },
  { due: 20, handedIn: 25, score: 40 },
  { due: 30, handedIn: null, score: null },
  { due: 90, handedIn: 70, score: 100 },
];

test('features count what had happened by the day that is asked for, and nothing later', () => {
  expect(riskFeatures(work, 0, 22)).toEqual({
    shareHandedIn: 0.5,
    meanScore: 0.8,
    nothingHandedIn: 0,
    lateShare: 0,
    previousAttempts: 0,
  });
  expect(riskFeatures(work, 5, 60)).toEqual({
    shareHandedIn: 2 / 3,
    meanScore: 0.6,
    nothingHandedIn: 0,
    lateShare: 0.5,
    previousAttempts: 1,
  });
});

test('before anything was due there is nothing to go on', () => {
  expect(riskFeatures(work, 0, 9)).toBe(null);
  expect(riskFeatures([], 0, 9)).toBe(null);
  expect(riskFeatures([{ due: 5, handedIn: null, score: null }], 0, 9)).toMatchObject({
    shareHandedIn: 0,
    nothingHandedIn: 1,
  });
});

test('a model puts who hands in nothing above who hands in everything', () => {
  const busy = known([{ due: 1, handedIn: 1, score: 90 }]);
  const idle = known([{ due: 1, handedIn: null, score: null }]);
  const enrolments = Array.from({ length: 200 }, (_, index) => ({
    features: index % 2 === 0 ? busy : idle,
    // One of ten ends other than its work says.
    failed: index % 20 < 2 ? index % 2 === 0 : index % 2 === 1,
  }));

  const model = fitRiskModel(enrolments);

  expect(model).toMatchObject({ enrolments: 200 });
  if (model === null) return;
  expect(riskOf(model, idle)).toBeCloseTo(0.9, 1);
  expect(riskOf(model, busy)).toBeCloseTo(0.1, 1);
});

test('where few fail, who is far likelier to fail than others is likely to, be it less than even', () => {
  const busy = known([{ due: 1, handedIn: 1, score: 90 }]);
  const idle = known([{ due: 1, handedIn: null, score: null }]);
  // Of 200 who were busy 2 fail, of 100 who were idle 40.
  const enrolments = Array.from({ length: 300 }, (_, index) => ({
    features: index < 200 ? busy : idle,
    failed: index < 200 ? index < 2 : index < 240,
  }));

  const model = fitRiskModel(enrolments);

  if (model === null) throw new Error('there is no model');
  expect(riskOf(model, idle)).toBeLessThan(0.5);
  expect(riskOf(model, idle)).toBeGreaterThanOrEqual(model.threshold);
  expect(riskOf(model, busy)).toBeLessThan(model.threshold);
});

test('there is no model of few enrolments, nor of those that all ended alike', () => {
  const features = known(work);

  expect(fitRiskModel(Array.from({ length: 199 }, (_, i) => ({ features, failed: i < 9 })))).toBe(
    null,
  );
  expect(fitRiskModel(Array.from({ length: 300 }, () => ({ features, failed: false })))).toBe(null);
});

test('the rule needs a beginning, no pass, and a silence of a week but not of months', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  const at = (lastSeenAt: string, more = {}) =>
    isAtRisk({ begun: true, passed: false, lastSeenAt: new Date(lastSeenAt), ...more }, now);

  expect(at('2026-03-03T12:00:00Z')).toBe(true);
  expect(at('2026-03-03T12:00:01Z')).toBe(false);
  expect(at('2026-01-09T12:00:01Z')).toBe(true);
  expect(at('2026-01-09T12:00:00Z')).toBe(false);
  expect(at('2026-03-01T00:00:00Z', { passed: true })).toBe(false);
  expect(at('2026-03-01T00:00:00Z', { begun: false })).toBe(false);
});

function known(of: readonly Work[]): RiskFeatures {
  const features = riskFeatures(of, 0, 60);
  if (features === null) throw new Error('nothing was due');
  return features;
}
