import { type LanguageRules, languageRules, languageTag } from './languages.ts';

/** A word of a text as it is compared: `term` is folded and stemmed; the span is the word as written. */
export interface TermSpan {
  readonly term: string;
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a text that say something about its subject, in order, as they are compared:
 * lower case, without accents, stemmed (Snowball: en, de, hu, fr, es), without stop words. `Kölcsönzések`
 * and `kolcsonzes` meet; so do `indexes` and `index`. Codes keep their digits: `E0382` is `e0382`.
 *
 * Used alike for questions, answers and passages: confidence, citations and highlights agree on what
 * "the same word" means.
 *
 * @param language BCP 47 tag or English name; English when absent, unstemmed when unknown.
 */
export function terms(text: string, language?: string | null): string[] {
  return termSpans(text, language).map(({ term }) => term);
}

/** `terms` with the place of every word: what a highlight marks. */
export function termSpans(text: string, language?: string | null): TermSpan[] {
  const rules = languageRules(language);
  const known = knownTerms.get(rules) ?? new Map<string, string | null>();
  knownTerms.set(rules, known);
  const spans: TermSpan[] = [];
  for (const { word, start, end } of words(text)) {
    let term = known.get(word);
    if (term === undefined) {
      term = termOf(word, rules);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(word, term);
    }
    if (term !== null) spans.push({ term, start, end });
  }
  return spans;
}

/** Words repeat: remembering their terms makes long texts 4 times faster. */
const knownTerms = new WeakMap<LanguageRules, Map<string, string | null>>();
const MAX_KNOWN = 20_000;

/** The term of a word; null for a stop word. */
function termOf(word: string, { stem, stopWords }: LanguageRules): string | null {
  const folded = fold(word);
  if (folded === '' || stopWords.has(folded)) return null;
  return /\d/.test(word) ? folded : stemmed(word, stem);
}

/** Lower case, without accents, apostrophes and compatibility forms: `L’École` → `lecole`. */
export function fold(text: string): string {
  // Most words need none of it: 5 times faster on English.
  if (/^[\p{ASCII}]*$/u.test(text)) return text.replaceAll("'", '').toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[ßøæœłđς]/g, (letter) => UNDECOMPOSED[letter] ?? letter);
}

const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ς: 'σ',
};

