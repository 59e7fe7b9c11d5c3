import { languageRules } from '@docent/core/languages';
import { fold } from '@docent/core/text';

const E_MAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Seven digits and more with what people write between them: telephones, accounts, numbers of people. */
const NUMBER = /\+?\(?\d(?:[\s().\\/-]{0,3}\d){6,}/g;
const WORD = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;

/** Shorter parts of names are words of too many languages. */
const SHORTEST_NAME = 3;
/** A name with an ending: at least so many letters of name, at most so many after it. */
const SHORTEST_STEM = 4;
const LONGEST_ENDING = 4;

/**
 * Takes out of a question what may tell who asked or about whom: e-mail addresses, long numbers, and every part of
 * a name of the directory, also with an ending (`Anna’s`, `Annának`). Rather a word too many than a name too few.
 *
 * @param names full names of everybody.
 */
export function makeScrubber(names: Iterable<string>): (text: string) => string {
  const parts = new Set<string>();
  for (const name of names) {
    for (const [word] of name.matchAll(WORD)) {
      for (const part of [word, ...word.split('-')]) {
        const folded = fold(part);
        if (folded.length >= SHORTEST_NAME) parts.add(folded);
      }
    }
  }

  const isName = (word: string): boolean => {
    const folded = fold(word.replace(/['’]s$/u, ''));
    const capital = word !== word.toLowerCase();
    // Somebody is called Will, and most questions begin with "will".
    if (parts.has(folded)) return capital || !isStopWord(folded);
    if (!capital) return false;
    for (let ending = 1; ending <= LONGEST_ENDING; ending += 1) {
      const stem = folded.slice(0, -ending);
      if (stem.length >= SHORTEST_STEM && parts.has(stem)) return true;
    }
    return false;
  };

  return (text) =>
    text
      .replace(E_MAIL, '[e-mail]')
      .replace(NUMBER, '[number]')
      .replace(WORD, (word) => {
        if (isName(word)) return '[name]';
        return word.split('-').some(isName) ? '[name]' : word;
      })
      .replace(/\[name\](?:[ ,.-]{1,2}\[name\])+/g, '[name]');
}

function isStopWord(folded: string): boolean {
  return ['en', 'de', 'hu', 'fr', 'es'].some((language) =>
    languageRules(language).stopWords.has(folded),
  );
}
