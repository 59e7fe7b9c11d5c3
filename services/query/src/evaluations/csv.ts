import type { Evaluation, EvaluationResult } from '@docent/contracts/evaluations';
import { stringify } from 'csv-stringify/sync';

const columns = [
  'position',
  'question',
  'answerable',
  'expectedContents',
  'expectedAnswers',
  'language',
  'status',
  'outcome',
  'answer',
  'citations',
  'confidence',
  'passed',
  'firstRank',
  'ndcg',
  'recall',
  'reciprocalRank',
  'contained',
  'citedExpected',
  'abstentionRight',
  'support',
  'searchMs',
  'writeMs',
  'verifyMs',
  'totalMs',
  'tokens',
  'error',
] as const;

/** The results of a run as a spreadsheet reads them. What would start a formula there is marked as text. */
export function csvOf(
  { setName, createdAt }: Evaluation,
  results: readonly EvaluationResult[],
): { name: string; text: string } {
  const rows = results.map(({ ms, ...result }) => ({
    ...result,
    expectedContents: result.expectedContents
      .map(({ contentId, title, page, heading }) =>
        [contentId ?? title, page === undefined ? null : `page ${page}`, heading]
          .filter(Boolean)
          .join(' · '),
      )
      .join(' | '),
    expectedAnswers: result.expectedAnswers.join(' | '),
    citations: result.citations
      .map(({ title, supported }) => `${title}${supported ? '' : ' (unsupported)'}`)
      .join(' | '),
    searchMs: rounded(ms.search),
    writeMs: rounded(ms.write),
    verifyMs: rounded(ms.verify),
    totalMs: rounded(ms.total),
    error: result.error?.detail ?? null,
  }));
  const text = stringify(rows, {
    bom: true,
    header: true,
    columns: [...columns],
    cast: { boolean: (value) => (value ? 'true' : 'false') },
    escape_formulas: true,
  });
  const name = setName
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { name: `${name || 'evaluation'}_${createdAt.slice(0, 10)}.csv`, text };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10;
}
