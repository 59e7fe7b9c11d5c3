import type { Citation } from '@docent/contracts/chat';
import { describePlace } from '@docent/contracts/place';
import type { Passage } from '@docent/contracts/search';
import { compounds, spelledTerms, withParts } from '@docent/core/compounds';
import { languageTag } from '@docent/core/languages';
import { fold, type Sentence, sentences, terms } from '@docent/core/text';
import type { Marker } from './markers.ts';
import { negationDiffers } from './negation.ts';

export interface CheckedAnswer {
  /** One per marker and claim, in order of the text. */
  readonly citations: Citation[];
  /**
   * Mean support of the answer's sentences, 0 (none occurs in its source) to 1; null when there is nothing to
   * support. A sentence without a citation counts as far as any source supports it, at most UNCITED.
   */
  readonly support: number | null;
  /** Markers whose passages do not support what they stand for. */
  readonly unsupported: Marker[];
  /** Citations whose numbers and names their passages have: whether these support them is left to judge. */
  readonly arguable: Citation[];
}

/** What somebody who read both says of a claim and a passage. */
export interface Judged {
  readonly supported: boolean;
  /** Where in its text the passage says it; absent: where most of the claim's words are. */
  readonly at?: { readonly start: number; readonly end: number };
}

/** Undefined: the words decide. */
export type Verdict = (claim: string, chunkId: string) => Judged | undefined;

/**
 * Share of a claim's words that its quote must hold. Of 301 sentences of ClapNQ's answers, .993 are supported by their
 * own passage and .017 by the passage of another article that shares most words (at 0.6: .980 and 0).
 */
export const SUPPORT_THRESHOLD = 0.5;
/** Words of a claim that is too short for SUPPORT_THRESHOLD. */
const SHORT = 3;
/**
 * Share of a claim's words from which a sentence says the same or, where one of the two is negated, the opposite. Of
 * ClapNQ's 324 claims and their passages none falls by it, nor by the rule for short ones.
 */
const SAME_WORDS = 0.75;
/** A sentence that cites nothing is worth at most this, however well a source supports it. */
const UNCITED = 0.8;
/** Most sentences of one quote. */
const LONGEST_QUOTE = 3;
/** How much better a quote must get to be a sentence longer. */
const WORTH_A_SENTENCE = 0.1;

/**
 * Ties every marker of an answer to the sentences of its passage that support it best, and says whether
 * they do: half of the claim's words in the quote (all of a short one's), its numbers and names in the passage, and
 * nothing negated in one of the two only.
 *
 * Words are compared as stems, in the passage's language: a claim in another language is not supported.
 *
 * @param cited the passages that the numbers stand for: `[n]` is `cited[n - 1]`.
 * @param verdict goes before the words, and never before numbers and names.
 */
export function checkCitations(
  text: string,
  markers: readonly Marker[],
  cited: readonly Passage[],
  language: string,
  verdict: Verdict = () => undefined,
): CheckedAnswer {
  const answer = sentences(text, language);
  const sources = cited.map(sourceOf);
  const supportOf = new Map<Sentence, number>();
  const citations: Citation[] = [];
  const unsupported: Marker[] = [];
  const arguable: Citation[] = [];
  for (const claim of claimsOf(text, markers, answer)) {
    const passage = cited[claim.marker.number - 1];
    const source = sources[claim.marker.number - 1];
    if (!passage || !source) continue;
    const words = text.slice(claim.start, claim.end);
    const found = bestQuote(words, source);
    const judged = found.facts ? verdict(words, passage.id) : undefined;
    const supported = judged?.supported ?? found.supported;
    const { start, end } = judged?.at ?? found;
    const citation = {
      number: claim.marker.number,
      chunkId: passage.id,
      contentId: passage.contentId,
      version: passage.version,
      title: passage.title,
      url: passage.url,
      place: passage.place,
      answerSpan: { start: claim.start, end: claim.end },
      sourceSpan: { start: passage.span.start + start, end: passage.span.start + end },
      quote: passage.text.slice(start, end),
      supported,
    };
    citations.push(citation);
    if (found.facts) arguable.push(citation);
    if (!supported) unsupported.push(claim.marker);
    // A paraphrase that was judged right is worth what the words ask for.
    const least = judged?.supported ? SUPPORT_THRESHOLD : 0;
    const share = supported ? Math.max(found.share, least) : found.share / 2;
    supportOf.set(claim.sentence, Math.max(supportOf.get(claim.sentence) ?? 0, share));
  }
  const support = meanSupport(text, answer, supportOf, sources);
  return { citations, support, unsupported, arguable };
}

/**
 * Numbers and dates of an answer that neither its sources nor the question have. Markers and the numbers of a
 * list are none.
 */
export function unknownNumbers(
  text: string,
  cited: readonly Passage[],
  question: string,
): { text: string; span: { start: number; end: number } }[] {
  const known = new Set([
    ...numbersOf(question),
    ...cited.map(sourceOf).flatMap(({ numbers }) => [...numbers]),
  ]);
  const plain = text
    .replace(/\[\d+\]/g, (marker) => ' '.repeat(marker.length))
    .replace(/^\s*\(?\d{1,3}[.)](?=\s)/gm, (mark) => ' '.repeat(mark.length));
  return [...plain.matchAll(NUMBER)].flatMap(({ 0: number, index: start }) =>
    [...numbersOf(number)].every((one) => known.has(one))
      ? []
      : [{ text: number, span: { start, end: start + number.length } }],
  );
}

