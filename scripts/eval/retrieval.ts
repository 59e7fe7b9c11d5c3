import type { SearchMode } from '@docent/contracts/search';
import { type Metrics, metricsAt10 } from '@docent/core/metrics';
import { meanOf, medianOf, spread } from './estimate.ts';
import type { Figure } from './figures.ts';
import type { Instance } from './instance.ts';
import type { RetrievalSet } from './sets.ts';

const WAYS = [
  { way: 'words', mode: 'words', rerank: false, time: 'ms, search by words' },
  { way: 'vectors', mode: 'vectors', rerank: false, time: 'ms, search by vectors' },
  { way: 'hybrid', mode: 'hybrid', rerank: false, time: 'ms, search hybrid' },
  { way: 'reranked', mode: 'hybrid', rerank: true, time: 'ms, search reranked' },
] as const;

/**
 * How well the search finds the passages of a set's questions, through HTTP, in each of its ways.
 *
 * @param wanted questions, evenly spread over the set.
 */
export async function measureRetrieval(
  instance: Instance,
  set: RetrievalSet,
  passageOf: ReadonlyMap<string, string>,
  wanted: number,
): Promise<Figure[]> {
  const queries = spread(set.queries, wanted);
  const figures: Figure[] = [];
  for (const { way, mode, rerank, time } of WAYS) {
    const { results, times } = await searchAll(instance, queries, passageOf, { mode, rerank });
    figures.push(
      { set: set.name, measure: `nDCG@10, ${way}`, ...meanOf(results.map(({ ndcg }) => ndcg)) },
      { set: set.name, measure: `Recall@10, ${way}`, ...meanOf(results.map((one) => one.recall)) },
      { set: set.name, measure: `MRR@10, ${way}`, ...meanOf(results.map(({ mrr }) => mrr)) },
      { set: set.name, measure: time, ...medianOf(times) },
    );
  }
  return figures;
}

/** The measures of each question's results and its milliseconds, in order. */
export async function searchAll(
  { client }: Instance,
  queries: RetrievalSet['queries'],
  passageOf: ReadonlyMap<string, string>,
  { mode, rerank }: { mode: SearchMode; rerank: boolean },
): Promise<{ results: Metrics[]; times: number[] }> {
  const results: Metrics[] = [];
  const times: number[] = [];
  for (const { text, relevant } of queries) {
    const startedAt = performance.now();
    const query = text.trim().slice(0, 4_000);
    const answer = await client.search({ query, mode, rerank, limit: 10, maxPerContent: 1 });
    times.push(performance.now() - startedAt);
    if (answer.mode !== mode) throw new Error(`asked for ${mode}, got ${answer.mode}`);
    const found = answer.passages.map(({ contentId }) => passageOf.get(contentId) ?? contentId);
    results.push(metricsAt10(found, relevant));
  }
  return { results, times };
}
