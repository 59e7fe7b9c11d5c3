import { join } from 'node:path';
import type { Judged } from '@docent/core/logistic';
import { judgedOf } from './answers.ts';
import { type Baseline, fallsFrom, readBaseline, saveBaseline } from './baseline.ts';
import { type Figure, tableOf } from './figures.ts';
import { goalsOf } from './goals.ts';
import { writePictures } from './pictures.ts';
import { measureSet, PLAN, type PlanOptions } from './plan.ts';

/** Of this set the confidence is drawn: real questions, half of them without an answer. */
const DRAWN = 'clapnq-dev';

/**
 * Measures the sets, prints one table, and compares it with the committed figures.
 *
 * @param names empty: all sets.
 * @returns whether no figure fell by more than two standard errors.
 */
export async function runEvaluation(
  names: readonly string[],
  options: PlanOptions & {
    readonly baselinePath: string;
    readonly saveBaseline: boolean;
    /** Folder for the pictures of the confidence. */
    readonly pictures: string;
  },
): Promise<boolean> {
  const startedAt = performance.now();
  // Read before minutes are spent: a file that somebody broke is told at once.
  const baseline = options.saveBaseline ? null : readBaseline(options.baselinePath);
  const figures: Figure[] = [];
  let embedder = '';
  for (const name of names.length > 0 ? names : Object.keys(PLAN)) {
    const measured = await measureSet(name, options);
    figures.push(...measured.figures);
    embedder = measured.embedder;
    if (name === DRAWN) draw(measured.answered.map(judgedOf));
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  console.log(`\n${embedder}, ${minutes.toFixed(1)} minutes; value ± standard error\n`);
  console.log(tableOf(figures));
  printGoals(figures);

  if (options.saveBaseline) {
    const models = { embedder, chat: options.env.CHAT_MODEL ?? null };
    saveBaseline(options.baselinePath, models, figures);
    console.log(`\nwritten: ${options.baselinePath}`);
    return true;
  }
  return compare(baseline, embedder, figures);

  function draw(judged: readonly Judged[]): void {
    for (const path of writePictures(options.pictures, DRAWN, judged)) {
      options.say(`written: ${path}`);
    }
  }
}

function printGoals(figures: readonly Figure[]): void {
  const goals = goalsOf(figures);
  if (goals.length > 0) console.log('\ngoals');
  for (const { name, value, wanted, holds } of goals) {
    console.log(`  ${holds ? 'holds ' : 'MISSED'}  ${value.toFixed(3)} ${wanted}  ${name}`);
  }
}

function compare(baseline: Baseline | null, embedder: string, figures: readonly Figure[]): boolean {
  if (baseline === null) {
    console.log('\nnothing to compare with: --save-baseline writes it');
    return true;
  }
  const { date, models } = baseline;
  if (models.embedder !== embedder) {
    console.log(`\nnot compared: the baseline is of ${models.embedder}, this is ${embedder}`);
    return true;
  }
  const falls = fallsFrom(baseline, figures);
  for (const { figure, was, allowed } of falls) {
    const { set, measure, value } = figure;
    console.log(
      `\nFELL: ${set}, ${measure}: ${value.toFixed(3)}, was ${was.toFixed(3)} (two standard errors: ${allowed.toFixed(3)})`,
    );
  }
  if (falls.length === 0) console.log(`\nnothing fell against the baseline of ${date}`);
  return falls.length === 0;
}

/** Where the committed figures stand. */
export function baselinePathIn(root: string): string {
  return join(root, 'eval', 'baseline.json');
}
