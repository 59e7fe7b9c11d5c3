import { fold, terms } from '@docent/core/text';
import type { PastTurn } from './followUp.ts';
import { answerLanguages, wordingIn } from './wording.ts';

const ORDINALS: readonly (readonly string[])[] = [
  'first 1st elso erste ersten erstes premier premiere primero primera'.split(' '),
  'second 2nd masodik zweite zweiten zweites deuxieme seconde segundo segunda'.split(' '),
  'third 3rd harmadik dritte dritten drittes troisieme tercero tercera'.split(' '),
  'fourth 4th negyedik vierte vierten viertes quatrieme cuarto cuarta'.split(' '),
  'fifth 5th otodik funfte funften funftes cinquieme quinto quinta'.split(' '),
];
/** A message that says yes and nothing else, folded. */
const AGREES =
  /^(?:yes|yeah|yep|sure|ok|okay|right|correct|exactly|igen|persze|rendben|pontosan|ja|genau|richtig|gerne?|oui|si|claro)(?: (?:yes|please|do|that one|kerem|bitte|s il vous plait|por favor|go on|tell me more))*$|^(?:please(?: do)?|go on|continue|tell me more|kerem|bitte)$/;
/** A message that wants all that it was asked about, folded. */
const ALL =
  /^(?:(?:for )?(?:both|all)(?: of them| please)?|(?:any|either)(?: of them)?|mindketto(?:t|re)?|mindegyik(?:et|re)?|mind|az osszes|(?:fur )?(?:beide[ns]?|alle)|(?:les|tous les) deux|tous|(?:los|las) dos|ambos|todos)$/;
/** "the second one", "az elsőt", "2." and nothing else. */
const FRAME =
  /^(?:(?:i mean|meaning|take|ok|yes|number|no|nr|the|az|a|der|die|das|den|le|la|el|igen|ja|oui|si|inkabb|lieber)\s+)*([\p{L}\d]+)(?:\s+(?:one|point|option|item|please|document|pont|dokumentum|punkt))*$/u;

/**
 * The item of the last answer's numbered list that a message picks: by its number or ordinal; where the answer
 * asked which document is meant, also by its title or by words that only one of them has, and by a plain yes the
 * first, which fits best. Null: it picks none.
 */
export function chosenItem(message: string, history: readonly PastTurn[]): string | null {
  const last = history.at(-1);
  if (last?.role !== 'assistant') return null;
  const items = itemsOf(last);
  if (items.length < 2) return null;
  const [, word = ''] = FRAME.exec(plain(message)) ?? [];
  if (/^(?:last|utolsot?|letzte[ns]?)$/.test(word)) return items.at(-1) ?? null;
  const item = items[placeOf(word)];
  if (item !== undefined) return item;
  if (!asksBack(last)) return null;
  if (agrees(message)) return items[0] ?? null;
  const same = items.find((one) => fold(one.trim()) === fold(message.trim()));
  return same ?? namedItem(message, items);
}

/** True when the message wants all documents that the last answer asked about. */
export function choosesAll(message: string, history: readonly PastTurn[]): boolean {
  const last = history.at(-1);
  return last?.role === 'assistant' && asksBack(last) && ALL.test(plain(message));
}

/** True for "yes", "igen", "ja, bitte" and the like, and nothing beyond that. */
export function agrees(message: string): boolean {
  return AGREES.test(plain(message));
}

function plain(message: string): string {
  return fold(message)
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

function itemsOf({ text }: PastTurn): string[] {
  return [...text.matchAll(/^(\d{1,2})\. (.+)$/gm)].map(([, , item = '']) => item);
}

function asksBack({ text }: PastTurn): boolean {
  return answerLanguages.some((one) => text.startsWith(wordingIn(one).clarify));
}

/** Place in a list, from 0; -1 when the word is none. */
function placeOf(word: string): number {
  if (/^\d{1,2}$/.test(word)) return Number(word) - 1;
  // Hungarian marks an object: `elsot`, `masodikat`.
  const bare = word.replace(/a?t$/, '');
  return ORDINALS.findIndex((words) => words.includes(word) || words.includes(bare));
}

/** The only item that has all words of the message. */
function namedItem(message: string, items: readonly string[]): string | null {
  const words = terms(message);
  const named = items.filter((item) => {
    const own = new Set(terms(item));
    return words.length > 0 && words.every((word) => own.has(word));
  });
  return named.length === 1 ? (named[0] ?? null) : null;
}
