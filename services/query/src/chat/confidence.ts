import type { Confidence, Outcome } from '@docent/contracts/chat';
import { termsFor } from '@docent/core/compounds';
import { fold, sentences, terms } from '@docent/core/text';
import { askedIn, shareOf } from '../search/asked.ts';
import type { FoundPassage, QueryTerm } from '../search/interfaces.ts';
import { namesIn, numbersOf } from './citations.ts';
import { calibrationFor, evidenceNames } from './confidence.weights.ts';
import type { Wording } from './wording.ts';

/** What retrieval says about a question, each 0 to 1; higher is better. */
export interface Evidence {
  /** BM25 of the first passage over the most that the question could reach. */
  readonly words: number;
  /** Share of the question's words, weighted by rarity, in the best sentence of any passage and its section's heading. */
  readonly sentence: number;
  /** How many words that are, twelve counting as 1: two of two say less than ten of ten. */
  readonly covered: number;
  /** The same share in the heading of the first passage's section, where the question has all words of the heading; else 0. */
  readonly headed: number;
  /** Share of the question's names and numbers that one of the first passages has; 1 when it has none. */
  readonly names: number;
  /**
   * How far the best score stands out from the 30 that were found: its distance from their mean in standard deviations,
   * over the most that so many can have. Where one passage answers, it stands out; where that one is missing, the rest
   * of its document is about equally near.
   */
  readonly standout: number;
  /**
   * 1 when no passage is nearer by its vector than the first, a half when one is, a third when two are …; null when
   * words alone were searched. Both signals agree about what answers; how near it is says only how much the material
   * is about the question's topic.
   */
  readonly nearest: number | null;
}

/** Passages that the evidence is taken from; further ones are noise. */
const LOOKED_AT = 5;
/** As many as the chat looks for: the fit has seen no shorter lists. */
const STANDS_OUT_OF = 30;
/** A name must stand in one of these. */
const NAMED_IN = 3;
/** Longer questions are no stronger evidence. */
const MANY_WORDS = 12;

/** The evidence that a search result gives for a question. */
export function evidenceOf(
  question: string,
  found: { readonly passages: readonly FoundPassage[]; readonly terms: readonly QueryTerm[] },
): Evidence {
  const best = found.passages.slice(0, LOOKED_AT);
  const [first] = best;
  const sentence = Math.max(0, ...best.map((passage) => coverage(question, passage, found.terms)));
  return {
    words: first?.parts.wordsNormalised ?? 0,
    sentence,
    covered: coveredOf(sentence, question, first),
    headed: first ? headedBy(question, first, found.terms) : 0,
    names: first ? namesShare(question, best.slice(0, NAMED_IN)) : 0,
    standout: standoutOf(found.passages.map(({ score }) => score)),
    nearest: nearestOf(found.passages),
  };
}

/**
 * The evidence that is left when only these sentences are shown, each as a passage that has no other text: what a
 * sentence says that nobody reads makes no answer likely.
 */
export function evidenceOfShown(
  evidence: Evidence,
  question: string,
  shown: { readonly passages: readonly FoundPassage[]; readonly terms: readonly QueryTerm[] },
): Evidence {
  const best = Math.max(0, ...shown.passages.map((one) => coverage(question, one, shown.terms)));
  const sentence = Math.min(evidence.sentence, best);
  return { ...evidence, sentence, covered: coveredOf(sentence, question, shown.passages[0]) };
}

function coveredOf(sentence: number, question: string, first: FoundPassage | undefined): number {
  const count = new Set(terms(question, first?.language)).size;
  return sentence * Math.min(1, count / MANY_WORDS);
}

function standoutOf(found: readonly number[]): number {
  if (found.length === 0) return 0;
  // What was not found, in a small collection, is as far away as can be.
  const missing = Math.max(0, STANDS_OUT_OF - found.length);
  const scores = [...found, ...new Array<number>(missing).fill(0)];
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  if (variance === 0) return 0;
  // When all others are the same it is that many deviations away, which is the most.
  const most = Math.sqrt(scores.length - 1);
  return Math.min(1, (Math.max(...scores) - mean) / Math.sqrt(variance) / most);
}

