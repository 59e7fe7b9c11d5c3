import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import { runAblation } from './ablation.ts';
import { evaluateAtRisk } from './atRisk.ts';
import { fitConfidence } from './fitConfidence.ts';
import { evaluateMastery } from './mastery.ts';
import { PLAN } from './plan.ts';
import { evaluateRecommend } from './recommend.ts';
import { baselinePathIn, runEvaluation } from './run.ts';
import { trainReranker } from './trainReranker.ts';

/** Measures of the learning layer, each by its name. */
const LEARNING: Readonly<Record<string, (evalDir: string) => Promise<boolean>>> = {
  mastery: evaluateMastery,
  'at-risk': evaluateAtRisk,
  recommend: evaluateRecommend,
};
const root = fileURLToPath(new URL('../..', import.meta.url));
// Relative to where npm was called: the repository.
// Of .env nothing else: measuring must not fill the database of an installation.
const envFile = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
const evalDir = resolve(root, process.env.EVAL_DIR || envFile.EVAL_DIR || '../shared/eval');
const cacheDir = join(root, '.docent-eval');
const material = { evalDir, cacheDir, env: process.env };
const say = (line: string) => console.error(line);

const program = new Command('eval').description(
  'Measures search, answers and the learning layer on questions with known answers (EVAL_DIR).',
);
program
  .command('sets', { isDefault: true })
  .description('measure sets, print one table, compare it with eval/baseline.json (the default)')
  .argument(
    '[set...]',
    `${Object.keys(PLAN).join(', ')}; or ${Object.keys(LEARNING).join(', ')}; default: all of the first`,
  )
  .option('--full', 'ask every question, not a sample')
  .option('--every <n>', 'ask every n-th question of each measure')
  .option('--save-baseline', 'write eval/baseline.json instead of comparing with it')
  .option(
    '--pictures <folder>',
    'where the pictures of the confidence go',
    join(cacheDir, 'pictures'),
  )
  .action(
    async (
      names: string[],
      options: { full?: true; every?: string; saveBaseline?: true; pictures: string },
    ) => {
      let well = true;
      for (const name of names) well = ((await LEARNING[name]?.(evalDir)) ?? true) && well;
      const sets = names.filter((name) => !Object.hasOwn(LEARNING, name));
      if (sets.length > 0 || names.length === 0) {
        const run = {
          ...material,
          say,
          sample: sampleOf(options),
          baselinePath: baselinePathIn(root),
          saveBaseline: options.saveBaseline ?? false,
          pictures: resolve(root, options.pictures),
        };
        well = (await runEvaluation(sets, run)) && well;
      }
      finish(well);
    },
  );
program
  .command('fit-confidence')
  .description('fit the coefficients of the confidence, with held-out figures')
  .action(async () => {
    await fitConfidence({ ...material, say });
    finish(true);
  });
program
  .command('ablation')
  .description(
    'change each default of the search and of follow-ups, and print what it does to nDCG@10',
  )
  .argument(
    '[set...]',
    'sets, or canard for what follow-ups take from earlier questions; default: five and canard',
  )
  .action(async (sets: string[]) => {
    await runAblation(sets, { ...material, say });
    finish(true);
  });
program
  .command('train-reranker')
  .description('train the weights of the built-in reranker, with held-out figures')
  .argument('[set...]', 'default: all sets of passages')
  .action(async (sets: string[]) => {
    await trainReranker(sets, { ...material, say });
    finish(true);
  });

const asksForHelp = process.argv.slice(2).some((word) => ['--help', '-h', 'help'].includes(word));
if (!asksForHelp && !existsSync(evalDir)) {
  fail(
    `Nothing was measured: ${evalDir} is absent. Set EVAL_DIR to the folder of the measuring material.`,
  );
}
try {
  await program.parseAsync();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function sampleOf({ full, every }: { full?: true; every?: string }) {
  if (full) return 'all' as const;
  if (every === undefined) return 'default' as const;
  const n = Number(every);
  if (!Number.isInteger(n) || n < 1) throw new Error('--every takes a whole number from 1.');
  return { every: n };
}

function finish(well: boolean): never {
  process.exit(well ? 0 : 1);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
