import type { Finding } from './build.store.ts';
import type { TasteSettings } from './settings.ts';

/** How well a configuration foretells what learners took last. Errors are one standard error over learners. */
export interface ReplayFigures {
  readonly settings: TasteSettings;
  readonly learners: number;
  /** Share whose item was among the first ten. */
  readonly recall: number;
  readonly recallError: number;
  /** nDCG@10: 1 when it was first. */
  readonly ndcg: number;
  readonly ndcgError: number;
  /** nDCG more than that of the configuration that it was compared with, learner by learner. */
  readonly gain: number;
  readonly gainError: number;
  /** The gain was more than chance, and the configuration took the place of the other. */
  readonly adopted: boolean;
}

/** Fewer learners than this show nothing. */
export const ENOUGH_LEARNERS = 200;
/** So many standard errors a gain must have. */
const ERRORS = 2;

/**
 * Goes from configuration to configuration: each is compared with the best so far and takes its place when
 * its gain is more than two standard errors.
 *
 * @param alternatives makes configurations out of the best so far, one thing changed at a time.
 */
export async function chooseSettings(
  current: TasteSettings,
  alternatives: readonly ((best: TasteSettings) => TasteSettings)[],
  replay: (settings: TasteSettings) => Promise<readonly Finding[]>,
): Promise<{ settings: TasteSettings; figures: ReplayFigures[] }> {
  let settings = current;
  let best = gainsOf(await replay(current));
  const figures = [describe(current, best, null)];
  const tried = new Set([JSON.stringify(current)]);
  if (best.size < ENOUGH_LEARNERS) return { settings, figures };
  for (const alternative of alternatives) {
    const candidate = alternative(settings);
    const key = JSON.stringify(candidate);
    if (tried.has(key)) continue;
    tried.add(key);
    const gains = gainsOf(await replay(candidate));
    const shown = describe(candidate, gains, best);
    figures.push(shown);
    if (!shown.adopted) continue;
    settings = candidate;
    best = gains;
  }
  return { settings, figures };
}

/** nDCG@10 by learner: there is one item to find, so it is 1 / log2(place + 1), or 0. */
function gainsOf(findings: readonly Finding[]): Map<string, number> {
  return new Map(
    findings.map(({ userId, taken, found }) => {
      const place = found.slice(0, 10).indexOf(taken);
      return [userId, place < 0 ? 0 : 1 / Math.log2(place + 2)];
    }),
  );
}

function describe(
  settings: TasteSettings,
  gains: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number> | null,
): ReplayFigures {
  const ndcg = meanAndError([...gains.values()]);
  const recall = meanAndError([...gains.values()].map((gain) => (gain > 0 ? 1 : 0)));
  const gain = meanAndError(
    other === null ? [] : [...gains].map(([userId, own]) => own - (other.get(userId) ?? 0)),
  );
  return {
    settings,
    learners: gains.size,
    recall: recall.mean,
    recallError: recall.error,
    ndcg: ndcg.mean,
    ndcgError: ndcg.error,
    gain: gain.mean,
    gainError: gain.error,
    adopted: other !== null && gain.mean > ERRORS * gain.error,
  };
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  if (n === 0) return { mean: 0, error: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, error: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}
