import { newId } from '@docent/core/ids';
import { expect, test } from 'vitest';
import { judge } from './judge.ts';

const [a, b, c] = [newId(), newId(), newId()];
const at = (contentId: string, page: number, title = 'A title') => ({
  contentId,
  title,
  place: { page, headingPath: ['Part', `Page ${page}`] },
});
const cited = (contentId: string, supported: boolean) => ({
  ...at(contentId, 1),
  number: 1,
  chunkId: newId(),
  version: 1,
  url: null,
  answerSpan: { start: 0, end: 1 },
  sourceSpan: { start: 0, end: 1 },
  quote: 'A quote.',
  supported,
});
const answered = {
  outcome: 'answer',
  text: 'It is 25 days [1].',
  citations: [],
  found: [],
} as const;
const expected = { answerable: true, expectedContents: [], expectedAnswers: [] };

test('nothing is judged that nothing is expected of', () => {
  expect(judge(expected, answered)).toEqual({
    firstRank: null,
    ndcg: null,
    recall: null,
    reciprocalRank: null,
    contained: null,
    citedExpected: null,
    abstentionRight: true,
    support: null,
    passed: true,
  });
});

test('an answer to what cannot be answered is wrong, an abstention and a question back are right', () => {
  const unanswerable = { ...expected, answerable: false };

  const passed = (['answer', 'abstain', 'clarify'] as const).map(
    (outcome) => judge(unanswerable, { ...answered, outcome }).passed,
  );

  expect(passed).toEqual([false, true, true]);
});

test('an expected answer must stand in the text of an answer', () => {
  const days = { ...expected, expectedAnswers: ['thirty', '25 days'] };

  expect(judge(days, answered)).toMatchObject({ contained: true, passed: true });
  expect(judge(days, { ...answered, text: '250 days' })).toMatchObject({
    contained: false,
    passed: false,
  });
  expect(judge(days, { ...answered, outcome: 'abstain' })).toMatchObject({
    contained: false,
    abstentionRight: false,
    passed: false,
  });
});

test('passages of one content count once, and its place is where the first one stands', () => {
  const found = [at(b, 1), at(b, 2), at(a, 1), at(a, 2), at(c, 1)];

  const judged = judge(
    { ...expected, expectedContents: [{ contentId: a }] },
    { ...answered, found },
  );

  expect(judged).toMatchObject({ firstRank: 2, reciprocalRank: 0.5, recall: 1 });
  expect(judged.ndcg).toBeCloseTo(1 / Math.log2(3), 12);
});

test('an expected page or heading counts where it stands', () => {
  const found = [at(a, 1), at(b, 1), at(a, 2)];
  const rank = (place: object) =>
    judge({ ...expected, expectedContents: [{ contentId: a, ...place }] }, { ...answered, found })
      .firstRank;

  expect(rank({ page: 2 })).toBe(3);
  expect(rank({ heading: 'page 1' })).toBe(1);
  expect(rank({ page: 7 })).toBeNull();
});

test('titles are compared without case and accents, and all expected contents belong to a perfect list', () => {
  const found = [at(a, 1, 'ÉTÉ à la plage'), at(b, 1), at(c, 1)];
  const contents = [{ title: 'ete a la plage' }, { contentId: c }];

  const judged = judge({ ...expected, expectedContents: contents }, { ...answered, found });

  expect(judged.firstRank).toBe(1);
  expect(judged.ndcg).toBeCloseTo(1.5 / (1 + 1 / Math.log2(3)), 12);
});

test('a citation of an expected content makes it right, support is the share of citations that hold', () => {
  const contents = { ...expected, expectedContents: [{ contentId: a }] };

  const right = judge(contents, { ...answered, citations: [cited(b, true), cited(a, false)] });
  const wrong = judge(contents, { ...answered, citations: [cited(b, true)] });

  expect(right).toMatchObject({ citedExpected: true, support: 0.5, passed: true });
  expect(wrong).toMatchObject({ citedExpected: false, support: 1, passed: false });
});
