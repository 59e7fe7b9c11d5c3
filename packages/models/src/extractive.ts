import { compounds, withParts } from '@docent/core/compounds';
import { type SentenceKind, terms } from '@docent/core/text';
import { type Asked, type Candidate, candidatesOf } from './candidates.ts';
import { definitionLikeness, questionKind } from './questions.ts';
import { chooseSentences } from './selection.ts';

/** A passage to answer from, best first. */
export interface ExtractivePassage {
  readonly text: string;
  /** Relevance, any scale, higher is better; compared among the passages only. */
  readonly score: number;
  /** Title and headings above the text: they name what its sentences only call "it". */
  readonly heading?: string;
}

export interface PickedSentence {
  /** Without Markdown, for reading. */
  readonly text: string;
  readonly kind: Exclude<SentenceKind, 'heading'>;
  /** Index of the passage. */
  readonly passage: number;
  /** The exact source: UTF-16 offsets into the passage's text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** 0 to 1: weighted share of the question's words that the sentence (or, half, its headings) has. */
  readonly support: number;
}

export interface Extract {
  /** Passages in rank order, sentences in text order. Empty when no passage has a readable sentence. */
  readonly sentences: readonly PickedSentence[];
  /** 0 to 1: weighted share of the question's words in the best sentence and its headings. */
  readonly coverage: number;
}

export interface ExtractOptions {
  /** BCP 47 tag or English name of the question's language; English when absent. */
  readonly language?: string | null;
  /** Inverse document frequency of a term as `terms` gives it, 0 or more. Absent: of the passages. */
  readonly weights?: (term: string) => number;
  /**
   * Terms of which a sentence must have one, in its text or its headings, where any sentence has one; it may
   * bring sentences along that have none.
   */
  readonly needs?: readonly string[];
  readonly maxSentences?: number;
  /** Of the readable text, all sentences together. The best sentence is taken even if it is longer. */
  readonly maxCharacters?: number;
}

/**
 * Answers a question with sentences of the passages: those that hold the question's rare words, from good
 * passages, no two alike. A definition is preferred for "What is …?", steps come along for "How …?", and a
 * sentence that starts with "It" or "This" brings the one before.
 */
export function pickSentences(
  question: string,
  passages: readonly ExtractivePassage[],
  options: ExtractOptions = {},
): Extract {
  const language = options.language ?? null;
  const candidates = passages.flatMap((passage, index) => candidatesOf(passage, index, language));
  const asked = askedFor(question, candidates, options);
  rate(candidates, asked, passages);
  const limits = { count: options.maxSentences ?? 4, characters: options.maxCharacters ?? 1_000 };
  const chosen = chooseSentences(havingOneOf(options.needs ?? [], candidates), asked, limits);
  return {
    sentences: [...chosen]
      .sort((a, b) => a.passage - b.passage || a.position - b.position)
      .map(({ text, kind, passage, source, support }) => ({
        text,
        kind,
        passage,
        start: source.start,
        end: source.end,
        support: Math.min(1, support),
      })),
    coverage: Math.min(1, Math.max(0, ...candidates.map((candidate) => candidate.coverage))),
  };
}

function havingOneOf(needs: readonly string[], candidates: readonly Candidate[]) {
  const having = candidates.filter((candidate) =>
    needs.some(
      (term) => likeness(term, candidate.spelled) > 0 || likeness(term, candidate.headingTerms) > 0,
    ),
  );
  return having.length > 0 ? having : candidates;
}

function askedFor(
  question: string,
  candidates: readonly Candidate[],
  { language, weights }: ExtractOptions,
): Asked {
  const wanted = [...new Set(terms(question, language))];
  const weight = weights ?? rarityAmong(candidates);
  return {
    terms: wanted,
    hyphenated: compounds(question, language),
    weight,
    total: wanted.reduce((sum, term) => sum + weight(term), 0),
    kind: questionKind(question, language),
  };
}

