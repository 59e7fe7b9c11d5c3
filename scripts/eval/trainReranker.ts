import { fitLogistic, type Sample } from '@docent/core/logistic';
import { type Metrics, mean, metricsAt10, type Relevant } from '@docent/core/metrics';
import {
  type FeatureName,
  type Features,
  featureNames,
  featuresOf,
} from '@docent/query/search/rerankFeatures';
import { spread } from './estimate.ts';
import { openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { readSet } from './sets.ts';

const SETS = ['squad2-dev', 'scifact-train', 'clapnq-dev', 'product-docs-dev', 'cranfield', 'cisi'];
interface Material {
  readonly evalDir: string;
  readonly cacheDir: string;
  readonly env: Record<string, string | undefined>;
  readonly say: (line: string) => void;
}
/** Candidates of a question, as the reranker is given them. */
const CANDIDATES = 30;
/** Questions of a set that are asked, evenly spread. */
const QUESTIONS = 350;
/**
 * What the weight of the search's own score is multiplied with. Pairs count alike wherever they stand, and most stand far
 * down, where that score says little. nDCG@10 less that of words alone, by weights of the other sets, mean of six and
 * least of them: 1 .0412 .0008, 1.25 .0411 .0028, 1.5 .0399 .0041, 2 .0384 .0062.
 */
const FUSED_TIMES = 1.25;

interface Asked {
  readonly relevant: Relevant;
  readonly candidates: readonly { readonly id: string; readonly features: Features }[];
}

type Sets = ReadonlyMap<string, readonly Asked[]>;

/**
 * Trains the weights of services/query/src/search/rerank.weights.ts: of two candidates of a question, one of which
 * is relevant, which one? (RankNet with a linear model: Burges et al., "Learning to Rank using Gradient
 * Descent", 2005.) Prints the weights of all sets, and for every set what weights that were trained on the
 * other sets do to it.
 */
export async function trainReranker(names: readonly string[], options: Material): Promise<void> {
  const sets = new Map<string, Asked[]>();
  for (const name of names.length > 0 ? names : SETS) sets.set(name, await collect(name, options));
  for (const name of sets.keys()) report(sets, name);
  reportFeatures(sets);
  const all = train(sets, [...sets.keys()]);
  console.log('\nweights, all sets');
  featureNames.forEach((name, index) => {
    console.log(`  ${name}: ${(all[index] ?? 0).toFixed(2)},`);
  });
}

async function collect(name: string, { evalDir, cacheDir, env, say }: Material): Promise<Asked[]> {
  const set = await readSet(evalDir, name);
  const instance = await openInstance({
    set: name,
    contents: JSON.stringify(set.passages),
    cacheDir,
    env,
  });
  try {
    const passageOf = await loadSet(instance, set, (line) => say(`${name}: ${line}`));
    const asked: Asked[] = [];
    for (const { text, relevant } of spread(set.queries, QUESTIONS)) {
      const query = text.trim().slice(0, 4_000);
      const input = {
        query,
        filters: {},
        limit: CANDIDATES,
        mode: 'hybrid' as const,
        maxPerContent: 1,
        rerank: false,
      };
      const { signal } = new AbortController();
      const { passages, terms } = await instance.search(instance.principal, input, { signal });
      const features = featuresOf(query, passages, terms);
      const candidates = passages.flatMap(({ contentId }, index) => {
        const own = features[index];
        return own ? [{ id: passageOf.get(contentId) ?? contentId, features: own }] : [];
      });
      asked.push({ relevant, candidates });
    }
    return asked;
  } finally {
    await instance.close();
  }
}

/**
 * Weights from these sets, each set and each of its questions counting the same.
 *
 * @param without a feature that is not looked at: it weighs nothing.
 */
function train(sets: Sets, from: readonly string[], without?: FeatureName): readonly number[] {
  const looked = featureNames.filter((name) => name !== without);
  const samples: Sample[] = [];
  for (const name of from) {
    const questions = (sets.get(name) ?? [])
      .map((asked) => pairsOf(asked, looked))
      .filter((pairs) => pairs.length > 0);
    for (const pairs of questions) {
      const weight = 1 / (questions.length * pairs.length);
      for (const x of pairs) {
        samples.push({ x, positive: true, weight });
        samples.push({ x: x.map((value) => -value), positive: false, weight });
      }
    }
  }
  const { weights } = fitLogistic(samples);
  return featureNames.map(
    (name) => (weights[looked.indexOf(name)] ?? 0) * (name === 'fused' ? FUSED_TIMES : 1),
  );
}

/** The features of a relevant candidate less those of one that is not. */
function pairsOf({ relevant, candidates }: Asked, names: readonly FeatureName[]): number[][] {
  const right = candidates.filter(({ id }) => relevant.has(id));
  const wrong = candidates.filter(({ id }) => !relevant.has(id));
  return right.flatMap((one) =>
    wrong.map((other) => names.map((name) => one.features[name] - other.features[name])),
  );
}

function report(sets: Sets, name: string): void {
  const names = [...sets.keys()];
  const others = names.filter((other) => other !== name);
  const before = measure(sets, name, null);
  const held = measure(sets, name, train(sets, others.length > 0 ? others : names));
  const own = measure(sets, name, train(sets, names));
  const row = (metrics: Metrics) =>
    `nDCG@10 ${metrics.ndcg.toFixed(3)}  MRR@10 ${metrics.mrr.toFixed(3)}`;
  console.log(
    `${name.padEnd(18)} search ${row(before)} | other sets' weights ${row(held)} | all ${row(own)}`,
  );
}

/** What each feature is good for: nDCG@10 of every set without it, by weights of the other sets. */
function reportFeatures(sets: Sets): void {
  const names = [...sets.keys()];
  console.log(`\nwithout, other sets' weights   ${names.join('  ')}  mean`);
  for (const without of [undefined, ...featureNames]) {
    const values = names.map((name) => {
      const others = names.filter((other) => other !== name);
      const weights = train(sets, others.length > 0 ? others : names, without);
      return measure(sets, name, weights).ndcg;
    });
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const cells = [...values, average].map((value) => value.toFixed(4)).join('  ');
    console.log(`  ${(without ?? '(nothing)').padEnd(28)} ${cells}`);
  }
}

function measure(sets: Sets, name: string, weights: readonly number[] | null): Metrics {
  return mean(
    (sets.get(name) ?? []).map(({ relevant, candidates }) => {
      const scored = candidates.map(({ id, features }) => ({
        id,
        score: weights
          ? featureNames.reduce(
              (sum, feature, index) => sum + (weights[index] ?? 0) * features[feature],
              0,
            )
          : 0,
      }));
      if (weights) scored.sort((a, b) => b.score - a.score);
      return metricsAt10(
        scored.slice(0, 10).map(({ id }) => id),
        relevant,
      );
    }),
  );
}
