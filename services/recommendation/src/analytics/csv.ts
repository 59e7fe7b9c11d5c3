import type { Analytics, AnalyticsTable } from '@docent/contracts/analytics';
import { stringify } from 'csv-stringify/sync';

export interface CsvFile {
  readonly name: string;
  /** UTF-8 with a byte order mark, for spreadsheets. */
  readonly text: string;
}

const group = ['group.kind', 'group.departmentId', 'group.name'];
const people = ['value.people.atLeast', 'value.people.atMost'];

/** Columns of each table, as paths into its rows. */
const columns: Readonly<Record<AnalyticsTable, readonly string[]>> = {
  skillGaps: [
    ...group,
    'skill.id',
    'skill.name',
    'value.suppressed',
    'value.state',
    ...people,
    'value.coverage',
    'value.meanGap',
    'value.requiredLevel',
  ],
  completion: [
    ...group,
    'period',
    'value.suppressed',
    ...people,
    'value.enrolments',
    'value.completed',
  ],
  timeToCompetency: [
    ...group,
    'skill.id',
    'skill.name',
    'value.suppressed',
    ...people,
    'value.reached',
    'value.medianDays',
  ],
  activity: [...group, 'period', 'value.suppressed', ...people, 'value.events'],
  atRisk: [...group, 'value.suppressed', ...people, 'value.atRisk'],
  content: [
    ...group,
    'course.id',
    'course.title',
    'value.suppressed',
    ...people,
    'value.completed',
    'value.gain',
    'value.dropOff.from',
    'value.dropOff.to',
    'value.dropOff.share',
  ],
  questions: [
    'assessment.id',
    'assessment.title',
    'questionId',
    'value.suppressed',
    ...people,
    'value.correct',
    'value.discrimination',
    'value.flagged',
  ],
  recommendations: [
    ...group,
    'by',
    'key',
    'value.suppressed',
    ...people,
    'value.clicked',
    'value.enrolled',
    'value.completed',
  ],
  knowledgeGaps: [
    ...group,
    'questionGroupId',
    'value.suppressed',
    ...people,
    'value.missRate',
    'content.id',
    'content.title',
    'content.similarity',
    'example',
  ],
};

/** A table as a spreadsheet reads it. What would start a formula there is marked as text. */
export function csvOf(
  table: AnalyticsTable,
  { from, to }: Pick<Analytics, 'from' | 'to'>,
  rows: readonly object[],
): CsvFile {
  const text = stringify([...rows], {
    bom: true,
    header: true,
    columns: columns[table].map((path) => ({ key: path, header: path.replace(/^value\./, '') })),
    cast: { boolean: (value) => (value ? 'true' : 'false') },
    escape_formulas: true,
  });
  return { name: `${table}_${from}_${to}.csv`, text };
}
