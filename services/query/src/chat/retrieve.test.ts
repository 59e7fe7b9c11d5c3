import type { Principal } from '@docent/core/principal';
import { describe, expect, test } from 'vitest';
import type { FoundPassage, Search, SearchInput } from '../search/interfaces.ts';
import { ABSTAIN_BELOW } from './confidence.weights.ts';
import { retrieve } from './retrieve.ts';
import { passage } from './testPassages.ts';

const principal: Principal = {
  orgId: 'o',
  userId: 'u',
  role: 'learner',
  departmentIds: [],
  scopes: ['*'],
};

/** A search that gives each query its passages, with these scores. */
function searching(lists: Record<string, readonly FoundPassage[]>) {
  const inputs: SearchInput[] = [];
  const search: Search = async (_, input) => {
    inputs.push(input);
    const passages = [...(lists[input.query] ?? [])];
    const rest = {
      query: input.query,
      correctedQuery: null,
      neighbours: [],
      terms: [],
      reach: 1,
      modelId: null,
      mode: input.mode,
    };
    return { passages, ...rest, tookMs: 1 };
  };
  return { search, inputs };
}

function find(search: Search, question: Parameters<typeof retrieve>[2]['question'], limit = 8) {
  const wanted = { question, filters: {}, limit };
  return retrieve(search, principal, wanted, new AbortController().signal);
}

test('a question that stands alone is searched once, no document fills the list', async () => {
  const { search, inputs } = searching({ q: [passage('A day of vacation.')] });

  const found = await find(search, { question: 'q', query: 'q', earlier: null });

  expect(found.passages).toHaveLength(1);
  expect(inputs).toEqual([{ query: 'q', filters: {}, limit: 30, mode: 'hybrid' }]);
});

test('what earlier questions bring counts three tenths', async () => {
  const [both, main, earlier] = [
    passage('both', { score: 0.8 }),
    passage('main', { score: 1 }),
    passage('earlier', { score: 1 }),
  ];
  const { search } = searching({ now: [main, both], before: [{ ...both, score: 0.9 }, earlier] });

  const found = await find(search, { question: 'now (before)', query: 'now', earlier: 'before' });

  expect(found.passages.map(({ text }) => text)).toEqual(['both', 'main', 'earlier']);
  expect(found.passages.map(({ score }) => score)).toEqual([
    expect.closeTo((0.8 + 0.27) / 1.3),
    expect.closeTo(1 / 1.3),
    expect.closeTo(0.3 / 1.3),
  ]);
});

test('a merged list holds at most two passages of one document', async () => {
  const contentId = '01a1fc11-2014-73be-bbc1-bcbd597a4613';
  const same = Array.from({ length: 6 }, (_, index) =>
    passage(`p${index}`, {
      contentId,
      score: 1 - index / 10,
      span: { start: index * 1_000, end: index * 1_000 + 2 },
    }),
  );
  const other = passage('other', { score: 0.1 });
  const { search } = searching({ now: same, before: [other] });

  const found = await find(search, { question: 'x', query: 'now', earlier: 'before' }, 4);

  expect(found.passages.map(({ text }) => text)).toEqual(['p0', 'p1', 'other']);
});

test('documents of one kind among which the question does not choose are told', async () => {
  const { search } = searching({
    q: [
      passage('25 days.', { title: 'Vacation policy Hungary' }),
      passage('30 days.', { title: 'Vacation policy Germany' }),
    ],
  });

  const found = await find(search, { question: 'q', query: 'q', earlier: null });

  expect(found.options.map(({ title }) => title)).toEqual([
    'Vacation policy Hungary',
    'Vacation policy Germany',
  ]);
});

describe('editions of a document', () => {
  const edition = (year: number, form: string) =>
    passage(`Hand in receipts for travel expenses using form ${form}.`, {
      title: `Travel expenses policy ${year}`,
      effectiveFrom: `${year}-01-01T00:00:00Z`,
    });
  const ask = (question: string) => {
    const { search } = searching({ [question]: [edition(2023, 'TR-12'), edition(2025, 'TR-15')] });
    return find(search, { question, query: question, earlier: null });
  };

  test('that no longer count are no evidence that the question is answered', async () => {
    const [now, before] = await Promise.all([
      ask('Must receipts for travel expenses be on form TR-15?'),
      ask('Must receipts for travel expenses be on form TR-12?'),
    ]);

    expect(now.passages.map(({ title }) => title)).toEqual(['Travel expenses policy 2025']);
    expect(before.evidence.sentence).toBeLessThan(now.evidence.sentence);
    expect(now.probability).toBeGreaterThan(ABSTAIN_BELOW);
    expect(before.probability).toBeLessThan(ABSTAIN_BELOW / 1.5);
  });

  test('are searched for a code when the question names the one that has it', async () => {
    const found = await ask('Must receipts for travel expenses in 2023 be on form TR-12?');

    expect(found.passages.map(({ title }) => title)).toEqual(['Travel expenses policy 2023']);
    expect(found.probability).toBeGreaterThan(ABSTAIN_BELOW);
  });
});

test('a follow-up that names another case than the question before is about that one alone', async () => {
  const passages = ['Austria', 'Germany'].map((country) =>
    passage('Employees have vacation.', { title: `Vacation policy ${country}` }),
  );
  const [query, earlier] = ['and in Germany?', 'How many vacation days are there in Austria?'];
  const { search } = searching({ [query]: passages, [earlier]: passages });

  const found = await find(search, { question: `${query} (${earlier})`, query, earlier });

  expect(found.passages.map(({ title }) => title)).toEqual(['Vacation policy Germany']);
});

test('a document that the question names may fill the list, others not', async () => {
  const of = (title: string, contentId: string) =>
    ['red', 'blue', 'green', 'black'].map((colour, n) =>
      passage(`About ${colour} things and nothing else, said at some length for ${colour}.`, {
        title,
        contentId,
        span: { start: 1_000 * n, end: 1_000 * n + 60 },
      }),
    );
  const passages = [...of('Travel policy', 'a'), ...of('Vacation handbook', 'b')];
  const counts = async (query: string) => {
    const { search } = searching({ [query]: passages });
    const found = await find(search, { question: query, query, earlier: null });
    return ['a', 'b'].map((id) => found.passages.filter((one) => one.contentId === id).length);
  };

  expect(await counts('What colours are there?')).toEqual([2, 2]);
  expect(await counts('What colours does the travel policy have?')).toEqual([4, 2]);
});
