import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auroc, calibrationError, fitLogistic, type Sample } from '@docent/core/logistic';
import { type Evidence, evidenceOf } from '@docent/query/chat/confidence';
import { z } from 'zod';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { readSet } from './sets.ts';

/**
 * Fits the coefficients of services/query/src/chat/confidence.weights.ts: how likely do the passages that
 * a search found answer the question? Prints them with AUROC and ECE (five-fold), and what an answer's
 * threshold costs. `node scripts/eval/fitConfidence.ts [--cache DIR]`
 *
 * Positive: an answerable question whose passage is among the first three. Negative: questions that the set
 * marks as unanswerable; questions of the other set (topic absent); answerable ones with their passage taken
 * out of the results (near miss).
 */
const SETS = ['squad2-dev', 'clapnq-dev'] as const;
const PASSAGES = 30;
/** Every n-th question of a set is asked: squad2-dev has ten times as many as clapnq-dev. */
const EVERY: Readonly<Record<string, number>> = { 'squad2-dev': 5 };
const ABSENT = 120;
const root = fileURLToPath(new URL('../..', import.meta.url));
const evalDir = resolve(root, process.env.EVAL_DIR ?? '../shared/eval');
const cacheAt = process.argv.indexOf('--cache');
const cacheDir =
  cacheAt > 0 ? resolve(process.argv[cacheAt + 1] ?? '') : join(root, '.docent-eval');

const Question = z.object({ _id: z.string(), text: z.string(), answerable: z.boolean() });
type Question = z.infer<typeof Question>;

/** Names of the kinds of questions, with their share of the weight in the fit. */
const KINDS = {
  'squad2 answerable': 0.3,
  'clapnq answerable': 0.3,
  'squad2 adversarial': 0.04,
  'clapnq unanswerable': 0.16,
  'squad2 near miss': 0.08,
  'clapnq near miss': 0.04,
  'topic absent': 0.08,
} as const;
type Kind = keyof typeof KINDS;
interface Seen {
  readonly kind: Kind;
  readonly positive: boolean;
  readonly evidence: Evidence;
}

const seen: Seen[] = [];
let model = '';
for (const name of SETS) await collect(name);
report('with vectors', seen, ['words', 'sentence', 'margin', 'vector']);
report('words alone', seen, ['words', 'sentence', 'margin']);

async function collect(name: (typeof SETS)[number]): Promise<void> {
  const set = await readSet(evalDir, name);
  mkdirSync(cacheDir, { recursive: true });
  const contents = JSON.stringify(set.passages);
  const instance = await openInstance({ set: name, contents, cacheDir, env: process.env });
  model = instance.model;
  try {
    const passageOf = await loadSet(instance, set, (line) => console.log(`  ${line}`));
    const relevant = new Map(set.queries.map((query) => [query.id, query.relevant]));
    const short = name === 'squad2-dev' ? 'squad2' : 'clapnq';
    for (const { _id: id, text, answerable } of questionsOf(name, EVERY[name])) {
      const found = await ask(instance, text);
      const right = relevant.get(id);
      if (!answerable) {
        const kind = short === 'squad2' ? 'squad2 adversarial' : 'clapnq unanswerable';
        seen.push({ kind, positive: false, evidence: evidenceOf(text, found) });
      } else if (right) {
        const isRight = (contentId: string) => right.has(passageOf.get(contentId) ?? '');
        const positive = found.passages.slice(0, 3).some(({ contentId }) => isRight(contentId));
        seen.push({ kind: `${short} answerable`, positive, evidence: evidenceOf(text, found) });
        const passages = found.passages.filter(({ contentId }) => !isRight(contentId));
        const evidence = evidenceOf(text, { ...found, passages });
        seen.push({ kind: `${short} near miss`, positive: false, evidence });
      }
    }
    const other = SETS.find((one) => one !== name) ?? name;
    for (const { text } of questionsOf(other).slice(0, ABSENT)) {
      const found = await ask(instance, text);
      seen.push({ kind: 'topic absent', positive: false, evidence: evidenceOf(text, found) });
    }
  } finally {
    await instance.close();
  }
}