/** Inverse document frequency with sentences as documents. */
function rarityAmong(candidates: readonly Candidate[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const candidate of candidates) {
    for (const term of new Set(candidate.terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return (term) => {
    const count = counts.get(term) ?? 0;
    return Math.log(1 + (candidates.length - count + 0.5) / (count + 0.5));
  };
}

/**
 * Sets coverage, support and score of every candidate. The weights of the score were chosen by
 * reading answers to forty questions on two handbooks and a course; none of them is delicate.
 */
function rate(
  candidates: readonly Candidate[],
  asked: Asked,
  passages: readonly ExtractivePassage[],
): void {
  const bestScore = Math.max(...passages.map(({ score }) => score), Number.MIN_VALUE);
  for (const candidate of candidates) {
    let [own, heading] = [0, 0];
    const inSentence = withParts(candidate.spelled, asked.hyphenated);
    const inHeadings = withParts(candidate.headingTerms, asked.hyphenated);
    for (const term of asked.terms) {
      const inText = likeness(term, inSentence);
      const inHeading = likeness(term, inHeadings);
      own += asked.weight(term) * inText;
      heading += asked.weight(term) * Math.max(0, inHeading - inText);
    }
    const total = asked.total || 1;
    candidate.coverage = (own + heading) / total;
    candidate.support = (own + heading / 2) / total;
    const relevance = Math.max(0, (passages[candidate.passage]?.score ?? 0) / bestScore);
    candidate.score =
      candidate.support + 0.4 * relevance + 0.25 * togetherness(candidate, asked) + form(candidate);
    if (echoes(candidate, asked)) candidate.score *= 0.3;
    const { defines } = asked.kind;
    candidate.defining = definitionLikeness(candidate.text, candidate.terms, defines);
    candidate.score += 0.6 * candidate.defining;
    if (asked.kind.cued(candidate.text)) candidate.score += 0.15;
  }
}

/** 1 for the same stem, 0.7 for words that share most of their beginning (compounds, rare endings). */
function likeness(term: string, others: Iterable<string>): number {
  let best = 0;
  for (const other of others) {
    if (other === term) return 1;
    const shared = Math.max(5, Math.ceil(0.7 * Math.max(term.length, other.length)));
    if (term.slice(0, shared) === other.slice(0, shared) && term.length >= shared) best = 0.7;
  }
  return best;
}

/** Share of the question's neighbouring pairs of words that stand close together in the sentence. */
function togetherness(candidate: Candidate, asked: Asked): number {
  const pairs = asked.terms
    .slice(1)
    .map((term, index) => [asked.terms[index] ?? '', term] as const);
  if (pairs.length === 0) return 0;
  const near = pairs.filter(([first, second]) => {
    const position = candidate.terms.indexOf(first);
    const distance = candidate.terms.indexOf(second) - position;
    return position >= 0 && candidate.terms.includes(second) && Math.abs(distance) <= 3;
  });
  return near.length / pairs.length;
}

/** A label that only repeats words of the question: "- Conflicts of interest". */
function echoes({ kind, terms: own }: Candidate, { terms: wanted }: Asked): boolean {
  return kind === 'item' && own.every((term) => wanted.includes(term));
}

/** What a sentence's form says about its use as an answer: questions, fragments and monsters are poor. */
function form({ kind, text, terms: own, refersBack }: Candidate): number {
  let value = 0;
  if (/\?["”')]*$/.test(text)) value -= 0.5;
  // A short sentence with its full stop says something; a label or a fragment does not.
  const stops = kind === 'sentence' && /[.!…]["”’')]*$/.test(text);
  if (own.length < 4) value -= stops ? 0.1 : 0.3;
  if (text.length > 400) value -= 0.2;
  if (kind === 'code') value -= 0.4;
  if (kind === 'row') value -= 0.05;
  if (refersBack) value -= 0.05;
  if (/:$/.test(text) && kind === 'sentence') value -= 0.05;
  return value;
}
