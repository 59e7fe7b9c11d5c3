import { termSpans } from '@docent/core/text';
import type { FoundPassage, QueryTerm } from './interfaces.ts';

/**
 * The query with misspelt words replaced by (the stems of) those that were searched for them, so that whoever
 * compares its words with passages finds them.
 */
export function corrected(
  query: string,
  terms: readonly QueryTerm[],
  [best]: readonly Pick<FoundPassage, 'config' | 'language'>[],
): string {
  const meant = new Map(
    terms
      .filter(({ config, asked, lexeme }) => config === best?.config && asked !== lexeme)
      .map(({ asked, lexeme }) => [asked, lexeme]),
  );
  if (meant.size === 0) return query;
  return termSpans(query, best?.language)
    .reverse()
    .reduce((text, { term, start, end }) => {
      const lexeme = meant.get(term);
      return lexeme === undefined ? text : text.slice(0, start) + lexeme + text.slice(end);
    }, query);
}
