import { spansOf } from '@docent/core/compounds';

export interface Highlight {
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * Where words of the question stand in a text, in order: also in another inflection, without accents,
 * with and without a hyphen, never stop words.
 *
 * @param language of the text; the question is read by the same rules, whatever it was asked in.
 */
export function highlights(text: string, question: string, language: string | null): Highlight[] {
  return spansOf(question, text, language);
}
