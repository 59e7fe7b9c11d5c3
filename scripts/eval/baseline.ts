import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Figure, measures } from './figures.ts';

const Saved = z.object({
  value: z.number(),
  se: z.number().nonnegative(),
  n: z.int().positive(),
});

const Baseline = z.object({
  /** When it was measured, and by which models. */
  date: z.iso.date(),
  models: z.object({ embedder: z.string(), chat: z.string().nullable() }),
  /** By set and measure. */
  figures: z.record(z.string(), z.record(z.string(), Saved)),
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
  measured: readonly Figure[],
): void {
  const figures: Record<string, Record<string, string>> = {};
  const keep = (set: string, measure: string, { value, se, n }: z.infer<typeof Saved>) => {
    const own = figures[set] ?? {};
    figures[set] = own;
    own[measure] = `{ "value": ${rounded(value)}, "se": ${rounded(se)}, "n": ${n} }`;
  };
  const judged = measured.filter(
    ({ measure, value, se }) => measures[measure].better !== null && Number.isFinite(value + se),
  );
  for (const [set, own] of Object.entries(readBaseline(path)?.figures ?? {})) {
    if (judged.some((figure) => figure.set === set)) continue;
    for (const [measure, saved] of Object.entries(own)) keep(set, measure, saved);
  }
  for (const figure of judged) keep(figure.set, figure.measure, figure);

  // A line for each figure: a change of one is read in a review as one.
  const sets = Object.entries(figures).map(([set, own]) => {
    const lines = Object.entries(own).map(([measure, cell]) => `      "${measure}": ${cell}`);
    return `    "${set}": {\n${lines.join(',\n')}\n    }`;
  });
  const date = new Date().toISOString().slice(0, 10);
  const { embedder, chat } = models;
  const about = `{ "embedder": ${JSON.stringify(embedder)}, "chat": ${JSON.stringify(chat)} }`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `{\n  "date": "${date}",\n  "models": ${about},\n  "figures": {\n${sets.join(',\n')}\n  }\n}\n`,
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
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
    const was = baseline.figures[figure.set]?.[figure.measure];
    const { better } = measures[figure.measure];
    if (!was || better === null) return [];
    const worse = better === 'higher' ? was.value - figure.value : figure.value - was.value;
    const error = was.n === figure.n ? was.se : Math.hypot(was.se, figure.se);
    // A figure that cannot be told any more, as the AUROC of answers that all failed, fell.
    return worse <= 2 * error ? [] : [{ figure, was: was.value, allowed: 2 * error }];
  });
}
