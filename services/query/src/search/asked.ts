import { termsFor } from '@docent/core/compounds';
import { terms } from '@docent/core/text';
import type { FoundPassage, QueryTerm } from './interfaces.ts';

/** A question as the passages of one language and text configuration are compared with it. */
export interface Asked {
  /** The question's words in order, each with its weight: how rare it is. */
  readonly order: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
  readonly total: number;
  /** The terms of a text, in the spelling of the question. */
  readonly termsOf: (text: string) => ReadonlySet<string>;
}

/** @param known words of the question in the index, with their rarity. */
export function askedIn(
  question: string,
  { config, language }: Pick<FoundPassage, 'config' | 'language'>,
  known: readonly QueryTerm[],
): Asked {
  const rarity = new Map(
    known.filter((one) => one.config === config).map(({ lexeme, idf }) => [lexeme, idf]),
  );
  // A word that the index does not know is the rarest of all.
  const rarest = Math.max(1, ...rarity.values());
  const order = terms(question, language);
  const weights = new Map(order.map((term) => [term, rarity.get(term) ?? rarest]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  return { order, weights, total, termsOf: termsFor(question, language) };
}

/** How much of the question is among these terms, weighted by rarity, 0 to 1. */
export function shareOf(had: ReadonlySet<string>, { weights, total }: Asked): number {
  let sum = 0;
  for (const [term, weight] of weights) if (had.has(term)) sum += weight;
  return sum / total;
}
