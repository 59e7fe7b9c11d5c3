import { fold } from '@docent/core/text';
import { isFrequentWord } from '@docent/core/tokens';
import type { Tx } from '@docent/database/sql';
import { distance } from 'fastest-levenshtein';
import type { QueryTerm } from './interfaces.ts';
import { findTextsWith, findUnknown, type Lexeme, type Unknown } from './spelling.store.ts';

/** Words of a query that are looked into, and lexemes of the material whose texts are read for each. */
const WORDS = 4;
const READ = 6;

/** Words that are further apart are not compared closer. */
const MOST_SLIPS = 4;

const WORD = /[\p{L}\p{M}]+/gu;
/** Letters, digits and what joins them in codes. */
const PART_OF_CODE = /[\p{N}_./@#-]/u;

interface Place {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The query with misspelt words as the material writes them, or null when nothing looks misspelt. A word does when no
 * chunk has it, it is no frequent word of any language, and a text that the caller may read has one that begins with the
 * same letter and is one slip of the pen away, two of a long word.
 *
 * @param terms what the search knows of the query's words.
 */
export async function respelled(
  tx: Tx,
  orgId: string,
  query: string,
  terms: readonly QueryTerm[],
): Promise<string | null> {
  if (!terms.some(({ df }) => df === 0)) return null;
  const places = mayBeMisspelt(query).slice(0, WORDS);
  if (places.length === 0) return null;
  const words = places.map(({ word }) => word);
  const configs = [...new Set(terms.map(({ config }) => config))];
  const unknown = await findUnknown(tx, orgId, words, configs);
  const near = unknown.flatMap(nearest);
  if (near.length === 0) return null;
  const written = wordsOf(await findTextsWith(tx, orgId, near));
  const misspelt = new Set(unknown.map(({ word }) => word));
  const corrected = places
    .filter(({ word }) => misspelt.has(word))
    .reverse()
    .reduce((text, { word, start, end }) => {
      const meant = meantBy(word, written, near) ?? word;
      return text.slice(0, start) + meant + text.slice(end);
    }, query);
  return corrected === query ? null : corrected;
}

/** Codes, abbreviations and words that are known to be some are what they are. */
function mayBeMisspelt(query: string): Place[] {
  return [...query.matchAll(WORD)].flatMap(({ 0: word, index: start }) => {
    const end = start + word.length;
    const code = [query[start - 1], query[end]].some(
      (beside, side) =>
        beside !== undefined &&
        PART_OF_CODE.test(beside) &&
        // A full stop or a dash at the end of a word joins nothing.
        (side === 0 || /[\p{L}\p{N}]/u.test(query[end + 1] ?? '')),
    );
    const plain = slipsIn(word) > 0 && /\p{Ll}/u.test(word) && !code;
    const frequent = () => [word, word.toLowerCase()].some(isFrequentWord);
    return plain && !frequent() ? [{ word, start, end }] : [];
  });
}

/** Letters that may be wrong in a word of this length: as Lucene's fuzzy queries have it, one less in short words. */
function slipsIn(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}

/** A lexeme that an unknown word may have been meant to be. */
interface Near extends Lexeme {
  readonly word: string;
  /** Slips between it and the lexeme of the word. */
  readonly far: number;
}

/** The likeliest lexemes: endings say little, and of a misspelt word the stemmer cuts another one. */
function nearest({ word, config, lexeme, vocabulary }: Unknown): Near[] {
  const most = slipsIn(word);
  return vocabulary
    .map((known) => {
      const length = Math.min(lexeme.length, known.length);
      const far = slips(lexeme, known);
      const begun = slips(lexeme.slice(0, length), known.slice(0, length)) + 0.5;
      return { word, config, lexeme: known, far, order: Math.min(far, begun) };
    })
    .filter(({ order }) => order < most + 2)
    .sort((a, b) => a.order - b.order)
    .slice(0, READ);
}

/** How often each word stands in some texts. */
function wordsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of texts.join('\n').matchAll(WORD)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * The written word that is the fewest slips away, the most frequent of those. When all are too far, one whose lexeme is
 * near enough: the same word in another form. Null when there is none.
 */
function meantBy(
  word: string,
  written: ReadonlyMap<string, number>,
  near: readonly Near[],
): string | null {
  const asked = fold(word);
  const most = slipsIn(word);
  let best: { text: string; far: number; count: number } | null = null;
  for (const [text, count] of written) {
    const plain = fold(text);
    if (plain[0] !== asked[0]) continue;
    const form = near.some(
      (one) => one.word === word && one.far <= most && plain.startsWith(one.lexeme),
    );
    const far = slips(asked, plain);
    // One more for another form, which is taken only where the word itself is nowhere.
    if (far > (form ? most + 1 : most)) continue;
    if (best === null || far < best.far || (far === best.far && count > best.count)) {
      best = { text, far, count };
    }
  }
  if (best === null) return null;
  // What begins a sentence there does not have to here.
  return word === word.toLowerCase() ? best.text.toLowerCase() : best.text;
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
