import { spelledTerms } from '@docent/core/compounds';
import { languageRules } from '@docent/core/languages';
import { fold, terms } from '@docent/core/text';
import { isFrequentWord } from '@docent/core/tokens';
import type { Tx } from '@docent/database/sql';
import { distance } from 'fastest-levenshtein';
import type { QueryTerm } from './interfaces.ts';
import { languageTold } from './language.ts';
import type { FoundChunk } from './search.store.ts';
import { findTextsWith, findUnknown, type Lexeme, type Unknown } from './spelling.store.ts';

/** Words of a query that are looked into, and lexemes of the material whose texts are read for each. */
const WORDS = 4;
const READ = 6;

/** Shorter words are a slip away from too many others. */
const SHORTEST = 5;
/** Words from this length on may have two slips: as many as Lucene's fuzzy queries forgive from six on. */
const LONG = 9;
/** Shorter names are other names too often. */
const LONG_NAME = 7;
/** Words that are further apart are not compared closer. */
const MOST_SLIPS = 4;

const WORD = /[\p{L}\p{M}]+/gu;
/** Letters, digits and what joins them in codes. */
const PART_OF_CODE = /[\p{N}_./@#-]/u;

interface Place {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Capitals tell names apart, but in German, where all nouns have them. */
  readonly isName: boolean;
  /** Slips that may be in it, ≥ 1. */
  readonly most: number;
}

/**
 * The query with misspelt words as the material writes them, or null when nothing looks misspelt. A word does when
 * nothing has it that the caller finds, it is no frequent word of any language, and a text that the caller finds has one
 * that begins with the same letter and is one slip of the pen away, two of a long English word. Of a name, Meyer is not
 * Meier: only in a long one a letter too many, too few or two exchanged are a slip.
 *
 * @param found what a search with the query as it is gave: what stands there is right.
 */
export async function respelled(
  tx: Tx,
  orgId: string,
  query: string,
  found: {
    readonly terms: readonly QueryTerm[];
    readonly passages: readonly Pick<FoundChunk, 'title' | 'headingPath' | 'text' | 'language'>[];
  },
): Promise<string | null> {
  const language = languageTold(query);
  const plain = mayBeMisspelt(query, language);
  if (plain.length === 0) return null;
  const standing = standingIn(found.passages);
  const places = plain
    .filter(({ word }) => !standing(word) && ![word, word.toLowerCase()].some(isFrequentWord))
    .slice(0, WORDS);
  if (places.length === 0) return null;
  const configs = [...new Set(found.terms.map(({ config }) => config))];
  const words = places.map(({ word }) => word);
  const unknown = (await findUnknown(tx, orgId, words, configs)).filter(
    // Words of another language are no misspelling of this one's.
    ({ config }) => language === null || languageRules(config) === languageRules(language),
  );
  const candidates = places.map((place) => ({
    place,
    near: unknown
      .filter(({ word }) => word === place.word)
      .flatMap((one) => nearest(one, place.most)),
  }));
  const near = candidates.flatMap((one) => one.near);
  if (near.length === 0) return null;
  const written = wordsOf(await findTextsWith(tx, orgId, near), language);
  const corrected = candidates
    .filter((one) => one.near.length > 0)
    .toReversed()
    .reduce((text, { place, near: own }) => {
      const meant = meantBy(place, written, own, language) ?? place.word;
      return text.slice(0, place.start) + meant + text.slice(place.end);
    }, query);
  return corrected === query ? null : corrected;
}

/** Tells of a word whether it stands in one of the passages, in any form that the stemmers know. */
function standingIn(
  passages: readonly Pick<FoundChunk, 'title' | 'headingPath' | 'text' | 'language'>[],
): (word: string) => boolean {
  const languages = new Set(passages.map(({ language }) => language));
  const had = new Set(
    passages.flatMap(({ title, headingPath, text, language }) => [
      ...spelledTerms([title, ...headingPath, text].join('\n'), language),
    ]),
  );
  return (word) =>
    [...languages].some((language) => terms(word, language).every((one) => had.has(one)));
}

/** Codes, abbreviations, short names and short words are what they are. */
function mayBeMisspelt(query: string, language: string | null): Place[] {
  return [...query.matchAll(WORD)].flatMap(({ 0: word, index: start }) => {
    const end = start + word.length;
    const code = [query[start - 1], query[end]].some(
      (beside, side) =>
        beside !== undefined &&
        PART_OF_CODE.test(beside) &&
        // A full stop or a dash at the end of a word joins nothing.
        (side === 0 || /[\p{L}\p{N}]/u.test(query[end + 1] ?? '')),
    );
    const first = !/\p{L}/u.test(query.slice(0, start));
    const isName = /^\p{Lu}/u.test(word) && !first && language !== 'de';
    const most = isName ? Number(word.length >= LONG_NAME) : slipsIn(word, language);
    const plain = most > 0 && /\p{Ll}/u.test(word) && !code;
    return plain ? [{ word, start, end, isName, most }] : [];
  });
}

/** Letters that may be wrong in a word: endings of the other languages are too many for more than one. */
function slipsIn(word: string, language: string | null): number {
  if (word.length < SHORTEST) return 0;
  return word.length < LONG || (language ?? 'en') !== 'en' ? 1 : 2;
}

/** A lexeme that an unknown word may have been meant to be. */
interface Near extends Lexeme {
  /** Slips between it and the lexeme of the word. */
  readonly far: number;
}

/** The likeliest lexemes: endings say little, and of a misspelt word the stemmer cuts another one. */
function nearest({ config, lexeme, vocabulary }: Unknown, most: number): Near[] {
  return vocabulary
    .map((known) => {
      const length = Math.min(lexeme.length, known.length);
      const far = slips(lexeme, known);
      const begun = slips(lexeme.slice(0, length), known.slice(0, length)) + 0.5;
      return { config, lexeme: known, far, order: Math.min(far, begun) };
    })
    .filter(({ order }) => order < most + 2)
    .sort((a, b) => a.order - b.order)
    .slice(0, READ);
}

/** How often each word stands in some texts, without those that say nothing of a subject. */
function wordsOf(texts: readonly string[], language: string | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of texts.join('\n').matchAll(WORD)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const { stopWords } = languageRules(language);
  for (const word of counts.keys()) if (stopWords.has(fold(word))) counts.delete(word);
  return counts;
}

/**
 * The written word that is the fewest slips away; of those the one that begins like the word for longest, then the most
 * frequent. When all are too far, one whose lexeme is near enough: the same word in another form. Null when there is none.
 */
function meantBy(
  { word, isName, most }: Place,
  written: ReadonlyMap<string, number>,
  near: readonly Near[],
  language: string | null,
): string | null {
  const asked = fold(word);
  const choices = [...written].flatMap(([text, count]) => {
    const plain = fold(text);
    if (plain[0] !== asked[0]) return [];
    const begun = sharedStart(asked, plain);
    // Stemmers of the other languages leave endings: another one is no misspelling.
    const onlyEnding = begun >= Math.min(asked.length, plain.length) - 2;
    if (onlyEnding && (language ?? 'en') !== 'en') return [];
    const form = !isName && near.some((one) => one.far <= most && plain.startsWith(one.lexeme));
    const far = slips(asked, plain);
    if (isName && asked.length === plain.length && distance(asked, plain) === 1) return [];
    return far <= (form ? most + 1 : most) ? [{ text, far, begun, count }] : [];
  });
  const [best] = choices.sort((a, b) => a.far - b.far || b.begun - a.begun || b.count - a.count);
  if (best === undefined) return null;
  // What begins a sentence there does not have to here.
  return word === word.toLowerCase() ? best.text.toLowerCase() : best.text;
}

function sharedStart(a: string, b: string): number {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at < 0 ? a.length : at;
}

/** Letters to insert, take away or change (Levenshtein); two neighbours exchanged are one slip (Damerau), once. */
function slips(a: string, b: string): number {
  const edits = distance(a, b);
  if (edits < 2 || edits > MOST_SLIPS) return edits;
  const exchanged = [...a.slice(1)].map(
    (letter, at) => 1 + distance(a.slice(0, at) + letter + (a[at] ?? '') + a.slice(at + 2), b),
  );
  return Math.min(edits, ...exchanged);
}
