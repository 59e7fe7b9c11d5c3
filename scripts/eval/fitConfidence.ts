import { auroc, calibrationError, fitLogistic, type Sample } from '@docent/core/logistic';
import { evidenceNames } from '@docent/query/chat/confidence.weights';
import { collectCases, KINDS, type Kind, type LabelledCase } from './confidenceCases.ts';
import { bootstrapped } from './estimate.ts';

const SETS = ['clapnq-dev', 'squad2-dev', 'product-docs-dev', 'clinc-oos'] as const;
const FOLDS = 5;
/** What a wrong answer costs when a right one is worth 1 and an abstention nothing. */
const COST = 2 / 3;

type Name = (typeof evidenceNames)[number];

/**
 * Fits the coefficients of services/query/src/chat/confidence.weights.ts: how likely do the passages that a search
 * found answer the question? Prints them as they stand in that file, with AUROC and ECE on questions that a fit has
 * not seen (five-fold) and on sets that it has not seen, and what each threshold of the answer costs.
 */
export async function fitConfidence(options: Parameters<typeof collectCases>[1]): Promise<void> {
  const { cases, embedder } = await collectCases(SETS, options);
  report(`with the vectors of ${embedder}`, cases, [...evidenceNames]);
  const words = evidenceNames.filter((name) => name !== 'nearest');
  report('words alone, and models that nobody has fitted', cases, words);
}

function report(title: string, cases: readonly LabelledCase[], names: readonly Name[]): void {
  console.log(`\n${title}: ${cases.length} cases`);
  const fitted = fitLogistic(samplesOf(cases, names));
  const weights = evidenceNames.map((name) => {
    const index = names.indexOf(name);
    return `${name}: ${(index < 0 ? 0 : (fitted.weights[index] ?? 0)).toFixed(2)}`;
  });
  console.log(
    `  intercept: ${fitted.intercept.toFixed(2)},\n  weights: { ${weights.join(', ')} },`,
  );
  const fiveFold = heldOut(cases, names, ({ question }) => question % FOLDS);
  const bySet = heldOut(cases, names, ({ set }) => set);
  console.log(`\n  ${''.padEnd(38)}five-fold               set not seen`);
  console.log(`  ${''.padEnd(38)}AUROC         ECE       AUROC         ECE       n`);
  for (const [label, kinds] of COMPARED) {
    const rows = (judged: readonly number[]) =>
      cases.flatMap((one, index) =>
        kinds.includes(one.kind)
          ? [{ positive: one.positive, weight: 1, probability: judged[index] ?? 0 }]
          : [],
      );
    const [within, across] = [rows(fiveFold), rows(bySet)];
    const cells = [within, across].map((judged) => {
      const { value, se } = bootstrapped(judged, auroc);
      return `${value.toFixed(3)} ±${se.toFixed(3)}  ${calibrationError(judged).toFixed(3)}`;
    });
    console.log(`  ${label.padEnd(38)}${cells.join('     ')}     ${within.length}`);
  }
  printThresholds(cases, fiveFold);
}

/** What is told apart. Of an answerable question only what was found is an example. */
const COMPARED: readonly (readonly [label: string, kinds: readonly Kind[]])[] = [
  ['clapnq, answerable or not', ['clapnq answerable', 'clapnq unanswerable']],
  ['squad2, near miss', ['squad2 found', 'squad2 near miss']],
  [
    'squad2, near miss, also what was not found',
    ['squad2 found', 'squad2 lost', 'squad2 near miss'],
  ],
  ['clinc, out of scope', ['clinc answerable', 'clinc unanswerable']],
  ['squad2, absent topic', ['squad2 found', 'squad2 absent']],
  ['product docs, near miss', ['product found', 'product near miss']],
  ['product docs, absent topic', ['product found', 'product absent']],
  ['squad2, adversarial', ['squad2 found', 'squad2 lost', 'squad2 adversarial']],
];

/** The probability of each case by a model that has not seen its part. */
function heldOut(
  cases: readonly LabelledCase[],
  names: readonly Name[],
  partOf: (one: LabelledCase) => string | number,
): number[] {
  const probabilities = new Array<number>(cases.length).fill(0);
  for (const part of new Set(cases.map(partOf))) {
    const fitted = fitLogistic(
      samplesOf(
        cases.filter((one) => partOf(one) !== part),
        names,
      ),
    );
    cases.forEach((one, index) => {
      if (partOf(one) === part) probabilities[index] = fitted.probability(featuresOf(one, names));
    });
  }
  return probabilities;
}

function samplesOf(cases: readonly LabelledCase[], names: readonly Name[]): Sample[] {
  const weightOf = weighting(cases);
  return cases.flatMap((one) => {
    const weight = weightOf(one);
    return weight > 0 ? [{ x: featuresOf(one, names), positive: one.positive, weight }] : [];
  });
}

function featuresOf({ evidence }: LabelledCase, names: readonly Name[]): number[] {
  return names.map((name) => evidence[name] ?? 0);
}

/** A kind's share of the weight, divided among its cases. */
function weighting(cases: readonly LabelledCase[]): (one: LabelledCase) => number {
  const counts = new Map<Kind, number>();
  for (const { kind } of cases) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return ({ kind }) => KINDS[kind] / (counts.get(kind) ?? 1);
}

/** Coverage and risk of each threshold by the weights of the fit, and what it is worth. */
function printThresholds(cases: readonly LabelledCase[], probabilities: readonly number[]): void {
  const weightOf = weighting(cases);
  const total = cases.reduce((sum, one) => sum + weightOf(one), 0);
  const kept = (threshold: number, ...kinds: Kind[]) => {
    const own = cases.flatMap(({ kind }, index) =>
      kinds.includes(kind) ? [probabilities[index] ?? 0] : [],
    );
    return (own.filter((one) => one >= threshold).length / own.length).toFixed(2);
  };
  console.log(
    '\n  below  coverage  risk  utility  | answered: clapnq, squad2, clinc | let through: unanswerable, near miss, absent, out of scope',
  );
  for (let threshold = 0.1; threshold < 0.75; threshold += 0.05) {
    let [right, wrong] = [0, 0];
    cases.forEach((one, index) => {
      if ((probabilities[index] ?? 0) < threshold) return;
      if (one.positive) right += weightOf(one);
      else wrong += weightOf(one);
    });
    const cells = [
      threshold.toFixed(2),
      `    ${((right + wrong) / total).toFixed(2)}`,
      `    ${(wrong / (right + wrong)).toFixed(2)}`,
      `  ${((right - COST * wrong) / total).toFixed(3)}`,
      `   | ${kept(threshold, 'clapnq answerable')} ${kept(threshold, 'squad2 found')} ${kept(threshold, 'clinc answerable')}`,
      `                 | ${kept(threshold, 'clapnq unanswerable')} ${kept(threshold, 'squad2 near miss')}`,
      ` ${kept(threshold, 'clapnq absent', 'squad2 absent', 'product absent')} ${kept(threshold, 'clinc unanswerable')}`,
    ];
    console.log(`  ${cells.join('')}`);
  }
}