/** A text without these markers and the space before them. */
export function withoutMarkers(text: string, markers: readonly Marker[]): string {
  return [...markers]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (rest, { start, end }) => rest.slice(0, start).replace(/[ \t]+$/, '') + rest.slice(end),
      text,
    );
}

interface Claim {
  readonly marker: Marker;
  /** The sentence of the answer that the claim stands in. */
  readonly sentence: Sentence;
  readonly start: number;
  readonly end: number;
}

/**
 * What each marker stands for: the part of its sentence before it, back to the marker before. A marker
 * after the full stop stands for the sentence before it, one that opens a paragraph for what follows.
 */
function claimsOf(
  text: string,
  markers: readonly Marker[],
  answer: readonly Sentence[],
): readonly Claim[] {
  const claims: Claim[] = [];
  markers.forEach((marker, position) => {
    const index = answer.findIndex(({ start, end }) => start <= marker.start && marker.start < end);
    const sentence = answer[index];
    if (!sentence) return;
    const before = markers[position - 1];
    const inside = before !== undefined && before.start >= sentence.start;
    const own = spanOf(text, inside ? before.end : sentence.start, marker.start);
    const last = claims.at(-1);
    const previous = answer[index - 1];
    if (own) claims.push({ marker, sentence, ...own });
    // `[1][2]`: both stand for the same words.
    else if (inside && last?.marker === before) claims.push({ ...last, marker });
    else if (!inside && previous && previous.block === sentence.block) {
      const span = firstSpan(text, previous, markers);
      if (span) claims.push({ marker, sentence: previous, ...span });
    } else {
      const until = markers[position + 1]?.start ?? sentence.end;
      const span = spanOf(text, marker.end, Math.min(until, sentence.end));
      if (span) claims.push({ marker, sentence, ...span });
    }
  });
  return claims;
}

/** The first words of a sentence that stand before, between or after its markers. */
function firstSpan(text: string, sentence: Sentence, markers: readonly Marker[]) {
  let from = sentence.start;
  for (const { start, end } of markers) {
    if (start < sentence.start || start >= sentence.end) continue;
    const span = spanOf(text, from, start);
    if (span) return span;
    from = end;
  }
  return spanOf(text, from, sentence.end);
}

