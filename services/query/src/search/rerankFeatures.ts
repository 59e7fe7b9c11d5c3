import { describePlace } from '@docent/contracts/place';
import { sentences, termSpans, terms } from '@docent/core/text';
import { type Asked, askedIn, shareOf } from './asked.ts';
import { likeness } from './feedback.ts';
import type { FoundPassage, QueryTerm } from './interfaces.ts';

/** What the built-in reranker knows of a candidate, each 0 to 1, higher is better. */
export const featureNames = [
  // Score of the search, over that of the best candidate.
  'fused',
  // Share of the question's words, weighted by rarity, in the passage's best sentence (of two that have the same words
  // the shorter one says less else), its title and headings.
  'sentence',
  'title',
  'heading',
  // Share of the title's words that the question has: all of them name what it is about.
  'named',
  // Share of the question's neighbouring words that follow one another in the passage, too.
  'phrase',
  // How much its words are those of the best candidates: what the question did not say, they do.
  'alike',
] as const;
export type FeatureName = (typeof featureNames)[number];
export type Features = Readonly<Record<FeatureName, number>>;

/** Words at which a sentence's share counts 0.71 of what it would in a sentence of none. */
const LONG_SENTENCE = 8;

/** The features of every candidate, in order. */
export function featuresOf(
  question: string,
  passages: readonly FoundPassage[],
  known: readonly QueryTerm[],
): Features[] {
  const best = Math.max(...passages.map(({ score }) => score));
  const words = passages.map(wordsOf);
  const alike = likeness(words);
  const asked = new Map<string, Asked>();
  return passages.map((passage, index) => {
    const key = `${passage.language}/${passage.config}`;
    const wanted = asked.get(key) ?? askedIn(question, passage, known);
    asked.set(key, wanted);
    return {
      fused: best > 0 ? passage.score / best : 0,
      ...overlapOf(passage, words[index] ?? [], wanted),
      alike: alike[index] ?? 0,
    };
  });
}

/** The words of a passage, in order. */
function wordsOf({ tableHeader, text, language }: FoundPassage): string[] {
  return termSpans(`${tableHeader ?? ''}\n${text}`, language).map(({ term }) => term);
}

function overlapOf(passage: FoundPassage, words: readonly string[], asked: Asked) {
  const title = new Set(terms(passage.title, passage.language));
  return {
    sentence: Math.max(
      0,
      ...sentences(passage.text, passage.language).map(({ header, text }) => {
        const had = asked.termsOf(`${header ?? ''} ${text}`);
        return shareOf(had, asked) * Math.sqrt(LONG_SENTENCE / (LONG_SENTENCE + had.size));
      }),
    ),
    title: shareOf(asked.termsOf(passage.title), asked),
    heading: shareOf(asked.termsOf(describePlace(passage.place)), asked),
    named: [...title].filter((term) => asked.weights.has(term)).length / Math.max(1, title.size),
    phrase: phrases(placesOf(words, asked), asked),
  };
}

/** Where among the words of a passage those of the question stand. */
function placesOf(words: readonly string[], { weights }: Asked): Map<string, number[]> {
  const places = new Map<string, number[]>();
  words.forEach((term, place) => {
    if (!weights.has(term)) return;
    const known = places.get(term);
    if (known) known.push(place);
    else places.set(term, [place]);
  });
  return places;
}

/** Of the question's pairs of neighbouring words, by rarity, those that are neighbours in the passage in that order. */
function phrases(places: ReadonlyMap<string, readonly number[]>, asked: Asked): number {
  let [had, all] = [0, 0];
  asked.order.forEach((term, index) => {
    const next = asked.order[index + 1];
    if (next === undefined || next === term) return;
    const weight = (asked.weights.get(term) ?? 0) + (asked.weights.get(next) ?? 0);
    all += weight;
    if (places.get(term)?.some((place) => places.get(next)?.includes(place + 1))) had += weight;
  });
  return all === 0 ? 0 : had / all;
}
