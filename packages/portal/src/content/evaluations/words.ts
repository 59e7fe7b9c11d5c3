import type { Evaluation, Measure, RunSettings } from '@docent/contracts/evaluations';
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

const settingNames: Record<keyof RunSettings, string> = {
  abstainBelow: 'Answers from a probability of',
  answerer: 'Answers are',
  citationJudge: 'Citations are judged by',
  unsupportedCitations: 'Citations that nothing supports are',
  mode: 'Searched by',
  vectorShare: 'What meaning counts beside words',
  rerank: 'Found passages are reranked',
  passages: 'Passages of an answer, at most',
  contextTokens: 'Tokens for passages',
  maxTokens: 'Tokens of an answer, at most',
};

const valueNames: Readonly<Record<string, string>> = {
  configured: 'as configured',
  extractive: 'quotes of the material',
  off: 'words',
  model: 'words, then the chat model',
  mark: 'marked',
  remove: 'removed',
  hybrid: 'words and meaning',
  vectors: 'meaning',
};

/** A setting of a run as people read it. */
export function settingInWords(name: string, value: unknown) {
  const label = Object.entries(settingNames).find(([one]) => one === name)?.[1] ?? name;
  if (value === null) return { label, value: 'as measured for the model' };
  if (typeof value === 'boolean') return { label, value: value ? 'yes' : 'no' };
  if (typeof value === 'number') return { label, value: value.toLocaleString() };
  if (typeof value === 'string') return { label, value: valueNames[value] ?? value };
  return { label, value: JSON.stringify(value) };
}

/** What a run was run with, and what of it the run tried. */
export function settingsInWords({ settings, candidate }: Evaluation) {
  const tried = new Set(Object.keys(candidate));
  const order = Object.keys(settingNames);
  return Object.entries(settings)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([name, value]) => ({ ...settingInWords(name, value), tried: tried.has(name) }));
}

export function isGoing({ status }: Pick<Evaluation, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** `82 % right`, or what a run without figures is. */
export function passedInWords({ figures, percent: done, status }: Evaluation): string {
  const passed = figures?.measures.passed;
  if (passed !== undefined) return `${percent(passed.mean)} right`;
  return isGoing({ status }) ? `${done} % asked` : '–';
}
