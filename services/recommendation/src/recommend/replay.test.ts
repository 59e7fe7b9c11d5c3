import { expect, test } from 'vitest';
import { chooseSettings } from './replay.ts';
import { startingSettings, type TasteSettings } from './settings.ts';

const start = startingSettings({ items: 10, learners: 10 });
const wider = (best: TasteSettings) => ({ ...best, window: 7 });

/** The item is found in first place for this share of the learners, with the starting window or another one. */
function replayOf(learners: number, shares: { start: number; other: number }) {
  return async ({ window }: TasteSettings) =>
    Array.from({ length: learners }, (_, n) => {
      const share = window === start.window ? shares.start : shares.other;
      return { userId: `learner ${n}`, taken: 'it', found: n < share * learners ? ['it'] : ['x'] };
    });
}

test('settings with a gain of more than two standard errors are adopted, with their figures', async () => {
  const replay = replayOf(400, { start: 0.4, other: 0.5 });

  const { settings, figures } = await chooseSettings(start, [wider], replay);

  expect(settings.window).toBe(7);
  expect(figures).toMatchObject([
    { learners: 400, recall: 0.4, ndcg: 0.4, adopted: false },
    { recall: 0.5, adopted: true },
  ]);
  expect(figures[1]?.gain).toBeCloseTo(0.1, 12);
  // sqrt(.1 · .9 / 399)
  expect(figures[1]?.gainError).toBeCloseTo(0.01502, 5);
});

test('a gain that chance could explain changes nothing', async () => {
  const { settings, figures } = await chooseSettings(
    start,
    [wider],
    replayOf(400, { start: 0.4, other: 0.4025 }),
  );

  expect(settings).toEqual(start);
  expect(figures[1]?.adopted).toBe(false);
});

test('of fewer than 200 learners nothing is tried', async () => {
  const { settings, figures } = await chooseSettings(
    start,
    [wider],
    replayOf(199, { start: 0, other: 1 }),
  );

  expect(settings).toEqual(start);
  expect(figures).toHaveLength(1);
});