function questionsOf(name: string, every = 1): Question[] {
  return readFileSync(join(evalDir, 'retrieval', name, 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .filter((_, index) => index % every === 0)
    .map((line) => Question.parse(JSON.parse(line)));
}

/** As the chat searches. */
function ask({ search, principal }: Instance, text: string) {
  const { signal } = new AbortController();
  const input = { query: text, filters: {}, limit: PASSAGES, mode: 'hybrid' as const };
  return search(principal, input, { signal });
}

function report(title: string, all: readonly Seen[], names: readonly (keyof Evidence)[]): void {
  const counts = new Map<Kind, number>();
  for (const { kind } of all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const samples: Sample[] = all.map(({ kind, positive, evidence }) => ({
    x: names.map((name) => evidence[name] ?? 0),
    positive,
    weight: KINDS[kind] / (counts.get(kind) ?? 1),
  }));
  const fitted = fitLogistic(samples);
  const folds = crossValidated(samples);
  console.log(`\n${title}: ${model}, ${all.length} questions`);
  console.log(`  intercept ${fitted.intercept.toFixed(2)}`);
  names.forEach((name, index) => {
    console.log(`  ${name.padEnd(10)}${(fitted.weights[index] ?? 0).toFixed(2)}`);
  });
  const measure = (label: string, chosen: (one: Seen) => boolean) => {
    const rows = folds.flatMap((probability, index) => {
      const [one, sample] = [all[index], samples[index]];
      return one && sample && chosen(one) ? [{ ...sample, probability }] : [];
    });
    const area = auroc(rows);
    const mean = rows.reduce((sum, row) => sum + row.probability, 0) / rows.length;
    console.log(
      `  ${label.padEnd(42)}AUROC ${area.toFixed(3)}  ECE ${calibrationError(rows).toFixed(3)}  mean ${mean.toFixed(2)}  n ${rows.length}`,
    );
  };
  const only =
    (...kinds: Kind[]) =>
    (one: Seen) =>
      kinds.includes(one.kind);
  // What a search did not find is no example of an answerable question.
  const found =
    (...kinds: Kind[]) =>
    (one: Seen) =>
      kinds.includes(one.kind) && (one.positive || !one.kind.endsWith(' answerable'));
  measure('all', () => true);
  measure('clapnq answerable or not', only('clapnq answerable', 'clapnq unanswerable'));
  measure('squad2 answerable or adversarial', only('squad2 answerable', 'squad2 adversarial'));
  measure('squad2 near miss', found('squad2 answerable', 'squad2 near miss'));
  measure('topic absent', found('squad2 answerable', 'clapnq answerable', 'topic absent'));
  thresholds(folds, all);
}

/** What a threshold costs: answers given among those that exist, and wrong ones of each kind let through. */
function thresholds(probabilities: readonly number[], all: readonly Seen[]): void {
  console.log('  below   answers kept   adversarial  unanswerable  near miss  absent  let through');
  for (const below of [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5]) {
    const share = (...kinds: Kind[]) => {
      const rows = probabilities.filter((_, index) => {
        const one = all[index];
        return one !== undefined && kinds.includes(one.kind);
      });
      return (rows.filter((value) => value >= below).length / rows.length).toFixed(2);
    };
    console.log(
      `  ${below.toFixed(2)}    squad2 ${share('squad2 answerable')} clapnq ${share('clapnq answerable')}` +
        `   ${share('squad2 adversarial')}   ${share('clapnq unanswerable')}` +
        `   ${share('squad2 near miss')}/${share('clapnq near miss')}   ${share('topic absent')}`,
    );
  }
}

/** Every sample's probability by a model that has not seen it. */
function crossValidated(samples: readonly Sample[]): number[] {
  const folds = 5;
  const probabilities = new Array<number>(samples.length).fill(0);
  for (let fold = 0; fold < folds; fold += 1) {
    const fitted = fitLogistic(samples.filter((_, index) => index % folds !== fold));
    samples.forEach(({ x }, index) => {
      if (index % folds === fold) probabilities[index] = fitted.probability(x);
    });
  }
  return probabilities;
}