function nearestOf(passages: readonly FoundPassage[]): number | null {
  const own = passages[0]?.parts.vector ?? null;
  if (own === null) return null;
  return 1 / (1 + passages.filter(({ parts }) => (parts.vector ?? -1) > own).length);
}

/** Share of the question's words, weighted by rarity, in the best sentence of a passage, with what its section is called. */
function coverage(question: string, passage: FoundPassage, known: readonly QueryTerm[]): number {
  const { language, text: whole } = passage;
  const asked = askedIn(question, passage, known);
  const heading = sectionOf(passage);
  return Math.max(
    0,
    ...sentences(whole, language).map(({ header, text }) =>
      shareOf(asked.termsOf(`${heading} ${header ?? ''} ${text}`), asked),
    ),
  );
}

/**
 * How much of the question the heading says that it names: "How do I recognise phishing?" names the section "Phishing",
 * not the section "Phishing tests".
 */
function headedBy(question: string, passage: FoundPassage, known: readonly QueryTerm[]): number {
  const asked = askedIn(question, passage, known);
  const heading = sectionOf(passage);
  const had = termsFor(heading, passage.language)(question);
  const named = terms(heading, passage.language).every((term) => had.has(term));
  return named ? shareOf(asked.termsOf(heading), asked) : 0;
}

/** The heading right above; empty where that is the title, which every passage of the document shares. */
function sectionOf({ title, place: { headingPath } }: FoundPassage): string {
  const heading = headingPath.at(-1) ?? '';
  return fold(heading).trim() === fold(title).trim() ? '' : heading;
}

function namesShare(question: string, passages: readonly FoundPassage[]): number {
  const names = [...namesIn(question, passages[0]?.language ?? null), ...numbersOf(question)];
  if (names.length === 0) return 1;
  const shares = passages.map(({ title, tableHeader, text }) => {
    const had = fold(`${title}\n${tableHeader ?? ''}\n${text}`);
    return names.filter((name) => had.includes(name)).length / names.length;
  });
  return Math.max(...shares);
}

/**
 * Probability, 0 to 1, that the passages answer the question: logistic, fitted on labelled questions.
 *
 * @param modelId whose vectors were searched; a model without a calibration of its own is judged by words.
 */
export function probabilityOf(evidence: Evidence, modelId: string | null): number {
  const { intercept, weights } = calibrationFor(evidence.nearest === null ? null : modelId);
  return logistic(
    evidenceNames.reduce((sum, name) => sum + weights[name] * (evidence[name] ?? 0), intercept),
  );
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Confidence in an answer whose sentences have this support; `support` null: it states nothing. */
export function confidenceIn(
  answer: {
    readonly outcome: Outcome;
    /** That the passages answer the question, 0 to 1. */
    readonly probability: number;
    readonly support: number | null;
    readonly citations: readonly { readonly supported: boolean }[];
    readonly unknownNumbers?: Confidence['unknownNumbers'];
  },
  wording: Wording,
): Confidence {
  const { outcome, probability, support, citations, unknownNumbers = [] } = answer;
  // Right and supported: an answer that its sources do not support is worth nothing, however well they match.
  const value = outcome === 'answer' ? probability * (support ?? 0) : probability;
  const rounded = Math.round(value * 1_000) / 1_000;
  return {
    value: rounded,
    level: outcome === 'answer' ? levelOf(rounded) : 'low',
    outcome,
    explanation: explain(),
    unknownNumbers,
  };

  function explain(): string {
    if (outcome === 'clarify') return wording.askedBack;
    if (outcome !== 'answer') return wording.notInMaterial;
    if (citations.length === 0) return wording.uncited;
    if (!citations.some(({ supported }) => supported)) return wording.unsupported;
    if (unknownNumbers.length > 0) {
      return wording.unknownNumbers(unknownNumbers.map(({ text }) => text).join(', '));
    }
    if (citations.some(({ supported }) => !supported) || (support ?? 0) < 0.75) {
      return wording.partlySupported;
    }
    return levelOf(rounded) === 'low' ? wording.weakMatch : wording.supported;
  }
}

/** low < 0.5 ≤ medium < 0.8 ≤ high. */
export function levelOf(value: number): Confidence['level'] {
  if (value < 0.5) return 'low';
  return value < 0.8 ? 'medium' : 'high';
}
