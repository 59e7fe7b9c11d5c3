import { languageTag } from '@docent/core/languages';
import { fold, termSpans } from '@docent/core/text';

/** Words that negate, folded. One language's are another's nouns: `no` is a Hungarian woman, `sin` English. */
const NEGATIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words('not never no nobody noone none nothing neither nor without cannot'),
  de: words('nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne'),
  hu: words('nem ne sem soha sose sohasem nincs nincsen nincsenek sincs senki semmi nelkul'),
  fr: words('pas jamais sans aucun aucune rien'),
  es: words('no nunca jamas sin ningun ninguno ninguna tampoco'),
};
/** What it negates stands before it. */
const AFTERWARDS = 'nelkul';
const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** "not only … but also" and "no later than" negate nothing, "No. 5" is a number. */
const NOTHING_NEGATED =
  /^(?:\s+(?:only|just|merely|nur|csak|seulement|solo|later|earlier|more|less|fewer|sooner|doubt)\b|\.\s*\d)/iu;
const CLAUSE_END = /[,;:.!?()–—\n]\s|[.!?]*\s*$/g;

/**
 * True when of two texts one negates what they both speak of and the other does not: "The gate never closes" beside "The
 * gate closes". That needs a text of nearly the same words; what one of them says besides is not looked at.
 */
export function negationDiffers(one: string, other: string, language: string | null): boolean {
  const [first, second] = [negationsOf(one, language), negationsOf(other, language)];
  return touches(first, second) !== touches(second, first);
}

/** True when something in the text is negated. */
export function isNegated(text: string, language: string | null): boolean {
  return negationsOf(text, language).negated.length > 0;
}

interface Negations {
  readonly terms: ReadonlySet<string>;
  readonly negated: readonly string[];
}

function touches({ negated }: Negations, { terms }: Negations): boolean {
  return negated.some((term) => terms.has(term));
}

/** The words of a text, and those that are negated: the next one in the clause, at its end the one before. */
function negationsOf(text: string, language: string | null): Negations {
  const known = NEGATIONS[languageTag(language)] ?? new Set();
  const marks = [...text.matchAll(WORD)].filter(
    ({ 0: word, index }) =>
      (known.has(fold(word)) || /n['’]t$/i.test(word)) &&
      !NOTHING_NEGATED.test(text.slice(index + word.length)),
  );
  const spans = termSpans(text, language).filter(({ start, end }) =>
    marks.every(({ 0: word, index }) => end <= index || start >= index + word.length),
  );
  const ends = [...text.matchAll(CLAUSE_END)].map(({ index }) => index);
  const negated = marks.flatMap(({ 0: word, index }) => {
    const until = ends.find((end) => end >= index + word.length) ?? text.length;
    const next = spans.find(({ start }) => start > index && start < until);
    const before = spans.findLast(({ start }) => start < index);
    const found = fold(word) === AFTERWARDS ? before : (next ?? before);
    return found ? [found.term] : [];
  });
  return { terms: new Set(spans.map(({ term }) => term)), negated };
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
