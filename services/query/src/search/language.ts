import { languageRules } from '@docent/core/languages';
import { fold } from '@docent/core/text';

const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[őű]/i, 'hu'],
  [/ß|\b(?:für|über|können|müssen|welche[rsmn]?)\b/i, 'de'],
  [/[¿¡ñ]/i, 'es'],
  [/[œçèêù]/i, 'fr'],
];

/** The language that a question is written in: `en`, `de`, `hu`, `fr` or `es`, English when nothing tells. */
export function languageOf(text: string): string {
  return languageTold(text) ?? 'en';
}

/**
 * The same, null when nothing tells. Function words decide, as they make up half of a question; statistical
 * detectors guess at random on so few characters.
 */
export function languageTold(text: string): string | null {
  const all = [...fold(text).matchAll(/\p{L}+/gu)].map(([word]) => word);
  let best = 'en';
  let most = scoreOf('en');
  for (const language of ['de', 'hu', 'fr', 'es']) {
    const score = scoreOf(language);
    if (score > most) [best, most] = [language, score];
  }
  return most > 0 ? best : null;

  function scoreOf(language: string): number {
    const { stopWords } = languageRules(language);
    const words = all.filter((word) => stopWords.has(word) && !SHARED.has(word)).length;
    const letters = LETTERS.filter(([pattern, of]) => of === language && pattern.test(text)).length;
    // A tie goes to English, then to the language that comes first.
    return words + 2 * letters;
  }
}

/** Function words of several of the languages: they tell nothing. */
const SHARED = new Set('a am an as be de en es in is la was so on me no mi'.split(' '));
