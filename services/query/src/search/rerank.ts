import { AppError } from '@docent/core/errors';
import type { Reranker } from '@docent/models/interfaces';
import type { FoundPassage, QueryTerm } from './interfaces.ts';
import { RERANK_WEIGHTS } from './rerank.weights.ts';
import { featureNames, featuresOf } from './rerankFeatures.ts';

/**
 * Candidates that are read again before the best of them are shown. A relevant passage that is further down
 * is lost; 30 hold .98 of those that the first 100 hold (SQuAD 2).
 */
export const RERANKED = 30;

export interface RerankDeps {
  /** A model that reads question and passage together; absent or null: the built-in one, which compares their words. */
  readonly reranker?: Reranker | null;
  readonly log: { warn(details: object, message: string): void };
}

/**
 * The passages in a better order, with new scores, 0 to 1. When the model fails, the built-in reranker serves.
 *
 * @param passages best first.
 * @throws the reason of `signal`.
 */
export async function rerank(
  { reranker, log }: RerankDeps,
  question: string,
  found: { readonly passages: readonly FoundPassage[]; readonly terms: readonly QueryTerm[] },
  signal: AbortSignal,
): Promise<FoundPassage[]> {
  const { passages, terms } = found;
  if (passages.length < 2) return [...passages];
  const values = await scoresOf();
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const best = Math.max(...passages.map(({ score }) => score));
  return passages
    .map((passage, index) => {
      const part = most > least ? ((values[index] ?? least) - least) / (most - least) : 1;
      return { ...passage, score: part * best };
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));

  async function scoresOf(): Promise<readonly number[]> {
    if (reranker) {
      try {
        return await reranker.rerank(question, passages.map(textOf), { signal });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError)) throw error;
        log.warn({ err: error, model: reranker.id }, 'the reranking model failed');
      }
    }
    return featuresOf(question, passages, terms).map((features) =>
      featureNames.reduce((sum, name) => sum + RERANK_WEIGHTS[name] * features[name], 0),
    );
  }
}

/** With its title and headings, which say what the text is about. */
function textOf({ title, place, tableHeader, text }: FoundPassage): string {
  return [[title, ...place.headingPath].join(' › '), tableHeader, text].filter(Boolean).join('\n');
}
