import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SearchMode } from '@docent/contracts/search';
import { type Metrics, mean, metricsAt10 } from '@docent/core/metrics';
import { Command } from 'commander';
import { figuresOf, measureAnswers, readQuestions } from './answers.ts';
import { evaluateAtRisk } from './atRisk.ts';
import { FIGURES } from './figures.ts';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { evaluateMastery } from './mastery.ts';
import { evaluateRecommend } from './recommend.ts';
import { type RetrievalSet, readSet } from './sets.ts';

/** Measures of the learning layer; everything else is the name of a set of questions. */
const LEARNING: Readonly<Record<string, (evalDir: string) => Promise<boolean>>> = {
  mastery: evaluateMastery,
  'at-risk': evaluateAtRisk,
  recommend: evaluateRecommend,
};
const MODES: readonly SearchMode[] = ['words', 'vectors', 'hybrid'];
const root = fileURLToPath(new URL('../..', import.meta.url));

const command = new Command('eval')
  .description('Measures search on sets of questions with known answers, and the learning layer.')
  .argument(
    '<set...>',
    `names of folders in EVAL_DIR/retrieval, or ${Object.keys(LEARNING).join(', ')}`,
  )
  .option('--answers', 'ask the questions in chat and judge the answers, instead of the search')
  .option('--every <n>', 'ask every n-th question only (answers)', '1')
  .option('--vectors <shares>', 'also the hybrid with these shares of the vectors, as 0.2,0.3,0.4')
  .parse();
const options = command.opts<{ vectors?: string; answers?: true; every: string }>();
const { vectors = '' } = options;
const shares = vectors.split(',').filter(Boolean).map(Number);

// Relative to where npm was called: the repository.
const evalDir = resolve(root, process.env.EVAL_DIR ?? '../shared/eval');
if (!existsSync(evalDir)) {
  process.stderr.write(
    `Nothing was measured: ${evalDir} is absent. Set EVAL_DIR to the folder of the measuring material.\n`,
  );
  process.exit(1);
}

try {
  let below = 0;
  for (const name of command.args) {
    below += (await (LEARNING[name]?.(evalDir) ?? measure(name))) ? 0 : 1;
  }
  process.exit(below === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** Prints the figures of a set. Returns whether the hybrid search reaches what it must. */
async function measure(name: string): Promise<boolean> {
  const set = await readSet(evalDir, name);
  const instance = await openInstance({
    set: name,
    contents: JSON.stringify(set.passages),
    cacheDir: join(root, '.docent-eval'),
    env: process.env,
  });
  try {
    const passageOf = await loadSet(instance, set, (line) => console.log(`  ${line}`));
    console.log(
      `\n${name}: ${passageOf.size} passages, ${set.queries.length} questions ` +
        `(${set.unanswerable} without an answer left out), ${instance.model}`,
    );
    if (options.answers) {
      const every = Math.max(1, Number(options.every) || 1);
      const questions = readQuestions(evalDir, name).filter((_, index) => index % every === 0);
      for (const line of figuresOf(await measureAnswers(instance, questions))) console.log(line);
      return true;
    }
    console.log('                      nDCG@10  Recall@10  MRR@10  ms a search');
    for (const mode of MODES) {
      const { metrics, ms } = await ask(instance, set, passageOf, mode, false);
      print(mode, metrics, ms);
    }
    const reranked = await ask(instance, set, passageOf, 'hybrid', true);
    print('hybrid, reranked', reranked.metrics, reranked.ms);
    for (const share of shares) {
      instance.weigh({ words: 1 - share, vectors: share });
      const { metrics, ms } = await ask(instance, set, passageOf, 'hybrid', false);
      print(`hybrid, vectors ${share}`, metrics, ms);
    }
    return compare(name, reranked.metrics.ndcg);
  } finally {
    await instance.close();
  }
}

async function ask(
  { client }: Instance,
  set: RetrievalSet,
  passageOf: ReadonlyMap<string, string>,
  mode: SearchMode,
  rerank: boolean,
): Promise<{ metrics: Metrics; ms: number }> {
  const results: Metrics[] = [];
  const startedAt = performance.now();
  for (const { text, relevant } of set.queries) {
    const query = text.trim().slice(0, 4_000);
    const answer = await client.search({ query, mode, rerank, limit: 10, maxPerContent: 1 });
    if (answer.mode !== mode) throw new Error(`asked for ${mode}, got ${answer.mode}`);
    const found = answer.passages.map(({ contentId }) => passageOf.get(contentId) ?? contentId);
    results.push(metricsAt10(found, relevant));
  }
  return { metrics: mean(results), ms: (performance.now() - startedAt) / results.length };
}

function print(label: string, { ndcg, recall, mrr }: Metrics, ms: number): void {
  const cell = (value: number, width: number) => value.toFixed(3).padStart(width);
  console.log(
    `  ${label.padEnd(20)}${cell(ndcg, 7)}${cell(recall, 11)}${cell(mrr, 8)}${ms.toFixed(1).padStart(13)}`,
  );
}

function compare(name: string, hybrid: number): boolean {
  const figures = FIGURES[name];
  if (!figures) return true;
  const { bm25, tsRank, fusion, floor } = figures;
  console.log(
    `  to beat (nDCG@10): BM25 ${bm25}, ts_rank ${tsRank}${fusion ? `, fusion ${fusion}` : ''}`,
  );
  if (floor === undefined || hybrid >= floor) return true;
  console.log(`  BELOW the floor of ${floor}`);
  return false;
}
