import { fold, termSpans, terms } from './text.ts';

/** A hyphenated word of a text, or two neighbours of its parts. */
export interface Compound {
  /** What its parts make when they are written together, as `terms` gives it: `e-mail` is `email`. */
  readonly term: string;
  /** Terms of its parts, without stop words. */
  readonly parts: readonly string[];
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const HYPHENATED =
  /(?<![\p{L}\p{M}\p{N}_‐‑-])\p{L}[\p{L}\p{M}]*(?:[-‐‑]\p{L}[\p{L}\p{M}]*){1,3}(?![\p{L}\p{M}\p{N}_‐‑-])/gu;
const PART = /[\p{L}\p{M}]+/gu;
/** Letters of a joined word; of fewer, chance makes too many. */
const SHORTEST = 4;
const LONGEST = 40;

/**
 * The hyphenated words of a text, whole and, of three or four parts, each two neighbours, by the rules that the index of
 * the search has (docent.compounds): letters only, because with digits they are codes.
 */
export function compounds(text: string, language?: string | null): Compound[] {
  if (!/[-‐‑]/.test(text)) return [];
  return [...text.matchAll(HYPHENATED)].flatMap(({ 0: word, index }) => {
    const parts = [...word.matchAll(PART)];
    const pairs = parts.length > 2 ? parts.slice(1).map((_, at) => parts.slice(at, at + 2)) : [];
    return [parts, ...pairs].flatMap((some) => {
      const joined = some.map(([part]) => part).join('');
      const { length } = fold(joined);
      const [term] = length < SHORTEST || length > LONGEST ? [] : terms(joined, language);
      const [first, last] = [some[0], some.at(-1)];
      if (term === undefined || !first || !last) return [];
      const start = index + first.index;
      const end = index + last.index + last[0].length;
      return [{ term, parts: terms(text.slice(start, end), language), start, end }];
    });
  });
}

/** The terms of a text in both spellings: those of `the e-mail` are `e`, `mail` and `email`. */
export function spelledTerms(text: string, language?: string | null): Set<string> {
  const joined = compounds(text, language).map(({ term }) => term);
  return new Set([...terms(text, language), ...joined]);
}

/** The terms that are had, and the parts of what is asked with hyphens where it is had as one word. */
export function withParts(
  had: ReadonlySet<string>,
  asked: readonly Compound[],
): ReadonlySet<string> {
  const parts = asked.flatMap((one) => (had.has(one.term) ? one.parts : []));
  return parts.length === 0 ? had : new Set([...had, ...parts]);
}

/**
 * Reads what texts have of a question in whatever spelling: `email` has the terms of a question for `e-mail`, and the
 * other way round.
 */
export function termsFor(
  question: string,
  language?: string | null,
): (text: string) => ReadonlySet<string> {
  const [wanted, asked] = [new Set(terms(question, language)), compounds(question, language)];
  return (text) => {
    const joined = compounds(text, language).flatMap(({ term }) =>
      wanted.has(term) ? [term] : [],
    );
    return withParts(new Set([...terms(text, language), ...joined]), asked);
  };
}

/** Where a text has words of a question, in order and without overlaps. */
export function spansOf(
  question: string,
  text: string,
  language?: string | null,
): Pick<Compound, 'start' | 'end'>[] {
  const asked = spelledTerms(question, language);
  const found = [...termSpans(text, language), ...compounds(text, language)]
    .filter(({ term }) => asked.has(term))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let reached = 0;
  return found.flatMap(({ start, end }) => {
    if (start < reached) return [];
    reached = end;
    return [{ start, end }];
  });
}
