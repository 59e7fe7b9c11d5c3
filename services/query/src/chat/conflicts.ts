import { fold, sentences, termSpans } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';
import { numbersOf, numberWordsOf } from './citations.ts';

export interface Conflict {
  readonly said: { readonly passage: number; readonly text: string };
  /** What other documents say of the same with other numbers, each number once; one at least. */
  readonly others: readonly { readonly passage: number; readonly text: string }[];
}

/** Words in common, numbers aside, from which two sentences speak of the same thing (Jaccard index). */
const SAME_SUBJECT = 0.7;
const LEAST_WORDS = 3;
/** Words for numbers that are often none: an article, "per second", "both". */
const RARELY_NUMBERS = /^(?:both|single|second|masodik)$/;
/**
 * A sentence that speaks of its own document, folded: "The course takes 60 minutes" says nothing against the page of
 * another course.
 */
const OF_ITSELF = new RegExp(
  `^(?:${[
    '(?:the|this|our) (?:course|training|lesson|module|unit|quiz|exam|guide|handbook|manual|policy|document|page|chapter|section)',
    '(?:der|die|das|dieser|diese|dieses) (?:kurs|schulung|lektion|modul|test|leitfaden|handbuch|anleitung|richtlinie|dokument|seite|kapitel|abschnitt)',
    '(?:az?|ez az?) (?:kurzus|tanfolyam|kepzes|lecke|modul|teszt|utmutato|kezikonyv|szabalyzat|dokumentum|oldal|fejezet|szakasz)',
    '(?:le|la|ce|cet|cette) (?:cours|formation|lecon|module|test|guide|manuel|politique|document|page|chapitre|section)',
    '(?:el|la|este|esta) (?:curso|formacion|leccion|modulo|examen|guia|manual|politica|documento|pagina|capitulo|seccion)',
  ].join('|')})\\b`,
);

/**
 * A statement of an answer that passages of other documents contradict: the same words, other numbers (`six` is 6).
 * Null: none.
 *
 * @param said sentences of the answer; `passage` is an index of `passages`.
 */
export function findConflict(
  said: readonly Conflict['said'][],
  passages: readonly FoundPassage[],
): Conflict | null {
  for (const one of said) {
    const own = passages[one.passage];
    const statement = statementOf(one.text, own?.language ?? null);
    if (!own || !statement) continue;
    const others: Conflict['said'][] = [];
    const numbers = new Set<string>();
    for (const [index, { contentId, text, language }] of passages.entries()) {
      if (contentId === own.contentId) continue;
      for (const sentence of sentences(text, language)) {
        const other = statementOf(sentence.text, language);
        if (!other || numbers.has(other.numbers) || !contradicts(statement, other)) continue;
        numbers.add(other.numbers);
        others.push({ passage: index, text: sentence.text });
        break;
      }
    }
    if (others.length > 0) return { said: one, others };
  }
  return null;
}

interface Statement {
  readonly words: ReadonlySet<string>;
  readonly numbers: string;
}

/** Null: it has no number, too few words to tell what it is about, or is about its own document. */
function statementOf(text: string, language: string | null): Statement | null {
  if (OF_ITSELF.test(fold(text).trim())) return null;
  const written = fold(text)
    .split(/[^\p{L}]+/u)
    .filter((word) => !RARELY_NUMBERS.test(word) && Number(numberWordsOf(word, language)[0]) > 1);
  const numbers = new Set([
    ...numbersOf(text),
    ...written.flatMap((word) => numberWordsOf(word, language)),
  ]);
  const words = new Set(
    termSpans(text, language)
      .filter(({ start, end }) => !written.includes(fold(text.slice(start, end))))
      .map(({ term }) => term)
      .filter((term) => !/\d/.test(term)),
  );
  if (words.size < LEAST_WORDS || numbers.size === 0) return null;
  return { words, numbers: [...numbers].sort().join(' ') };
}

function contradicts(one: Statement, other: Statement): boolean {
  if (one.numbers === other.numbers) return false;
  const common = [...one.words].filter((word) => other.words.has(word)).length;
  return common / (one.words.size + other.words.size - common) >= SAME_SUBJECT;
}
