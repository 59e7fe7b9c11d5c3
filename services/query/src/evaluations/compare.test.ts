import type { RunSettings } from '@docent/contracts/evaluations';
import { newId } from '@docent/core/ids';
import { expect, test } from 'vitest';
import { type Compared, compareRuns, pairsOf } from './compare.ts';
import { figuresOf } from './figures.ts';

const settings: RunSettings = {
  abstainBelow: 0.4,
  unsupportedCitations: 'mark',
  passages: 8,
  mode: 'hybrid',
  vectorShare: null,
  rerank: true,
  answerer: 'configured',
  citationJudge: 'off',
  contextTokens: 6_000,
  maxTokens: 1_000,
};
const from = { id: newId(), settings, startedAt: '2026-11-20T10:00:00.000Z', figures: figures(5) };
const to = {
  id: newId(),
  settings: { ...settings, rerank: false },
  startedAt: '2026-11-21T10:00:00.000Z',
  figures: figures(5),
};

function figures(contents: number, changedAt = '2026-11-19T10:00:00.000Z') {
  return figuresOf([], { contents, changedAt });
}

/** Questions that passed or not; their ids are their places. */
function results(passed: readonly boolean[], changes: Partial<Compared> = {}): Compared[] {
  return passed.map((one, index) => ({
    position: index + 1,
    questionId: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    question: `Question ${index}`,
    answerable: true,
    status: 'done',
    outcome: 'answer',
    passed: one,
    ndcg: null,
    recall: null,
    reciprocalRank: null,
    contained: null,
    citedExpected: null,
    abstentionRight: null,
    support: null,
    ...changes,
  }));
}

test('ten questions more that pass are better, beyond noise', () => {
  const before = results([...new Array(10).fill(false), ...new Array(10).fill(true)]);

  const compared = compareRuns(from, to, pairsOf(before, results(new Array(20).fill(true))));

  expect(compared).toMatchObject({
    pairs: 20,
    better: 10,
    worse: 0,
    same: 10,
    sentence: 'Better by passed on 20 questions.',
    settings: [{ name: 'rerank', from: true, to: false }],
  });
  expect(compared.betterQuestions[0]).toMatchObject({ position: 1, from: { passed: false } });
});

test('as many questions won as lost are no difference beyond noise', () => {
  const half = (first: boolean) =>
    results([...new Array(8).fill(first), ...new Array(8).fill(!first)]);

  const compared = compareRuns(from, to, pairsOf(half(true), half(false)));

  expect(compared).toMatchObject({ better: 8, worse: 8 });
  expect(compared.sentence).toBe('No difference beyond noise on 16 questions.');
  expect(compared.measures[0]?.sentence).toMatch(/^passed: no difference beyond noise/);
});

test('the same answers twice are told to be the same', () => {
  const same = results([true, false, true]);

  const compared = compareRuns(from, from, pairsOf(same, same));

  expect(compared).toMatchObject({ same: 3, better: 0, worse: 0, settings: [] });
  expect(compared.measures[0]).toMatchObject({
    difference: 0,
    sentence: 'passed: no difference on 3 questions.',
  });
});

test('questions that were edited, or not answered, are left out', () => {
  const before = results([true, true, true]);
  const [first, second, third] = results([false, false, false]);
  if (!first || !second || !third) throw new Error('three are there');

  const pairs = pairsOf(before, [
    { ...first, question: 'Another one' },
    { ...second, status: 'failed' },
    { ...third, answerable: false },
  ]);

  expect(pairs).toEqual([]);
  expect(compareRuns(from, to, pairs)).toMatchObject({
    pairs: 0,
    sentence: 'The two runs have no question in common.',
  });
});

test('of two answers that pass, the one whose source stood higher is better', () => {
  const pairs = pairsOf(results([true], { ndcg: 0.5 }), results([true], { ndcg: 1 }));

  expect(compareRuns(from, to, pairs)).toMatchObject({ better: 1, worse: 0 });
});

test('material that was changed, added or removed after the first run began is told', () => {
  const pairs = pairsOf(results([true]), results([true]));
  const other = (material: ReturnType<typeof figures>) =>
    compareRuns(from, { ...to, figures: material }, pairs);

  expect(compareRuns(from, to, pairs).materialChanged).toBe(false);
  expect(other(figures(6)).materialChanged).toBe(true);
  expect(other(figures(5, '2026-11-21T09:00:00.000Z'))).toMatchObject({
    materialChanged: true,
    sentence:
      'No difference beyond noise on 1 question. The material changed meanwhile, which may be why.',
  });
});
