import { fold } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';

/**
 * What a probability is worth when the passages lack a code that the question asks about. Form TR-15 is no answer to a
 * question about TR-12, however well all other words fit; with a quarter even a certain match is below any usual
 * threshold of abstention.
 */
export const WITHOUT_ITS_CODE = 0.25;

/** TR-12, GDPR-17, v2.4.1, ISO9001, E0382: letters, then digits. */
const CODE =
  /(?<![\p{L}\p{N}_.-])(\p{L}{1,5})([-_/.]?)(\d+(?:[-_/.]\d+)*\p{L}?)(?![\p{L}\p{N}_]|[-/]\p{L})/gu;
/** Words that are written together with a number and are no codes: pre-2020, under-18, step-3. */
const NO_CODE =
  /^(?:pre|post|mid|late|early|under|over|non|sub|top|since|from|to|age|aged|day|week|year|page|step|part|phase|level|about|circa|ca|bis|ab|vor|nach|unter|uber|nap|het|ev)$/;
/** A code without a hyphen or point in it has this many digits at least: MP3 and H2 are words. */
const LEAST_DIGITS = 2;

/** The codes and version numbers in a question, folded. */
export function codesIn(question: string): string[] {
  return [...question.matchAll(CODE)].flatMap(([whole, letters = '', joint, digits = '']) => {
    const joined = joint !== '' || /\d[-_/.]\d/.test(digits);
    const long = digits.replace(/\D/g, '').length >= LEAST_DIGITS;
    return (joined || long) && !NO_CODE.test(fold(letters)) ? [fold(whole)] : [];
  });
}

/** True when the question has a code that none of the passages has, however it is joined (`TR-12`, `TR 12`). */
export function lacksCode(question: string, passages: readonly FoundPassage[]): boolean {
  const codes = codesIn(question);
  if (codes.length === 0) return false;
  const texts = passages.map(({ title, place, tableHeader, text }) =>
    fold([title, ...place.headingPath, tableHeader ?? '', text].join('\n')),
  );
  return codes.some((code) => {
    const pattern = patternOf(code);
    return !texts.some((text) => pattern.test(text));
  });
}

/** Matches a code with other joints, and `v2.4` as "version 2.4"; not a longer code that begins with it. */
function patternOf(code: string): RegExp {
  const parts = (code.match(/\p{L}+|\d+/gu) ?? []).map((part) =>
    part === 'v' ? '(?:v|version|verzio)' : part,
  );
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[-_./\\s]*')}(?![\\p{L}\\p{N}]|\\.\\d)`, 'u');
}
