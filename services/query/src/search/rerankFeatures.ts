import { describePlace } from '@docent/contracts/place';
import { sentences, termSpans, terms } from '@docent/core/text';
import type { FoundPassage, QueryTerm } from './interfaces.ts';

/** What the built-in reranker knows of a candidate, each 0 to 1, higher is better. */
export const featureNames = [
  // Score of the search, over that of the best candidate.
  'fused',
  // Share of the question's words, weighted by rarity, in the passage's best sentence, its title and headings.
  'sentence',
  'title',
  'heading',
  // Share of the question's neighbouring words that stand close together in the passage.
  'proximity',
] as const;
export type FeatureName = (typeof featureNames)[number];
export type Features = Readonly<Record<FeatureName, number>>;

/** Words of the question that stand at most this many words apart in a passage are close. */
const CLOSE = 4;

/** The features of every candidate, in order. */
export function featuresOf(
  question: string,
  passages: readonly FoundPassage[],
  known: readonly QueryTerm[],
): Features[] {
  const best = Math.max(...passages.map(({ score }) => score));
  const asked = new Map<string, Asked>();
  return passages.map((passage) => {
    const key = `${passage.language}/${passage.config}`;
    const wanted = asked.get(key) ?? askedIn(question, passage, known);
    asked.set(key, wanted);
    return { fused: best > 0 ? passage.score / best : 0, ...overlapOf(passage, wanted) };
  });
}

interface Asked {
  /** The question's words in order, each with its weight: how rare it is. */
  readonly order: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
  readonly total: number;
}

function askedIn(question: string, passage: FoundPassage, known: readonly QueryTerm[]): Asked {
  const rarity = new Map(
    known.filter(({ config }) => config === passage.config).map(({ lexeme, idf }) => [lexeme, idf]),
  );
  // A word that the index does not know is the rarest of all.
  const rarest = Math.max(1, ...rarity.values());
  const order = terms(question, passage.language);
  const weights = new Map(order.map((term) => [term, rarity.get(term) ?? rarest]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  return { order, weights, total };
}

function overlapOf(passage: FoundPassage, asked: Asked) {
  const share = (text: string) => shareOf(new Set(terms(text, passage.language)), asked);
  return {
    sentence: Math.max(
      0,
      ...sentences(passage.text, passage.language).map(({ header, text }) =>
        share(`${header ?? ''} ${text}`),
      ),
    ),
    title: share(passage.title),
    heading: share(describePlace(passage.place)),
    proximity: closeness(placesOf(passage, asked), asked),
  };
}

/** Where in the passage the question's words stand, counted in words. */
function placesOf(passage: FoundPassage, { weights }: Asked): Map<string, number[]> {
  const places = new Map<string, number[]>();
  termSpans(`${passage.tableHeader ?? ''}\n${passage.text}`, passage.language).forEach(
    ({ term }, place) => {
      if (weights.has(term)) places.set(term, [...(places.get(term) ?? []), place]);
    },
  );
  return places;
}

function shareOf(had: ReadonlySet<string>, { weights, total }: Asked): number {
  let sum = 0;
  for (const [term, weight] of weights) if (had.has(term)) sum += weight;
  return sum / total;
}

/** Of the question's pairs of neighbouring words, by rarity, those that stand close together. */
function closeness(places: ReadonlyMap<string, readonly number[]>, asked: Asked): number {
  let [had, all] = [0, 0];
  asked.order.forEach((term, index) => {
    const next = asked.order[index + 1];
    if (next === undefined || next === term) return;
    const weight = (asked.weights.get(term) ?? 0) + (asked.weights.get(next) ?? 0);
    all += weight;
    const near = places
      .get(term)
      ?.some((place) => places.get(next)?.some((other) => Math.abs(other - place) <= CLOSE));
    if (near) had += weight;
  });
  return all === 0 ? 0 : had / all;
}
