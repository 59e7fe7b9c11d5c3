import { randomInt } from 'node:crypto';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { sql, type Tx } from '@docent/database/sql';
import {
  allowLongStatements,
  chooseLearners,
  deleteGenerations,
  type EventCounts,
  type Finding,
  findHistories,
  findModel,
  findReplayed,
  insertLinear,
  insertNext,
  insertPopularity,
  insertSimilar,
  insertTogether,
  layOutEvents,
  useGeneration,
} from './build.store.ts';
import { insertRebuild, lockRebuild, nextGeneration } from './rebuild.store.ts';
import { chooseSettings, ENOUGH_LEARNERS, type ReplayFigures } from './replay.ts';
import { startingSettings, type TasteSettings } from './settings.ts';
import { type LinkRow, strongest } from './slit.ts';
import { fitSlitApart, MOST_ITEMS } from './slitThread.ts';

/** Learners that a replay asks, at most: the error of a hit rate of .5 is then .011. */
const REPLAYED = 2_000;
/** Learners of one statement of a replay: embedded, requests wait for it. */
const ASKED_AT_ONCE = 50;
/** Weights of the linear model that are kept of each item, of either sign. */
const LINEAR_KEPT = 250;
/** Windows that are tried, each with tables of its own. */
const WINDOWS = [3, 50] as const;

/** One thing changed at a time, in this order. */
const ALTERNATIVES: readonly ((best: TasteSettings) => TasteSettings)[] = [
  ...WINDOWS.map((window) => (best: TasteSettings) => ({ ...best, window })),
  (best) => ({ ...best, together: 0.3 }),
  (best) => ({ ...best, decay: 0.4 }),
  (best) => ({ ...best, decay: 0.8 }),
  (best) => ({ ...best, similar: 0.3 }),
];
const WITH_LINEAR: readonly ((best: TasteSettings) => TasteSettings)[] = [
  (best) => ({ ...best, linear: 1 }),
  (best) => ({ ...best, linear: 1, next: 0, together: 0 }),
  (best) => ({ ...best, linear: 0 }),
];

export interface Rebuild {
  readonly generation: number;
  readonly settings: TasteSettings;
  readonly counts: EventCounts;
  /** Milliseconds from reading the events to the new tables, without the replay. */
  readonly buildMs: number;
  readonly replay: readonly ReplayFigures[];
}

export interface RebuildOptions {
  readonly signal: AbortSignal;
  /** False: the linear model is not tried. */
  readonly linear?: boolean;
  /** Taken as they are; nothing else is tried. */
  readonly settings?: Partial<TasteSettings> | null;
}

/**
 * Counts anew what people of the organization learn together and in which order, and puts it in the place of
 * the tables that are in use, in one step. Before, settings that foretell everybody's last course better are looked
 * for; they are adopted when the gain is more than two standard errors over 200 learners or more.
 */
export async function rebuild(
  database: Database,
  orgId: string,
  { signal, linear = true, settings: given = null }: RebuildOptions,
): Promise<Rebuild> {
  const startedAt = new Date();
  const work = <T>(step: (tx: Tx) => Promise<T>) =>
    database.withPrincipal(workerPrincipal(orgId), async (tx) => {
      await allowLongStatements(tx);
      await lockRebuild(tx, orgId);
      return step(tx);
    });
  try {
    const chosen = await choose(work, orgId, { signal, linear, given });
    const model = chosen.settings.linear > 0 ? await fitLinear(work, orgId, 0, signal) : [];
    const startedBuilding = performance.now();
    return await work(async (tx) => {
      const counts = await layOutEvents(tx, orgId, 0);
      const generation = await nextGeneration(tx, orgId);
      await insertLinks(tx, orgId, generation, chosen.settings.window, model);
      await insertPopularity(tx, orgId, generation);
      await useGeneration(tx, orgId, { generation, settings: chosen.settings, counts });
      const buildMs = Math.round(performance.now() - startedBuilding);
      const done = {
        generation,
        counts,
        buildMs,
        settings: chosen.settings,
        replay: chosen.figures,
      };
      await insertRebuild(tx, orgId, { ...done, id: newId(), startedAt, error: null });
      return done;
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const row = { generation: null, counts: null, buildMs: null, settings: null, replay: [] };
    if (!signal.aborted) {
      await work((tx) =>
        insertRebuild(tx, orgId, { ...row, id: newId(), startedAt, error: message }),
      );
    }
    throw error;
  }
}

type Work = <T>(step: (tx: Tx) => Promise<T>) => Promise<T>;

/** The settings to go on with, and what the replay showed. */
async function choose(
  work: Work,
  orgId: string,
  {
    signal,
    linear,
    given,
  }: { signal: AbortSignal; linear: boolean; given: Partial<TasteSettings> | null },
): Promise<{ settings: TasteSettings; figures: ReplayFigures[] }> {
  const { current, counts } = await work(async (tx) => {
    const all = await layOutEvents(tx, orgId, 0);
    return {
      counts: all,
      current: (await findModel(tx, orgId))?.settings ?? startingSettings(all),
    };
  });
  const settings = { ...current, ...(linear ? {} : { linear: 0 }), ...given };
  if (given !== null || counts.learners < ENOUGH_LEARNERS) return { settings, figures: [] };
  const tryLinear = linear && counts.items <= MOST_ITEMS;
  const model = tryLinear ? await fitLinear(work, orgId, 1, signal) : [];
  // Below zero, and of this replay alone: another one may be under way.
  const base = randomInt(1, 2 ** 40) * -100;
  const tablesOf = (window: number) => base - window;
  for (const window of WINDOWS) {
    await work(async (tx) => {
      await layOutEvents(tx, orgId, 1);
      await insertLinks(tx, orgId, tablesOf(window), window, model);
    });
  }
  try {
    const asked = await work((tx) => chooseLearners(tx, orgId, REPLAYED));
    const alternatives = [...ALTERNATIVES, ...(tryLinear ? WITH_LINEAR : [])];
    return await chooseSettings(settings, alternatives, async (candidate) => {
      const window = candidate.window <= WINDOWS[0] ? WINDOWS[0] : WINDOWS[1];
      const findings: Finding[] = [];
      for (let from = 0; from < asked.length; from += ASKED_AT_ONCE) {
        signal.throwIfAborted();
        const some = asked.slice(from, from + ASKED_AT_ONCE);
        findings.push(
          ...(await work((tx) => findReplayed(tx, orgId, tablesOf(window), some, candidate))),
        );
      }
      return findings;
    });
  } finally {
    await work((tx) =>
      deleteGenerations(tx, orgId, sql`generation between ${base - 100} and ${base}`),
    );
  }
}

async function insertLinks(
  tx: Tx,
  orgId: string,
  generation: number,
  window: number,
  linear: readonly LinkRow[],
): Promise<void> {
  await insertNext(tx, orgId, generation, window);
  await insertTogether(tx, orgId, generation);
  await insertSimilar(tx, orgId, generation);
  if (linear.length > 0) await insertLinear(tx, orgId, generation, linear);
}

/** No transaction is open while the thread computes. */
async function fitLinear(
  work: Work,
  orgId: string,
  skip: 0 | 1,
  signal: AbortSignal,
): Promise<LinkRow[]> {
  const { histories, itemIds } = await work(async (tx) => {
    await layOutEvents(tx, orgId, skip);
    return findHistories(tx);
  });
  if (itemIds.length === 0 || itemIds.length > MOST_ITEMS) return [];
  const weights = await fitSlitApart(histories, itemIds.length, signal);
  return strongest(weights, itemIds, LINEAR_KEPT);
}
