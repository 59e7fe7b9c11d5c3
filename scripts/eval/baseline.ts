import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Figure, isMeasure, measures } from './figures.ts';

const Baseline = z.object({
  /** When it was measured, and by which models. */
  date: z.iso.date(),
  models: z.object({ embedder: z.string(), chat: z.string().nullable() }),
  figures: z.array(
    z.object({
      set: z.string(),
      measure: z.string(),
      value: z.number(),
      se: z.number().nonnegative(),
      n: z.int().positive(),
    }),
  ),
});
export type Baseline = z.infer<typeof Baseline>;

/** The committed figures, or null when there are none yet. */
export function readBaseline(path: string): Baseline | null {
  return existsSync(path) ? Baseline.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Writes the figures that a run is judged by; those of sets that were not measured stay as they are. */
export function saveBaseline(
  path: string,
  models: Baseline['models'],
  figures: readonly Figure[],
): void {
  const rounded = (value: number) => Number(value.toFixed(4));
  const measured = figures.flatMap(({ set, measure, value, se, n }) =>
    measures[measure].better === null || !Number.isFinite(value + se)
      ? []
      : [{ set, measure, value: rounded(value), se: rounded(se), n }],
  );
  const sets = new Set(measured.map(({ set }) => set));
  const kept = (readBaseline(path)?.figures ?? []).filter(({ set }) => !sets.has(set));
  const date = new Date().toISOString().slice(0, 10);
  const lines = [...kept, ...measured].map((figure) => `    ${JSON.stringify(figure)}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `{\n  "date": "${date}",\n  "models": ${JSON.stringify(models)},\n  "figures": [\n${lines.join(',\n')}\n  ]\n}\n`,
  );
}

/** A figure that is worse than in the baseline. */
export interface Fall {
  readonly figure: Figure;
  readonly was: number;
  /** Twice the standard error: what chance explains. */
  readonly allowed: number;
}

/**
 * What fell by more than two standard errors. Of the same questions the baseline's error counts; of others, both
 * do, because each has its own.
 */
export function fallsFrom(baseline: Baseline, figures: readonly Figure[]): Fall[] {
  return figures.flatMap((figure) => {
    const was = baseline.figures.find(
      ({ set, measure }) => set === figure.set && measure === figure.measure,
    );
    if (!was || !isMeasure(was.measure)) return [];
    const { better } = measures[was.measure];
    if (better === null) return [];
    const worse = better === 'higher' ? was.value - figure.value : figure.value - was.value;
    const error = was.n === figure.n ? was.se : Math.hypot(was.se, figure.se);
    // A figure that cannot be told any more, as the AUROC of answers that all failed, fell.
    return worse <= 2 * error ? [] : [{ figure, was: was.value, allowed: 2 * error }];
  });
}
