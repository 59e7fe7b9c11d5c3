import type { SearchFilters } from '@docent/contracts/search';
import type { Principal } from '@docent/core/principal';
import { terms } from '@docent/core/text';
import type { FoundPassage, Search, SearchResult } from '../search/interfaces.ts';
import { type Evidence, evidenceOf, probabilityOf } from './confidence.ts';
import { EARLIER_WEIGHT, type StandAlone } from './followUp.ts';
import { tidy } from './tidy.ts';
import { findTwins, type Option } from './twins.ts';

export interface Retrieved extends SearchResult {
  /** Documents of one kind of which the question names none; empty when it is clear. */
  readonly options: readonly Option[];
  readonly evidence: Evidence;
  /** That the passages answer the question, 0 to 1. */
  readonly probability: number;
}

/** Passages that are searched before the best are chosen: neighbours and copies among them become one. */
const CHOSEN_FROM = 30;
/** One long document must not fill the list, unless it is the one that was asked about. */
const OF_ONE_CONTENT = 2;

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
  const input = { filters, limit: CHOSEN_FROM, mode: 'hybrid' as const };
  const find = (text: string) => search(principal, { query: text, ...input }, { signal });
  const [main, before] = await Promise.all([find(query), earlier === null ? null : find(earlier)]);
  const found =
    before === null
      ? main
      : {
          ...main,
          passages: merged(main.passages, before.passages),
          terms: [...main.terms, ...before.terms],
        };
  const asked = earlier !== null && terms(query).length === 0 ? earlier : main.query;
  const evidence = evidenceOf(asked, found);
  const { passages, options } = findTwins(`${query} ${earlier ?? ''}`, found.passages);
  const perContent = filters.contentIds?.length === 1 ? limit : OF_ONE_CONTENT;
  return {
    ...found,
    passages: tidy(passages, { passages: limit, perContent }),
    options: filters.contentIds ? [] : options,
    evidence,
    probability: probabilityOf(evidence, found.modelId),
  };
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
