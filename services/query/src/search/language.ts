import { languageRules } from '@docent/core/languages';
import { fold } from '@docent/core/text';

const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[őű]/i, 'hu'],
  [/ß|\b(?:für|über|können|müssen|welche[rsmn]?)\b/i, 'de'],
  [/[¿¡ñ]/i, 'es'],
  [/[œçèêù]/i, 'fr'],
];

/** Words of short messages that have no function word, folded; none is a word of another of the languages. */
const TELLING: Readonly<Record<string, ReadonlySet<string>>> = {
  de: words(`arbeite arbeiten beantrage beantragen bekomme bekommen bekommt bitte brauche brauchen braucht danke durfen
    erlaubt finde finden findet geht geoffnet hallo heute jahr kostenlos kosten kostet macht machen melde melden monat
    offnet schliesst steht stunden tage uhr urlaub verboten wieviel wohne zahle zahlen zahlt`),
  hu: words(`dolgozhatok dolgozik dolgozok fizet fizetek fizetni igenyelhetek igenyelni kapnak kapok kapunk kerek kerhetek
    kerul kerulnek koszi koszonjuk koszonom lehetek meddig mennyibe mikortol miben mire munkaido napok napot nyit nyitva
    orakor oratol segits segitettel sokat szabad szabadsag szabadsagot szeretnek szia talalom talalhato tudsz tudnal tudni`),
};
/** Hungarian shares its accents with Spanish. */
const SPANISH_ENDING = /(?:ci[oó]n(?:es)?|dad(?:es)?|[ií]as?|[ií]c[ao]s?)$/;

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
    const functional = all.filter((word) => stopWords.has(word) && !SHARED.has(word)).length;
    const letters = LETTERS.filter(([pattern, of]) => of === language && pattern.test(text)).length;
    const telling = all.filter((word) => TELLING[language]?.has(word)).length;
    // A tie goes to English, then to the language that comes first.
    return functional + 2 * letters + telling + (looksLike(language, text) ? 1 : 0);
  }
}

/** Half of the words, at least, are spelt as only this language spells them; one in many may be a name. */
function looksLike(language: string, text: string): boolean {
  const long = [
    ...text
      .toLowerCase()
      .normalize('NFC')
      .matchAll(/\p{L}{3,}/gu),
  ].map(([word]) => word);
  const own = long.filter((word) => {
    if (language === 'de') return /ä|[öü].*(?:sch|ung|keit|heit|ei|ie|ck|ch|tz)/.test(word);
    return (
      language === 'hu' &&
      /[áíóú]|[öüé].*(?:sz|gy|zs|ny|cs|[aáeéoö]k$|ben$|ban$)/.test(word) &&
      !SPANISH_ENDING.test(word)
    );
  });
  return own.length > 0 && own.length * 2 >= long.length;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** Function words of several of the languages: they tell nothing. */
const SHARED = new Set('a am an as be de en es in is la was so on me no mi'.split(' '));
