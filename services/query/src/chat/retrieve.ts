import type { SearchFilters } from '@docent/contracts/search';
import type { Principal } from '@docent/core/principal';
import { terms } from '@docent/core/text';
import type { FoundPassage, Search, SearchResult } from '../search/interfaces.ts';
import { type Evidence, evidenceOf, probabilityOf } from './confidence.ts';
import { EARLIER_WEIGHT, type StandAlone } from './followUp.ts';

export interface Retrieved extends SearchResult {
  readonly evidence: Evidence;
  /** That the passages answer the question, 0 to 1. */
  readonly probability: number;
}

/** Passages searched for each of two queries before they are merged. */
const MERGED_FROM = 30;

/**
 * The passages to answer a question from, and how likely it is that they do. What earlier questions bring counts
 * EARLIER_WEIGHT of what the question itself brings.
 *
 * @throws AppError `database_unavailable`.
 */
export async function retrieve(
  search: Search,
  principal: Principal,
  { question, filters, limit }: { question: StandAlone; filters: SearchFilters; limit: number },
  signal: AbortSignal,
): Promise<Retrieved> {
  const { query, earlier } = question;
  // One long document must not fill the list, unless it is the one that was asked about.
  const maxPerContent = filters.contentIds?.length === 1 ? limit : Math.ceil(limit / 2);
  const find = (text: string, wanted: number, most: number) =>
    search(
      principal,
      { query: text, filters, limit: wanted, mode: 'hybrid', maxPerContent: most },
      { signal },
    );
  if (earlier === null) return judged(query, await find(query, limit, maxPerContent));
  const [main, before] = await Promise.all([
    find(query, MERGED_FROM, MERGED_FROM),
    find(earlier, MERGED_FROM, MERGED_FROM),
  ]);
  const passages = capped(merged(main.passages, before.passages), maxPerContent).slice(0, limit);
  const asked = terms(query).length > 0 ? query : earlier;
  return judged(asked, { ...main, passages, terms: [...main.terms, ...before.terms] });
}

function judged(question: string, found: SearchResult): Retrieved {
  const evidence = evidenceOf(question, found);
  return { ...found, evidence, probability: probabilityOf(evidence, found.modelId) };
}

function merged(main: readonly FoundPassage[], before: readonly FoundPassage[]): FoundPassage[] {
  const byId = new Map<string, FoundPassage>();
  for (const passage of main) byId.set(passage.id, weighted(passage, undefined));
  for (const earlier of before) {
    const passage = main.find(({ id }) => id === earlier.id);
    byId.set(earlier.id, weighted(passage, earlier));
  }
  return [...byId.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

function weighted(main: FoundPassage | undefined, earlier: FoundPassage | undefined): FoundPassage {
  const passage = main ?? earlier;
  if (!passage) throw new Error('a merged passage comes from one of two lists');
  const sum = (of: (one: FoundPassage) => number) =>
    ((main ? of(main) : 0) + EARLIER_WEIGHT * (earlier ? of(earlier) : 0)) / (1 + EARLIER_WEIGHT);
  return {
    ...passage,
    score: sum(({ score }) => score),
    parts: { ...passage.parts, wordsNormalised: sum(({ parts }) => parts.wordsNormalised) },
  };
}

function capped(passages: readonly FoundPassage[], most: number): FoundPassage[] {
  const counts = new Map<string, number>();
  return passages.filter(({ contentId }) => {
    const count = (counts.get(contentId) ?? 0) + 1;
    counts.set(contentId, count);
    return count <= most;
  });
}
