import { describe, expect, test } from 'vitest';
import {
  blend,
  type Candidate,
  difficultyFit,
  diversify,
  explore,
  firstUnmet,
  readiness,
} from './blend.ts';
import { type Random, sampleBeta } from './explore.ts';

const candidate = (itemId: string, more: Partial<Candidate> = {}): Candidate => ({
  itemId,
  taste: 0,
  need: 0,
  popularity: 0,
  difficulty: null,
  skillIds: [],
  shown: 0,
  enrolled: 0,
  ...more,
});
const ready = () => ({ fit: 0, ready: 1 });
const prerequisite = (id: string, depth: number, known: number) =>
  ({ id, kind: 'skill', depth, known }) as const;

/** The same numbers each time. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe('the score', () => {
  test('is between 0 and 1, 1 for what is best in everything', () => {
    const [best, none] = blend(
      [candidate('best', { taste: 3, need: 1, popularity: 9 }), candidate('none')],
      ({ itemId }) => ({ fit: itemId === 'best' ? 1 : 0, ready: 1 }),
    );

    expect(best?.score).toBeCloseTo(1, 12);
    expect(none?.score).toBe(0);
  });

  test('counts the course that closes most of many gaps as it counts what is liked most', () => {
    const [gap, smaller, liked] = blend(
      [
        candidate('gap', { need: 0.1 }),
        candidate('smaller', { need: 0.05 }),
        candidate('liked', { taste: 0.02 }),
      ],
      () => ({ fit: 0, ready: 1 }),
    );

    expect(gap?.score).toBeCloseTo(0.35, 12);
    expect(smaller?.score).toBeCloseTo(0.175, 12);
    expect(liked?.score).toBeCloseTo(0.45, 12);
  });

  test('falls with readiness, and never below 0', () => {
    const half = blend([candidate('a', { taste: 1 })], () => ({ fit: 0, ready: 0.5 }));
    const negative = blend([candidate('a', { taste: -1 }), candidate('b', { taste: 1 })], ready);

    expect(half[0]?.score).toBeCloseTo(0.225, 12);
    expect(negative[0]?.score).toBe(0);
  });
});

test('readiness is that of the weakest prerequisite, 1 without any', () => {
  expect(readiness([])).toBe(1);
  expect(readiness([prerequisite('a', 1, 0.9), prerequisite('b', 1, 0.35)])).toBeCloseTo(0.5, 12);
  expect(readiness([prerequisite('a', 1, 0)])).toBe(0);
});

test('the first thing that is missing is the one that needs nothing that is missing', () => {
  const rows = [
    prerequisite('near', 1, 0),
    prerequisite('far', 3, 0.2),
    prerequisite('known', 5, 1),
  ];

  expect(firstUnmet(rows)?.id).toBe('far');
  expect(firstUnmet([prerequisite('known', 1, 0.7)])).toBeNull();
});

test('a difficulty fits best where success is likely, not certain', () => {
  const fits = [1, 2, 3, 4, 5].map((difficulty) => difficultyFit(difficulty, 0.6));

  expect(fits.indexOf(Math.max(...fits))).toBe(1);
  expect(Math.min(...fits)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...fits)).toBeLessThanOrEqual(1);
});

describe('a list', () => {
  test('has at most three of ten about one skill while there is something else', () => {
    const items = [
      ...Array.from({ length: 8 }, (_, n) => ({
        score: 1 - n / 100,
        candidate: candidate(`crowded ${n}`, { skillIds: ['crowded'] }),
      })),
      ...Array.from({ length: 8 }, (_, n) => ({
        score: 0.3 - n / 100,
        candidate: candidate(`single ${n}`, { skillIds: [`skill ${n}`] }),
      })),
    ];

    const list = diversify(items, 10);

    expect(list).toHaveLength(10);
    expect(list[0]?.candidate.itemId).toBe('crowded 0');
    expect(list.filter(({ candidate: { skillIds } }) => skillIds.includes('crowded'))).toHaveLength(
      3,
    );
  });

  test('is full of one skill rather than short', () => {
    const items = Array.from({ length: 8 }, (_, n) => ({
      score: 1 - n / 100,
      candidate: candidate(`crowded ${n}`, { skillIds: ['crowded'] }),
    }));

    expect(diversify(items, 5)).toHaveLength(5);
  });
});

describe('what is tried', () => {
  test('has been shown less than fifty times', () => {
    const items = [
      { score: 1, candidate: candidate('known', { shown: 50 }) },
      { score: 0.1, candidate: candidate('new', { shown: 49 }) },
    ];

    expect(explore(items, seeded(1))).toMatchObject({
      item: { candidate: { itemId: 'new' } },
      propensity: 1,
    });
    expect(explore(items.slice(0, 1), seeded(1))).toBeNull();
  });

  test('is more often what was taken up more often, and says how likely it was', () => {
    const items = [
      { score: 1, candidate: candidate('good', { shown: 40, enrolled: 20 }) },
      { score: 1, candidate: candidate('bad', { shown: 40, enrolled: 0 }) },
    ];
    const random = seeded(7);

    const choices = Array.from({ length: 100 }, () => explore(items, random));

    const good = choices.filter((choice) => choice?.item.candidate.itemId === 'good');
    expect(good.length).toBeGreaterThan(90);
    expect(good[0]?.propensity).toBeGreaterThan(0.9);
  });
});

test('draws of a beta distribution have its mean and stay between 0 and 1', () => {
  const random = seeded(3);

  const draws = Array.from({ length: 4_000 }, () => sampleBeta(2, 8, random));

  expect(draws.reduce((a, b) => a + b, 0) / draws.length).toBeCloseTo(0.2, 1);
  expect(Math.min(...draws)).toBeGreaterThan(0);
  expect(Math.max(...draws)).toBeLessThan(1);
});
