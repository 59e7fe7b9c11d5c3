import { fold, terms } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';

/** A document that may be the one that was meant. */
export interface Option {
  readonly contentId: string;
  readonly title: string;
  readonly passage: FoundPassage;
}

export interface Twins {
  /** The passages without those of documents that a newer one replaces, or beside which another one was named. */
  readonly passages: FoundPassage[];
  /** The question names one of several documents of a kind: what was asked before names none any more. */
  readonly named: boolean;
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
 * Lesson 2, 3rd part, 2. lecke, Teil 3: parts of a series stand beside each other, none replaces the other. Folded.
 */
const PARTS = [
  'lesson module part chapter unit day week month session step lecture episode section level volume exercise lab',
  'lektion modul teil kapitel einheit tag woche sitzung schritt ubung stufe',
  'lecke modul resz fejezet egyseg nap het ora lepes gyakorlat szint',
  'lecon module partie chapitre unite jour semaine seance etape exercice niveau',
  'leccion modulo parte capitulo unidad dia semana sesion paso ejercicio nivel',
]
  .join(' ')
  .replaceAll(' ', '|');
const NUMBERED_PART = new RegExp(
  `(?<!\\p{L})(?:(${PARTS})[ _.:#-]*(\\d{1,3}|[ivx]{1,5})|(\\d{1,3})(?:\\.|st|nd|rd|th|e|er|re|a|o)? ?-?(${PARTS}))(?![\\p{L}\\d])`,
  'u',
);

/** A question about several cases or editions, folded, needs the documents that it does not name, too. */
const COMPARES =
  /\b(?:since|changed?|compar\w*|differ\w*|versus|vs|than|other|seit|geandert|vergl\w*|unterschied\w*|ander\w*|ota|valtoz\w*|kulonb\w*|tobbi|mas|depuis|change\w*|autres?|desde|cambi\w*|otr[oa]s?)\b/;
/** Letters that "Austrian" and "Austria" must share to name the same, and how many more the longer one may have. */
const LEAST_SHARED = 5;
const MOST_MORE = 3;

/**
 * Looks for documents of one kind among the passages of a question: "Vacation policy Hungary" and "Vacation policy
 * Germany" answer "how many vacation days?" differently, so the question must say which one, and when it does the
 * others have no say; of "Travel policy 2023" and "Travel policy 2025" the newer one answers, unless the question
 * names the older.
 *
 * @param passages best first.
 */
export function findTwins(question: string, passages: readonly FoundPassage[]): Twins {
  const all = bestOfEach(passages);
  const [best] = all;
  if (!best) return { passages: [], named: false, options: [] };
  const asked = new Set(terms(question, best.language));
  const beside = COMPARES.test(fold(question)) ? [] : besideNamed(all, asked);
  const kept = all.filter((one) => !beside.includes(one));
  const [first = best] = kept;
  const family = kept.filter(
    (other) => other.score >= COMPETING * first.score && isOfOneKind(first, other),
  );
  const outdated = family.filter((one) =>
    family.some((other) => isNewer(other, one) && !names(asked, one, other)),
  );
  const left = family.filter((one) => !outdated.includes(one));
  const dropped = new Set([...beside, ...outdated].map(({ contentId }) => contentId));
  return {
    passages: passages.filter(({ contentId }) => !dropped.has(contentId)),
    named: beside.length > 0,
    options: optionsOf(left, asked),
  };
}

/** As many words in common as apart, at least; different parts of a series are not of one kind. */
function isOfOneKind(one: FoundPassage, other: FoundPassage): boolean {
  const [part, otherPart] = [partOf(one), partOf(other)];
  if (part !== null && otherPart !== null && part !== otherPart) return false;
  const [own, title] = [titleOf(one), titleOf(other)];
  const common = [...title].filter((word) => own.has(word) && !EDITION.test(word)).length;
  return common >= LEAST_COMMON && common * 2 >= Math.max(own.size, title.size) - 1;
}

/** Which part of a series the title says that it is: `lesson 2`; null: of none. */
function partOf({ title }: FoundPassage): string | null {
  const [, name, after, before, nameAfter] = NUMBERED_PART.exec(fold(title)) ?? [];
  const [word, number] = [name ?? nameAfter, after ?? before];
  return word === undefined || number === undefined ? null : `${word} ${number.replace(/^0+/, '')}`;
}

/** Documents of another case or edition than the one of their kind that the question names. */
function besideNamed(all: readonly FoundPassage[], asked: ReadonlySet<string>): FoundPassage[] {
  return all.filter((one) =>
    all.some(
      (other) =>
        one !== other &&
        isOfOneKind(one, other) &&
        ownWords(one, other).some(isCase) &&
        ownWords(other, one).some((word) => isCase(word) && isAsked(asked, word)) &&
        !names(asked, one, other),
    ),
  );
}

/** What a title has for its case or edition; a 2 that a question counts with names no edition. */
function isCase(word: string): boolean {
  return !KINDS.has(word) && !/^\d{1,2}$/.test(word);
}

/** Documents of which each has words for its case in its title that the others and the question do not have. */
function optionsOf(family: readonly FoundPassage[], asked: ReadonlySet<string>): Option[] {
  // Of one title there is nothing to choose: its best document stands for it.
  const cases = family.filter(
    (one, index) => !family.slice(0, index).some((better) => hasTitleOf(better, one)),
  );
  if (cases.length < 2 || cases.length > MOST_OPTIONS) return [];
  const distinct = cases.every((one) =>
    cases.every((other) => one === other || ownWords(one, other).some((word) => !KINDS.has(word))),
  );
  const named = cases.some((one) =>
    cases.some((other) => one !== other && names(asked, one, other)),
  );
  if (!distinct || named) return [];
  return cases.map((passage) => ({ contentId: passage.contentId, title: passage.title, passage }));
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
  if (hasTitleOf(one, other) && dated < 2) return false;
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
  return ownWords(one, other).some((word) => isAsked(asked, word));
}

/** The question has the word, or one made of it: "Austrian" names Austria. */
function isAsked(asked: ReadonlySet<string>, word: string): boolean {
  if (asked.has(word)) return true;
  if (word.length < LEAST_SHARED) return false;
  return [...asked].some((other) => {
    const [short, long] = word.length < other.length ? [word, other] : [other, word];
    const more = long.length - short.length;
    return short.length >= LEAST_SHARED && more <= MOST_MORE && long.startsWith(short);
  });
}

function ownWords(one: FoundPassage, other: FoundPassage): string[] {
  const others = titleOf(other);
  return [...titleOf(one)].filter((word) => !others.has(word));
}

function hasTitleOf(one: FoundPassage, other: FoundPassage): boolean {
  return ownWords(one, other).length + ownWords(other, one).length === 0;
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
