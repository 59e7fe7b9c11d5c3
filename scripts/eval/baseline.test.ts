import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fallsFrom, readBaseline, saveBaseline } from './baseline.ts';
import type { Figure } from './figures.ts';

const models = { embedder: 'builtin', chat: null };
const figure = (change: Partial<Figure>): Figure => ({
  set: 'cranfield',
  measure: 'nDCG@10, words',
  value: 0.4,
  se: 0.02,
  n: 100,
  ...change,
});
const saved = (...figures: Figure[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'docent-baseline-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'eval', 'baseline.json');
  saveBaseline(path, models, figures);
  return path;
};
const baselineOf = (...figures: Figure[]) => {
  const baseline = readBaseline(saved(...figures));
  if (baseline === null) throw new Error('nothing was saved');
  return baseline;
};

test('what is two standard errors worse fell, and is named; what is less or better did not', () => {
  const before = baselineOf(figure({}));

  const falls = fallsFrom(before, [figure({ value: 0.359 })]);

  expect(falls).toEqual([{ figure: figure({ value: 0.359 }), was: 0.4, allowed: 0.04 }]);
  expect(fallsFrom(before, [figure({ value: 0.361 })])).toEqual([]);
  expect(fallsFrom(before, [figure({ value: 0.9 })])).toEqual([]);
});

test('an error that grows fell', () => {
  const ece = figure({ measure: 'answerable or not, ECE', value: 0.05, se: 0.01 });

  expect(fallsFrom(baselineOf(ece), [{ ...ece, value: 0.08 }])).toHaveLength(1);
  expect(fallsFrom(baselineOf(ece), [{ ...ece, value: 0.01 }])).toEqual([]);
});

test('of other questions both errors count', () => {
  const before = baselineOf(figure({}));

  expect(fallsFrom(before, [figure({ value: 0.35, n: 50, se: 0.03 })])).toEqual([]);
  expect(fallsFrom(before, [figure({ value: 0.35 })])).toHaveLength(1);
});

test('a figure that cannot be told any more fell, and a new one is not judged', () => {
  const before = baselineOf(figure({}));

  expect(fallsFrom(before, [figure({ value: Number.NaN })])).toHaveLength(1);
  expect(fallsFrom(before, [figure({ set: 'cisi', value: 0 })])).toEqual([]);
});

test('times are not saved, and sets that were not measured keep their figures', () => {
  const path = saved(figure({}), figure({ measure: 'ms, search hybrid', value: 40 }));

  saveBaseline(path, models, [figure({ set: 'cisi', value: 0.3 })]);

  expect(readBaseline(path)?.figures).toEqual({
    cranfield: { 'nDCG@10, words': { value: 0.4, se: 0.02, n: 100 } },
    cisi: { 'nDCG@10, words': { value: 0.3, se: 0.02, n: 100 } },
  });
});

test('there may be no baseline yet', () => {
  expect(readBaseline(join(tmpdir(), 'docent-no-baseline.json'))).toBeNull();
});
