import type { Figure, Measure } from './figures.ts';

/**
 * nDCG@10 of BM25 (k1 = 1.2, b = 0.75) on whole sets of so many questions, measured once with plain scripts: Porter
 * stemming, title and text as one. A sample of the set is another one, and not compared with it.
 */
const PLAIN_BM25: Readonly<Record<string, { readonly ndcg: number; readonly questions: number }>> =
  {
    'squad2-dev': { ndcg: 0.894, questions: 1278 },
    'clapnq-dev': { ndcg: 0.948, questions: 153 },
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: measured, not the root of one half
    'product-docs-dev': { ndcg: 0.707, questions: 63 },
    cranfield: { ndcg: 0.375, questions: 225 },
    'scifact-train': { ndcg: 0.683, questions: 809 },
  };

/** Sets whose nDCG the hybrid search must lift by .03 on average. */
const HYBRID = [
  'squad2-dev',
  'scifact-train',
  'clapnq-dev',
  'product-docs-dev',
  'cranfield',
  'cisi',
];
const LIFT = 0.03;
const CLOSE = 0.01;

const FLOORS: readonly (readonly [set: string, measure: Measure, least: number])[] = [
  ['squad2-dev', 'short answer in the text', 0.65],
  ['clapnq-dev', 'answerable or not, AUROC', 0.81],
  ['squad2-dev', 'near miss, AUROC', 0.86],
  ['clinc-oos', 'answerable or not, AUROC', 0.9],
  ['clapnq-dev', 'wrong citer, right after', 0.95],
];

export interface Goal {
  readonly name: string;
  readonly value: number;
  /** What the value is compared with, as text: "≥ 0.810". */
  readonly wanted: string;
  readonly holds: boolean;
}

/** What the answers and the search should reach, as far as it was measured. */
export function goalsOf(figures: readonly Figure[]): Goal[] {
  const measured = (set: string, measure: Measure) =>
    figures.find((figure) => figure.set === set && figure.measure === measure)?.value;
  const goals: Goal[] = [];
  const atLeast = (name: string, value: number | undefined, least: number | undefined) => {
    if (value === undefined || least === undefined) return;
    goals.push({ name, value, wanted: `≥ ${least.toFixed(3)}`, holds: value >= least });
  };
  const atMost = (name: string, value: number | undefined, most: number) => {
    if (value === undefined) return;
    goals.push({ name, value, wanted: `≤ ${most.toFixed(3)}`, holds: value <= most });
  };

  const lifts: number[] = [];
  for (const set of HYBRID) {
    const [words, best] = [measured(set, 'nDCG@10, words'), measured(set, 'nDCG@10, reranked')];
    atLeast(`${set}: hybrid as it is served, against words alone`, best, words);
    if (words !== undefined && best !== undefined) lifts.push(best - words);
    const plain = PLAIN_BM25[set];
    const whole = figures.some(
      (one) => one.set === set && one.measure === 'nDCG@10, words' && one.n === plain?.questions,
    );
    if (plain && whole) {
      atLeast(`${set}: words, against plain BM25 less .01`, words, plain.ndcg - CLOSE);
    }
  }
  if (lifts.length === HYBRID.length) {
    const lift = lifts.reduce((sum, one) => sum + one, 0) / lifts.length;
    atLeast('hybrid less words, mean of six sets', lift, LIFT);
  }
  for (const [set, measure, least] of FLOORS) {
    atLeast(`${set}: ${measure}`, measured(set, measure), least);
  }
  atMost(
    'clapnq-dev: answerable or not, ECE',
    measured('clapnq-dev', 'answerable or not, ECE'),
    0.08,
  );
  const alone = measured('canard', 'follow-ups, stand-alone nDCG') ?? Number.NaN;
  const lastOnly = measured('canard', 'follow-ups, last only nDCG') ?? Number.NaN;
  const asked = measured('canard', 'follow-ups, as asked nDCG');
  if (Number.isFinite(alone + lastOnly)) {
    atLeast(
      'canard: follow-ups lose at most half of what the last question alone loses',
      asked,
      (alone + lastOnly) / 2,
    );
  }
  return goals;
}
