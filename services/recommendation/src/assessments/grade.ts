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
      const given = normalised(response);
      return question.answer.accepted.some((text) => normalised(text) === given) ? 1 : 0;
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

/** Case, accents, spaces and signs at the ends do not make an answer wrong. */
export function normalised(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '');
}

/** `3,5` and ` 3.5 ` are 3.5; null is no number. */
function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : null;
}