const LEADING = /^(?:\s|[,;:.!?)\]–—|-](?=\s|$)|\(?\d{1,3}[.)]\s|[-*+•–]\s|#{1,6}\s|>\s|\[\d+\])+/;
const TRAILING = /(?:\s|\[\d+\]|[|(])+$/;

/** Without list marks and surrounding punctuation; null when no word is left. */
function spanOf(text: string, from: number, to: number): { start: number; end: number } | null {
  const part = text.slice(from, to);
  const lead = LEADING.exec(part)?.[0].length ?? 0;
  const tail = TRAILING.exec(part.slice(lead))?.[0].length ?? 0;
  if (!/[\p{L}\p{N}]/u.test(part.slice(lead, part.length - tail))) return null;
  return { start: from + lead, end: to - tail };
}

interface SourceText {
  readonly language: string | null;
  readonly sentences: readonly (Sentence & { readonly terms: ReadonlySet<string> })[];
  /** Text, title and headings, folded: where names and numbers may occur. */
  readonly folded: string;
  readonly numbers: ReadonlySet<string>;
}

function sourceOf(passage: Passage): SourceText {
  const around = [passage.title, describePlace(passage.place), passage.tableHeader ?? ''].join(
    '\n',
  );
  const whole = `${around}\n${passage.text}`;
  return {
    language: passage.language,
    sentences: sentences(passage.text, passage.language).map((sentence) => ({
      ...sentence,
      terms: spelledTerms(`${sentence.header ?? ''} ${sentence.text}`, passage.language),
    })),
    folded: fold(whole),
    numbers: new Set([...numbersOf(whole), ...numberWordsOf(whole)]),
  };
}

interface Quote {
  /** Offsets into the passage's text. */
  readonly start: number;
  readonly end: number;
  /** Share of the claim's words that the quote holds, 0 to 1. */
  readonly share: number;
  /** The passage has the claim's numbers and names. */
  readonly facts: boolean;
  readonly supported: boolean;
}

/** The one to three sentences in a row that hold most of the claim's words. */
function bestQuote(claim: string, source: SourceText): Quote {
  const wanted = new Set(terms(claim, source.language));
  const hyphenated = compounds(claim, source.language);
  let best = { first: 0, length: 1, share: 0, value: -1 };
  source.sentences.forEach((_, first) => {
    const had = new Set<string>();
    for (let length = 1; length <= LONGEST_QUOTE; length += 1) {
      const sentence = source.sentences[first + length - 1];
      if (!sentence) break;
      for (const term of withParts(sentence.terms, hyphenated)) if (wanted.has(term)) had.add(term);
      const share = wanted.size === 0 ? 0 : had.size / wanted.size;
      // Of two that hold the same, a sentence says more than its heading.
      const value =
        share - WORTH_A_SENTENCE * (length - 1) - (sentence.kind === 'heading' ? 0.05 : 0);
      if (value > best.value) best = { first, length, share, value };
    }
  });
  const { first, length, share } = best;
  const quoted = source.sentences.slice(first, first + length);
  const facts =
    [...numbersOf(claim)].every((number) => source.numbers.has(number)) &&
    namesIn(claim, source.language).every((name) => source.folded.includes(name)) &&
    !quoted.some(
      ({ text, terms: had }) =>
        [...wanted].filter((term) => had.has(term)).length >= SAME_WORDS * wanted.size &&
        negationDiffers(claim, text, source.language),
    );
  return {
    start: quoted[0]?.start ?? 0,
    end: quoted.at(-1)?.end ?? 0,
    share,
    facts,
    supported: wanted.size > 0 && share >= leastShare(wanted.size) && facts,
  };
}

/** Of two words half is one that many sentences have: a short claim needs all of its own. */
function leastShare(words: number): number {
  return words <= SHORT ? 1 : SUPPORT_THRESHOLD;
}

const NUMBER = /\d+(?:[.,]\d+)*/g;

/** `1,000`, `1.000` and `1000` are one number; `3,5` and `3.5` too. */
export function numbersOf(text: string): Set<string> {
  const found = text.replace(/\[\d+\]/g, ' ').match(NUMBER) ?? [];
  return new Set(
    found.map((number) =>
      /^\d{1,3}(?:[.,]\d{3})+$/.test(number)
        ? number.replace(/[.,]/g, '')
        : number.replaceAll(',', '.').replace(/^0+(?=\d)/, ''),
    ),
  );
}

/** From zero on, each with the words for it, folded. */
const NUMBER_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'zero', 'one once single first', 'two twice second both', 'three third', 'four fourth', 'five fifth', 'six sixth',
    'seven seventh', 'eight eighth', 'nine ninth', 'ten tenth', 'eleven', 'twelve',
  ],
  hu: [
    'nulla', 'egy egyszer elso', 'ket ketto ketszer masodik', 'harom haromszor harmadik', 'negy negyedik', 'ot otodik',
    'hat hatodik', 'het hetedik', 'nyolc nyolcadik', 'kilenc kilencedik', 'tiz tizedik', 'tizenegy', 'tizenketto tizenket',
  ],
  de: [
    'null', 'ein eine einen einem eins erste', 'zwei zweimal zweite', 'drei dritte', 'vier vierte', 'funf funfte',
    'sechs sechste', 'sieben siebte', 'acht achte', 'neun neunte', 'zehn zehnte', 'elf', 'zwolf',
  ],
}; // biome-ignore format: a table

const DIGITS = new Map(
  Object.entries(NUMBER_WORDS).map(([language, numbers]) => [
    language,
    new Map(
      numbers.flatMap((words, digit) =>
        words.split(' ').map((word) => [word, String(digit)] as const),
      ),
    ),
  ]),
);

/**
 * Numbers that a text writes as words, as digits.
 *
 * @param language absent: words of any language count, also `hat`, which is six in one and has in another.
 */
export function numberWordsOf(text: string, language?: string | null): string[] {
  const known = language === undefined ? [...DIGITS.values()] : [DIGITS.get(languageTag(language))];
  return [...fold(text).matchAll(/\p{L}+/gu)].flatMap(([word]) =>
    known.flatMap((digits) => digits?.get(word) ?? []),
  );
}

/**
 * Names in a claim, folded: words with a capital that do not open it, and acronyms and identifiers anywhere. German
 * writes every noun with a capital: only the latter count there.
 */
export function namesIn(claim: string, language: string | null): string[] {
  const words = [...claim.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*/gu)];
  return words
    .filter(({ 0: word, index }) => {
      if (/^\d+$/.test(word)) return false;
      if (/\p{Lu}.*\p{Lu}|\p{L}\d|_/u.test(word)) return true;
      const opens = index === 0 || /[.!?:*"“„(]\s*$/.test(claim.slice(0, index));
      return language !== 'de' && !opens && /^\p{Lu}\p{L}{2,}/u.test(word);
    })
    .map(({ 0: word }) => fold(word));
}

function meanSupport(
  text: string,
  answer: readonly Sentence[],
  cited: ReadonlyMap<Sentence, number>,
  sources: readonly SourceText[],
): number | null {
  const values = answer.flatMap((sentence) => {
    const known = cited.get(sentence);
    if (known !== undefined) return [known];
    const claim = text.slice(sentence.start, sentence.end);
    const language = sources[0]?.language ?? null;
    // Headings, and lead-ins as short as "It depends:", claim nothing.
    if (sentence.kind === 'heading' || terms(claim, language).length < 2) return [];
    const shares = sources
      .map((source) => bestQuote(claim, source))
      .map(({ share, supported }) => (supported ? share : share / 2));
    return [UNCITED * Math.max(0, ...shares)];
  });
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
