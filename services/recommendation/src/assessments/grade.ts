import type { KeyedQuestion, Response } from '@docent/contracts/learningAssessments';

/**
 * How right a response is, 0 to 1. `single`, `text` and `numeric` are right or wrong; of `multiple` each right
 * choice counts one, each wrong one takes one away, in shares of the right ones, never below 0: choosing
 * everything gives nothing that guessing would not.
 */
export function gradeResponse(question: KeyedQuestion, response: Response | null): number {
  if (response === null) return 0;
  switch (question.type) {
    case 'single':
      return sameOptions(response, question.answer.options) ? 1 : 0;
    case 'multiple': {
      if (!Array.isArray(response)) return 0;
      const right = new Set(question.answer.options);
      const chosen = new Set(response);
      const hits = [...chosen].filter((id) => right.has(id)).length;
      return Math.max(0, (hits - (chosen.size - hits)) / right.size);
    }
    case 'text': {
      if (typeof response !== 'string') return 0;
      return question.answer.accepted.some((text) => sameText(text, response)) ? 1 : 0;
    }
    case 'numeric': {
      const given = typeof response === 'string' ? numberOf(response) : response;
      if (typeof given !== 'number' || !Number.isFinite(given)) return 0;
      const { value, tolerance } = question.answer;
      // 0.1 + 0.2 is 0.3 for a person: a little more than the tolerance, relative to the value.
      const slack = Math.max(Math.abs(value), 1) * 1e-9;
      return Math.abs(given - value) <= tolerance + slack ? 1 : 0;
    }
  }
}

/**
 * Score of an attempt in percent, weighted. 0 for an assessment without questions.
 * @param results each question's weight, and how right it was, 0 to 1.
 */
export function scoreOf(results: readonly { weight: number; score: number }[]): number {
  const total = results.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return 0;
  const points = results.reduce((sum, { weight, score }) => sum + weight * score, 0);
  return Math.min(100, Math.round((points / total) * 1e6) / 1e4);
}

function sameOptions(response: Response, wanted: readonly string[]): boolean {
  const given = typeof response === 'string' ? [response] : response;
  return Array.isArray(given) && given.length === 1 && given[0] === wanted[0];
}

/**
 * Case, accents, spaces, quotes around it and the end of a sentence do not make an answer wrong. Any other sign is part
 * of it: C# is not C, nor is .NET a net. Nothing is never right.
 */
function sameText(accepted: string, given: string): boolean {
  const wanted = plain(accepted);
  const said = plain(given);
  if (said === '' || wanted === '') return false;
  return wanted === said || unended(wanted) === said || withoutEnd(said, wanted);
}

/** Without case, accents, outer and double spaces. Superscripts stay what they are: 10² is not 102. */
function plain(text: string): string {
  return text
    .replace(/[^\u00b2\u00b3\u00b9\u2070-\u209f]+/g, (part) => part.normalize('NFKD'))
    .replace(/(?<=\p{L})[\u0300-\u036f]+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/(?<=\d) (?=[%‰°])/g, '')
    .trim();
}

/** Signs around an answer that people write as a sentence, none of which is what was asked for. */
function withoutEnd(said: string, wanted: string): boolean {
  const bare = withoutStop(unquoted(withoutStop(said)));
  return bare !== '' && (bare === wanted || bare === unended(wanted));
}

function withoutStop(said: string): string {
  return said.replace(/[.,;…。]+$/u, '').replace(/(?<=\p{L}{2})[!?]+$/u, '');
}

/** An accepted answer that ends as a sentence does: a full stop after a word. */
function unended(text: string): string {
  return text.replace(/(?<=\p{L}{2})\.$/u, '');
}

/** A word or more without the quotes around it; a letter in quotes may be a constant of some language. */
function unquoted(text: string): string {
  const [, inner] = /^["'“”„«»‘’`](.*\p{L}{2}.*)["'“”„«»‘’`]$/u.exec(text) ?? [];
  return (inner ?? text).trim();
}

/** `3,5` and ` 3.5 ` are 3.5; null is no number. */
function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : null;
}