/** The stem of a word, folded. Where nearly nothing is left of a long word, the word itself. */
function stemmed(word: string, stem: (word: string) => string): string {
  const lower = word
    .toLowerCase()
    .normalize('NFC')
    .replace(/['’]s?$/, '')
    .replaceAll('’', "'");
  const result = fold(stem(lower));
  return result.length < 3 ? fold(lower) : result;
}

// Digits joined by a point or comma stay one word: 3.14, v1.2.0, 10,000.
const WORD = /[\p{L}\p{N}]*\p{N}(?:[.,]\p{N}+)+|[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
const ELISION = /^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\p{L})/iu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

function* words(text: string): Generator<Word> {
  for (const match of text.matchAll(WORD)) {
    const elided = ELISION.exec(match[0])?.[0].length ?? 0;
    const start = match.index + elided;
    const word = match[0].slice(elided);
    if (UNSPACED.test(word)) yield* unspacedWords(word, start);
    else yield { word, start, end: start + word.length };
  }
}

const wordSegmenter = new Intl.Segmenter('und', { granularity: 'word' });

function* unspacedWords(run: string, offset: number): Generator<Word> {
  for (const { segment, index, isWordLike } of wordSegmenter.segment(run)) {
    if (isWordLike) {
      yield { word: segment, start: offset + index, end: offset + index + segment.length };
    }
  }
}

export type SentenceKind = 'sentence' | 'heading' | 'item' | 'row' | 'code';

/** A piece of a text that can be quoted alone. */
export interface Sentence {
  readonly kind: SentenceKind;
  /** Exactly `source.slice(start, end)`, with its Markdown. */
  readonly text: string;
  /** UTF-16 offsets into the source, end exclusive, without surrounding white space. */
  readonly start: number;
  readonly end: number;
  /** Number of the block (paragraph, list, table, code) that it belongs to, from 0. */
  readonly block: number;
  /** The header row of a table row. */
  readonly header?: string;
}

/**
 * Cuts a text into sentences, knowing Markdown: headings, list items (and the sentences within), table
 * rows with their header, and fenced code as one piece. Abbreviations (`e.g.`, `z. B.`, `pl.`) do not end a
 * sentence; a line break within a paragraph does not either.
 *
 * In order, never overlapping; together they hold every letter and digit of the text.
 */
export function sentences(text: string, language?: string | null): Sentence[] {
  return blocks(text).flatMap((block, number) => {
    const base = { block: number, ...(block.header === undefined ? {} : { header: block.header }) };
    const spans =
      block.kind === 'sentence' || block.kind === 'item'
        ? sentenceSpans(text, block.start, block.end, language)
        : [trimmed(text, block.start, block.end)];
    return spans
      .filter(({ start, end }) => end > start)
      .map(({ start, end }) => ({
        kind: block.kind,
        text: text.slice(start, end),
        start,
        end,
        ...base,
      }));
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Block extends Span {
  readonly kind: SentenceKind;
  readonly header?: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
const ITEM = /^\s*(?:[-*+•–]|\(?\d{1,3}[.)]|[a-z]\))\s+\S/;
const ROW = /^\s*\|.*\|\s*$|\S\t+\S/;
// A tag, a comment or a link's definition alone on its line is no part of the paragraph around it.
const MARKUP = /^\s*(?:<\/?[A-Za-z!][^>]*>|\[[^\]]+\]:\s*\S+.*)\s*$/;
const RULE = /^[\s|:+=_*-]*$/;

/** Groups the lines of a text by what they are. A line that continues a paragraph or item joins it. */
function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open: { kind: SentenceKind; start: number; end: number; header?: string } | null = null;
  let fence: string | null = null;
  let header: string | null = null;

  const close = () => {
    if (open) found.push(open);
    open = null;
  };

  for (const { start, end } of lines(text)) {
    const line = text.slice(start, end);
    const mark = FENCE.exec(line)?.[1];
    if (fence !== null && open) {
      open.end = end;
      if (mark?.startsWith(fence) && line.trim() === mark) {
        fence = null;
        close();
      }
      continue;
    }
    if (mark) {
      close();
      fence = mark;
      open = { kind: 'code', start, end };
      continue;
    }
    if (RULE.test(line)) {
      // A blank line or a rule ends a block; the rule under a table's header does not end the table.
      if (!line.includes('|')) header = null;
      close();
      continue;
    }
    if (ROW.test(line)) {
      close();
      found.push({ kind: 'row', start, end, ...(header === null ? {} : { header }) });
      header ??= line.trim();
      continue;
    }
    header = null;
    if (HEADING.test(line) || MARKUP.test(line)) {
      close();
      found.push({ kind: HEADING.test(line) ? 'heading' : 'sentence', start, end });
    } else if (ITEM.test(line) || !open) {
      close();
      open = { kind: ITEM.test(line) ? 'item' : 'sentence', start, end };
    } else {
      open.end = end;
    }
  }
  close();
  return found;
}

function* lines(text: string): Generator<Span> {
  let start = 0;
  for (const { index, 0: mark } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    yield { start, end: index };
    start = index + mark.length;
  }
  yield { start, end: text.length };
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Sentence ends by Unicode's rules, then joined again where an abbreviation or a number made the stop. */
function sentenceSpans(
  text: string,
  from: number,
  to: number,
  language: string | null | undefined,
): Span[] {
  const tag = languageTag(language);
  const segmenter = segmenters.get(tag) ?? new Intl.Segmenter(tag, { granularity: 'sentence' });
  segmenters.set(tag, segmenter);
  const { abbreviations } = languageRules(language);

  // Unicode ends a sentence at every line break and at `!` or `?` within code and addresses. What
  // replaces them has the same length, so that offsets stay.
  const flat = text
    .slice(from, to)
    .replace(OPAQUE, (code) => 'x'.repeat(code.length))
    .replace(/[\n\r\u0085\u2028\u2029]/g, ' ');
  const spans: Span[] = [];
  let start = 0;
  for (const { segment, index } of segmenter.segment(flat)) {
    const end = index + segment.length;
    if (end < flat.length && goesOn(flat.slice(start, end), abbreviations)) continue;
    spans.push(trimmed(text, from + start, from + end));
    start = end;
  }
  return spans;
}

/** Inline code (``so'' is a quotation), images, targets of links, tags with attributes, addresses. */
const OPAQUE =
  /(?<!`)(?:`[^`]{1,300}`|``(?:(?!'')[^`]){1,300}``)(?!`)|!\[[^[\]]{0,300}\](?:\([^)]{0,1000}\))?|(?<=\])\([^()\s]{0,1000}\)|<\/?[A-Za-z][^<>]{0,1000}>|https?:\/\/[^\s)>\]]*[^\s)>\].,!?;:]/g;

function goesOn(sentence: string, abbreviations: ReadonlySet<string>): boolean {
  // `!` and `?` end a sentence without a space after them, too, which in Latin script they do not.
  const end = sentence.slice(-24);
  if (/[!?.]["'”’)\]*_]*$/.test(end)) return true;
  const last = /(?:^|[\s("'„“[*_-])([\p{L}.]+|\d{1,3})\.\s*$/u.exec(end)?.[1];
  if (last === undefined) return false;
  // A number with a stop is an ordinal or a list mark only when nothing stands before it.
  if (/^\d/.test(last)) return sentence.trim().length <= last.length + 4;
  return /^\p{Lu}$/u.test(last) || abbreviations.has(fold(last));
}

function trimmed(text: string, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}
