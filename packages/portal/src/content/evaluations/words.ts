import type { Evaluation, Measure } from '@docent/contracts/evaluations';
import { percent } from '../../ui/words.ts';
import type { Tone } from '../words.ts';

export const base = '/app/content/evaluations';

export const statusNames: Record<Evaluation['status'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

export const statusTones: Record<Evaluation['status'], Tone> = {
  queued: 'accent',
  running: 'accent',
  done: 'good',
  cancelled: 'plain',
  failed: 'bad',
};

export const measureNames: Record<Measure, string> = {
  passed: 'Right, whatever could be judged',
  ndcg: 'Right contents found, by their place (nDCG at 10)',
  recall: 'Right contents found at all (recall at 10)',
  reciprocalRank: 'Place of the first right content (reciprocal rank)',
  contained: 'An expected answer stands in the text',
  citedExpected: 'A right content is cited',
  abstentionRight: 'Answered what can be answered, and nothing else',
  support: 'Citations whose passages support them',
};

export function isGoing({ status }: Pick<Evaluation, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** `82 % right`, or what a run without figures is. */
export function passedInWords({ figures, percent: done, status }: Evaluation): string {
  const passed = figures?.measures.passed;
  if (passed !== undefined) return `${percent(passed.mean)} right`;
  return isGoing({ status }) ? `${done} % asked` : '–';
}
