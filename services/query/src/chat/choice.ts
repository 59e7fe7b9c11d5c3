import { fold, terms } from '@docent/core/text';
import type { PastTurn } from './followUp.ts';
import { answerLanguages, wordingIn } from './wording.ts';

const ORDINALS: readonly (readonly string[])[] = [
  ['first', '1st', 'elso', 'erste', 'ersten', 'erstes'],
  ['second', '2nd', 'masodik', 'zweite', 'zweiten', 'zweites'],
  ['third', '3rd', 'harmadik', 'dritte', 'dritten', 'drittes'],
  ['fourth', '4th', 'negyedik', 'vierte', 'vierten', 'viertes'],
  ['fifth', '5th', 'otodik', 'funfte', 'funften', 'funftes'],
];
/** "the second one", "az elsőt", "2." and nothing else. */
const FRAME =
  /^(?:(?:i mean|meaning|take|ok|yes|number|no|nr|the|az|a|der|die|das|den)\s+)*([\p{L}\d]+)(?:\s+(?:one|point|option|item|please|document|pont|dokumentum|punkt))*$/u;

/**
 * The item of the last answer's numbered list that a message picks: by its number or ordinal; where the answer
 * asked which document is meant, also by its title or by words that only one of them has. Null: it picks none.
 */
export function chosenItem(message: string, history: readonly PastTurn[]): string | null {
  const last = history.at(-1);
  if (last?.role !== 'assistant') return null;
  const items = [...last.text.matchAll(/^(\d{1,2})\. (.+)$/gm)].map(([, , item = '']) => item);
  if (items.length < 2) return null;
  const [, word = ''] =
    FRAME.exec(
      fold(message)
        .replace(/[^\p{L}\d]+/gu, ' ')
        .trim(),
    ) ?? [];
  if (/^(?:last|utolsot?|letzte[ns]?)$/.test(word)) return items.at(-1) ?? null;
  const item = items[placeOf(word)];
  if (item !== undefined) return item;
  const asked = answerLanguages.some((one) => last.text.startsWith(wordingIn(one).clarify));
  if (!asked) return null;
  const same = items.find((one) => fold(one.trim()) === fold(message.trim()));
  return same ?? namedItem(message, items);
}

/** Place in a list, from 0; -1 when the word is none. */
function placeOf(word: string): number {
  if (/^\d{1,2}$/.test(word)) return Number(word) - 1;
  // Hungarian marks an object: `elsot`, `masodikat`.
  const plain = word.replace(/a?t$/, '');
  return ORDINALS.findIndex((words) => words.includes(word) || words.includes(plain));
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
