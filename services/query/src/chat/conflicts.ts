import { fold, sentences, terms } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';
import { numbersOf } from './citations.ts';

export interface Conflict {
  /** The statement, and one of another document that says the same with other numbers. */
  readonly said: { readonly passage: number; readonly text: string };
  readonly other: { readonly passage: number; readonly text: string };
}

/** Words in common, numbers aside, from which two sentences speak of the same thing (Jaccard index). */
const SAME_SUBJECT = 0.7;
const LEAST_WORDS = 3;
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
 * A statement of an answer that a passage of another document contradicts: the same words, other numbers. Null: none.
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
    for (const [index, passage] of passages.entries()) {
      if (passage.contentId === own.contentId) continue;
      const text = sentences(passage.text, passage.language).find((sentence) =>
        contradicts(statement, statementOf(sentence.text, passage.language)),
      )?.text;
      if (text !== undefined) return { said: one, other: { passage: index, text } };
    }
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
  const words = new Set(terms(text, language).filter((term) => !/\d/.test(term)));
  const numbers = [...numbersOf(text)].sort().join(' ');
  return words.size >= LEAST_WORDS && numbers !== '' ? { words, numbers } : null;
}

function contradicts(one: Statement, other: Statement | null): boolean {
  if (!other || one.numbers === other.numbers) return false;
  const common = [...one.words].filter((word) => other.words.has(word)).length;
  return common / (one.words.size + other.words.size - common) >= SAME_SUBJECT;
}
