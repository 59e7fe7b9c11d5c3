import { terms } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';

/** A document that may be the one that was meant. */
export interface Option {
  readonly contentId: string;
  readonly title: string;
  readonly passage: FoundPassage;
}

export interface Twins {
  /** The passages without those of documents that a newer one replaces. */
  readonly passages: FoundPassage[];
  /** Documents of one kind of which the question names none: which one is meant? Else empty. */
  readonly options: readonly Option[];
}

/**
 * Words that say what kind of text a document is, not which case it is for: "Machine Learning Basics" and "Machine
 * Learning Overview" are about the same.
 */
const KINDS = new Set(
  (
    [
      [
        'en',
        'basics fundamentals foundations essentials introduction overview primer guide handbook manual tutorial course training lesson advanced beginner summary reference glossary faq',
      ],
      [
        'de',
        'Grundlagen Einführung Überblick Leitfaden Handbuch Anleitung Kurs Schulung Lektion Fortgeschrittene Zusammenfassung Glossar',
      ],
      [
        'hu',
        'alapok alapjai bevezetés áttekintés útmutató kézikönyv kurzus tanfolyam képzés lecke haladó összefoglaló szótár',
      ],
      [
        'fr',
        'bases introduction aperçu guide manuel tutoriel cours formation leçon avancé résumé glossaire',
      ],
      [
        'es',
        'fundamentos introducción resumen guía manual tutorial curso formación lección avanzado glosario',
      ],
    ] as const
  ).flatMap(([language, words]) => terms(words, language)),
);
/** Documents whose best passage is at least this good, as a share of the best score, compete. */
const COMPETING = 0.6;
/** Words that the titles of two documents of one kind have in common: "vacation policy". */
const LEAST_COMMON = 2;
/** A list of more to choose from helps nobody. */
const MOST_OPTIONS = 5;
/** 2024, 2024-05, v2, 3.1, Q3: what tells editions of one document apart. */
const EDITION = /^(?:v(?:ersion)?\.?)?\d+(?:[./-]\d+)*$|^q[1-4]$|^(?:version|edition|draft|final)$/;

/**
 * Looks for documents of one kind among the passages of a question: "Vacation policy Hungary" and "Vacation policy
 * Germany" answer "how many vacation days?" differently, so the question must say which one; of "Travel policy
 * 2023" and "Travel policy 2025" the newer one answers, unless the question names the older.
 *
 * @param passages best first.
 */
export function findTwins(question: string, passages: readonly FoundPassage[]): Twins {
  const best = bestOfEach(passages);
  const [first] = best;
  if (!first) return { passages: [], options: [] };
  const asked = new Set(terms(question, first.language));
  const own = titleOf(first);
  const family = best.filter((other) => {
    if (other.score < COMPETING * first.score) return false;
    const title = titleOf(other);
    const common = [...title].filter((word) => own.has(word) && !EDITION.test(word)).length;
    // As many words in common as apart, at least.
    return common >= LEAST_COMMON && common * 2 >= Math.max(own.size, title.size) - 1;
  });
  const outdated = family.filter((one) =>
    family.some((other) => isNewer(other, one) && !names(asked, one, other)),
  );
  const left = family.filter((one) => !outdated.includes(one));
  return {
    passages: passages.filter(({ contentId }) =>
      outdated.every((old) => old.contentId !== contentId),
    ),
    options: optionsOf(left, asked),
  };
}

/** Documents of which each has words for its case in its title that the others and the question do not have. */
function optionsOf(family: readonly FoundPassage[], asked: ReadonlySet<string>): Option[] {
  if (family.length < 2 || family.length > MOST_OPTIONS) return [];
  const distinct = family.every((one) =>
    family.every((other) => one === other || ownWords(one, other).some((word) => !KINDS.has(word))),
  );
  const named = family.some((one) =>
    family.some((other) => one !== other && names(asked, one, other)),
  );
  if (!distinct || named) return [];
  return family.map((passage) => ({ contentId: passage.contentId, title: passage.title, passage }));
}

/**
 * The same title but for its edition, and a later one: by the date from which it counts; without any, by the
 * number in the title; with none of these, by when it was uploaded. Equal titles are editions only when somebody
 * said from when both count: there are many introductions.
 */
function isNewer(one: FoundPassage, other: FoundPassage): boolean {
  const [later, earlier] = [ownWords(one, other), ownWords(other, one)];
  if (![...later, ...earlier].every((word) => EDITION.test(word))) return false;
  const dated = [one, other].filter(({ effectiveFrom }) => effectiveFrom !== null).length;
  if (later.length + earlier.length === 0 && dated < 2) return false;
  const [date, before] = [one, other].map((p) => Date.parse(p.effectiveFrom ?? p.uploadedAt));
  if (date === undefined || before === undefined) throw new Error('two passages have two dates');
  if (dated > 0 && date !== before) return date > before;
  const [edition, editionBefore] = [editionOf(later), editionOf(earlier)];
  return edition === editionBefore ? date > before : edition > editionBefore;
}

/** The largest number in the words: years and versions count up. */
function editionOf(words: readonly string[]): number {
  const numbers = words.flatMap((word) => word.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  return Math.max(0, ...numbers);
}

/** The question has a word of this title that the other's does not have. */
function names(asked: ReadonlySet<string>, one: FoundPassage, other: FoundPassage): boolean {
  return ownWords(one, other).some((word) => asked.has(word));
}

function ownWords(one: FoundPassage, other: FoundPassage): string[] {
  const others = titleOf(other);
  return [...titleOf(one)].filter((word) => !others.has(word));
}

function titleOf({ title, language }: FoundPassage): Set<string> {
  return new Set(terms(title, language));
}

function bestOfEach(passages: readonly FoundPassage[]): FoundPassage[] {
  const seen = new Map<string, FoundPassage>();
  for (const passage of passages) {
    if (!seen.has(passage.contentId)) seen.set(passage.contentId, passage);
  }
  return [...seen.values()];
}
