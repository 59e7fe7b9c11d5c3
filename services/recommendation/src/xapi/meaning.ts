import type { Statement, StatementResult } from '@docent/contracts/learningXapi';

/** What a statement means here, before it is known whom and what it is about. */
export type Meaning =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'progress';
      /** Percent. */
      readonly progress: number | null;
      readonly status: 'in_progress' | 'completed' | 'waived' | 'dropped' | null;
      /** It says something of a course and of nothing else. */
      readonly courseOnly?: true;
    }
  | {
      readonly kind: 'result';
      readonly passed: boolean;
      /** Percent; null when no score was told. */
      readonly score: number | null;
      readonly seconds: number | null;
    }
  | {
      readonly kind: 'answer';
      /** 0 wrong, 1 right. */
      readonly score: number;
      readonly response: string | null;
    };

const ADL = 'http://adlnet.gov/expapi/verbs/';
export const PASSED = `${ADL}passed`;
export const FAILED = `${ADL}failed`;
const W3ID = 'https://w3id.org/xapi/';
/** Progress is told in many scales. Its IRI tells which; the size of the number never does. */
const PROGRESS_SCALES: Readonly<Record<string, number>> = {
  [`${W3ID}cmi5/result/extensions/progress`]: 1,
  [`${W3ID}video/extensions/progress`]: 100,
  [`${W3ID}seriousgames/extensions/progress`]: 100,
};

/**
 * Verbs of cmi5, of the video profile and of ADL, mapped to progress, results and answers. Anything else is kept
 * and means nothing. A score never is progress: some senders put progress there, with `completion: false`.
 */
export function meaningOf({ verb, result = {} }: Pick<Statement, 'verb' | 'result'>): Meaning {
  switch (verb.id) {
    case `${ADL}initialized`:
    case `${ADL}launched`:
    case `${ADL}attempted`:
    case `${ADL}experienced`:
    case `${ADL}resumed`:
      return { kind: 'progress', progress: progressOf(result), status: 'in_progress' };
    case `${ADL}progressed`:
    case `${W3ID}video/verbs/played`:
    case `${W3ID}video/verbs/paused`:
    case `${W3ID}video/verbs/seeked`:
    case `${ADL}terminated`:
    case `${ADL}suspended`:
    case `${ADL}exited`: {
      const progress = progressOf(result);
      return progress === null ? { kind: 'none' } : { kind: 'progress', progress, status: null };
    }
    case `${ADL}completed`:
      // Activities that say they are over, and at once that they are not: only how far.
      return result.completion === false
        ? { kind: 'progress', progress: progressOf(result), status: 'in_progress' }
        : { kind: 'progress', progress: 100, status: 'completed' };
    case `${W3ID}adl/verbs/waived`:
      return { kind: 'progress', progress: null, status: 'waived' };
    case `${W3ID}adl/verbs/satisfied`:
    case `${ADL}satisfied`:
      return { kind: 'progress', progress: 100, status: 'completed', courseOnly: true };
    case `${W3ID}adl/verbs/abandoned`:
      return { kind: 'progress', progress: progressOf(result), status: null };
    case PASSED:
    case FAILED:
      // A sender that says both leaves nothing to believe.
      if (result.success !== undefined && result.success !== (verb.id === PASSED)) {
        return { kind: 'none' };
      }
      return {
        kind: 'result',
        passed: verb.id === PASSED,
        score: scoreOf(result),
        seconds: result.duration === undefined ? null : secondsOf(result.duration),
      };
    case `${ADL}answered`: {
      const score = answerScore(result);
      return score === null
        ? { kind: 'none' }
        : { kind: 'answer', score, response: result.response ?? null };
    }
    default:
      return { kind: 'none' };
  }
}

/** Percent, 0 to 100, or null when none was told or it is out of its scale. */
function progressOf({ extensions = {} }: StatementResult): number | null {
  for (const [iri, scale] of Object.entries(PROGRESS_SCALES)) {
    const value = extensions[iri];
    if (typeof value !== 'number') continue;
    // cmi5 tells whole percents: a fraction is on some other scale.
    if (scale === 1 && !Number.isInteger(value)) return null;
    const percent = value * scale;
    return percent >= 0 && percent <= 100 ? percent : null;
  }
  return null;
}

/** Percent: scaled, or raw between its bounds, both of them told. A scaled score below 0 is 0. */
function scoreOf({ score }: StatementResult): number | null {
  if (score?.scaled !== undefined) return Math.max(0, score.scaled) * 100;
  const { raw, min, max } = score ?? {};
  if (raw === undefined || min === undefined || max === undefined || max <= min) return null;
  return Math.min(100, Math.max(0, ((raw - min) / (max - min)) * 100));
}

function answerScore(result: StatementResult): number | null {
  const score = scoreOf(result);
  if (score !== null) return score / 100;
  return result.success === undefined ? null : Number(result.success);
}

/** Seconds of an ISO 8601 duration; a year has 365 days, a month 30. */
export function secondsOf(duration: string): number {
  const [date = '', time = ''] = duration.replace(/^P/, '').split('T');
  const sum = (text: string, units: Readonly<Record<string, number>>) =>
    [...text.matchAll(/(\d+(?:\.\d+)?)([A-Z])/g)].reduce(
      (total, [, amount, unit = '']) => total + Number(amount) * (units[unit] ?? 0),
      0,
    );
  const days = sum(date, { Y: 365, M: 30, W: 7, D: 1 });
  return Math.round(days * 86_400 + sum(time, { H: 3_600, M: 60, S: 1 }));
}
