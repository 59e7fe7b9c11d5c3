import type { SearchFilters } from '@docent/contracts/search';
import type { Principal } from '@docent/core/principal';
import { terms } from '@docent/core/text';
import type { FoundPassage, Search, SearchResult } from '../search/interfaces.ts';
import { lacksCode, WITHOUT_ITS_CODE } from './codes.ts';
import { type Evidence, evidenceOf, probabilityOf } from './confidence.ts';
import type { StandAlone } from './followUp.ts';
import { FOLLOW_UP } from './followUp.weights.ts';
import { tidy } from './tidy.ts';
import { findTwins, type Option, type Twins } from './twins.ts';

export interface Retrieved extends SearchResult {
  /** Documents of one kind of which the question names none; empty when it is clear. */
  readonly options: readonly Option[];
  /** Words of earlier questions that were searched with a share of the weight; null: none were. */
  readonly earlier: string | null;
  /** What it asks about is what was spoken of: its own words need not stand in the answer. */
  readonly pointsBack: boolean;
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
 * a share (FOLLOW_UP) of what the question itself brings, and so does what the documents say that the answer before
 * stands on. A document that was picked is the only one that is searched; those that were passed over then take no
 * part in questions that lean on that one.
 *
 * @throws AppError `database_unavailable`.
 */
export async function retrieve(
  search: Search,
  principal: Principal,
  {
    question,
    filters,
    limit,
    weights = FOLLOW_UP,
  }: {
    question: StandAlone;
    filters: SearchFilters;
    limit: number;
    /** Default: the reviewed ones. */
    weights?: Pick<typeof FOLLOW_UP, 'earlierWeight' | 'carriedWeight'>;
  },
  signal: AbortSignal,
): Promise<Retrieved> {
  const { query, earlier, carried = [], meant, passedOver = [] } = question;
  const within = meant === undefined ? filters : { ...filters, contentIds: [meant] };
  const find = (text: string, narrowed = within) =>
    search(
      principal,
      { query: text, filters: narrowed, limit: CHOSEN_FROM, mode: 'hybrid' },
      { signal },
    );
  const kept = weights.carriedWeight === 0 ? [] : carriedWithin(carried, within);
  const [main, before, again] = await Promise.all([
    find(query),
    earlier === null ? null : find(earlier),
    kept.length === 0
      ? null
      : find(`${query} ${earlier ?? ''}`.trim(), { ...within, contentIds: kept }),
  ]);
  const found = {
    ...main,
    passages: merged(main.passages, [
      { weight: weights.earlierWeight, passages: before?.passages ?? null, tells: true },
      { weight: weights.carriedWeight, passages: again?.passages ?? null, tells: false },
    ]).filter(({ contentId }) => !passedOver.includes(contentId)),
    terms: [...main.terms, ...(before?.terms ?? [])],
  };
  const asked = earlier !== null && terms(query).length === 0 ? earlier : main.query;
  const { passages, options } = settled(question, found.passages, kept);
  // What is dropped is no evidence: a form that only the edition before has answers nothing now.
  const evidence = evidenceOf(asked, { ...found, passages });
  const perContent = within.contentIds?.length === 1 ? limit : OF_ONE_CONTENT;
  const chosen = tidy(passages, {
    passages: limit,
    perContent,
    whole: documentNamed(query, passages),
  });
  const known = lacksCode(asked, chosen) ? WITHOUT_ITS_CODE : 1;
  return {
    ...found,
    passages: chosen,
    options: within.contentIds ? [] : options,
    earlier,
    pointsBack: question.pointsBack ?? false,
    evidence,
    probability: known * probabilityOf(evidence, found.modelId),
  };
}

/** Words of a title that name a document; a title of one word is mostly a subject. */
const NAMING_WORDS = 2;

/** The only document whose whole title the question has: it asks about that one. Null: none, or several. */
function documentNamed(query: string, passages: readonly FoundPassage[]): string | null {
  const named = passages.filter(({ title, language }) => {
    const [asked, words] = [new Set(terms(query, language)), terms(title, language)];
    return words.length >= NAMING_WORDS && words.every((word) => asked.has(word));
  });
  const [id, ...others] = new Set(named.map(({ contentId }) => contentId));
  return id !== undefined && others.length === 0 ? id : null;
}

/** Documents of the answer before, as far as the filters let them through. */
function carriedWithin(carried: readonly string[], { contentIds }: SearchFilters): string[] {
  return carried.filter((id) => contentIds === undefined || contentIds.includes(id));
}

/**
 * Which of several documents of one kind is meant: the one that the answer before stood on, unless the question
 * names another; else the one that the earlier questions name.
 */
function settled(
  { query, earlier, all }: StandAlone,
  found: readonly FoundPassage[],
  carried: readonly string[],
): Twins {
  const now = findTwins(query, found);
  if (all) return { ...now, options: [] };
  if (now.named) return now;
  const meant = now.options.filter(({ contentId }) => carried.includes(contentId));
  if (meant.length !== 1) return findTwins(`${query} ${earlier ?? ''}`, found);
  const others = now.options.filter((option) => !meant.includes(option));
  const passages = now.passages.filter(({ contentId }) =>
    others.every((other) => other.contentId !== contentId),
  );
  return { passages, named: false, options: [] };
}

interface Added {
  readonly weight: number;
  /** Null: nothing was looked for. */
  readonly passages: readonly FoundPassage[] | null;
  /** It counts in how well a passage fits the question; otherwise in the order only. */
  readonly tells: boolean;
}

/** Passages by the weighted mean of their scores in all lists; the main one weighs 1. */
function merged(main: readonly FoundPassage[], more: readonly Added[]): FoundPassage[] {
  const added = more.filter(({ passages }) => passages !== null);
  if (added.length === 0) return [...main];
  const lists = [{ weight: 1, passages: main, tells: true }, ...added];
  const byId = new Map<string, FoundPassage>();
  for (const passage of lists.flatMap(({ passages }) => passages ?? [])) {
    if (byId.has(passage.id)) continue;
    const copies = lists.map(({ passages, ...list }) => ({
      ...list,
      copy: passages?.find(({ id }) => id === passage.id),
    }));
    const mean = (of: (one: FoundPassage) => number, among = copies) =>
      among.reduce((sum, { weight, copy }) => sum + weight * (copy ? of(copy) : 0), 0) /
      among.reduce((sum, { weight }) => sum + weight, 0);
    const telling = copies.filter(({ tells }) => tells);
    byId.set(passage.id, {
      ...passage,
      score: mean(({ score }) => score),
      parts: {
        ...passage.parts,
        wordsNormalised: mean(({ parts }) => parts.wordsNormalised, telling),
      },
    });
  }
  return [...byId.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
