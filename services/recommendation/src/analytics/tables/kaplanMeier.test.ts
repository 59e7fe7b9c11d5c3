import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kaplanMeier } from './kaplanMeier.ts';

const there = (...days: number[]) => days.map((day) => ({ days: day, reached: true }));
const watched = (...days: number[]) => days.map((day) => ({ days: day, reached: false }));

test('follows a curve worked out by hand', () => {
  // Remission times with 6-MP of Freireich et al., 1963; the curve is in every textbook on survival.
  const people = [
    ...there(6, 6, 6, 7, 10, 13, 16, 22, 23),
    ...watched(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
  ];

  const { steps, medianDays, reached } = kaplanMeier(people);

  expect(steps.map(({ days }) => days)).toEqual([6, 7, 10, 13, 16, 22, 23]);
  const byHand = [
    18 / 21,
    (18 / 21) * (16 / 17),
    (18 / 21) * (16 / 17) * (14 / 15),
    (18 / 21) * (16 / 17) * (14 / 15) * (11 / 12),
    (18 / 21) * (16 / 17) * (14 / 15) * (11 / 12) * (10 / 11),
    (18 / 21) * (16 / 17) * (14 / 15) * (11 / 12) * (10 / 11) * (6 / 7),
    (18 / 21) * (16 / 17) * (14 / 15) * (11 / 12) * (10 / 11) * (6 / 7) * (5 / 6),
  ];
  steps.forEach(({ remaining }, step) => {
    expect(remaining).toBeCloseTo(byHand[step] ?? 0, 12);
  });
  expect(medianDays).toBe(23);
  expect(reached).toBeCloseTo(1 - 0.4482, 4);
});

test('without anybody unfinished it is the plain median', () => {
  expect(kaplanMeier(there(3, 9, 4, 8, 5)).medianDays).toBe(5);
});

test('unfinished people make it longer than the median of those who finished', () => {
  expect(kaplanMeier([...there(1, 2, 3), ...watched(50, 60)]).medianDays).toBe(3);
  expect(kaplanMeier([...there(1, 2, 3), ...watched(50, 60, 70, 80)]).medianDays).toBeNull();
});

test('says nothing of nobody, and of people of whom none got there', () => {
  expect(kaplanMeier([])).toEqual({ steps: [], medianDays: null, reached: 0 });
  expect(kaplanMeier(watched(4, 5))).toEqual({ steps: [], medianDays: null, reached: 0 });
});

test('never rises, and stays between 0 and 1', () => {
  const people = fc.array(fc.record({ days: fc.nat({ max: 30 }), reached: fc.boolean() }));

  fc.assert(
    fc.property(people, (given) => {
      const { steps, reached } = kaplanMeier(given);
      const values = [1, ...steps.map(({ remaining }) => remaining)];
      return (
        values.every((value, i) => value >= -1e-12 && value <= (values[i - 1] ?? 1)) &&
        reached >= 0 &&
        reached <= 1
      );
    }),
  );
});
