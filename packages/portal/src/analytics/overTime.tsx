import type { AnalyticsBodies } from '@docent/contracts/analytics';
import { type ColumnOf, Columns } from '../charts/columns.tsx';
import { Figure } from '../charts/figure.tsx';
import { percent } from '../ui/words.ts';
import { type About, ExportButton } from './section.tsx';
import {
  HIDDEN,
  isHidden,
  isWhole,
  peopleText,
  periodLabel,
  type Shown,
  shownOf,
} from './values.ts';

type Completion = AnalyticsBodies['completion']['rows'][number];
type Activity = AnalyticsBodies['activity']['rows'][number];

/** Of those who began a course in a month, how many completed it. */
export function CompletionOverTime({
  rows,
  about,
}: {
  readonly rows: readonly Completion[];
  readonly about: About;
}) {
  const own = rows.filter(({ group }) => isWhole(group, about.departmentId));
  return (
    <Figure
      title="Completion"
      sentence={completionSentence(own)}
      actions={<ExportButton about={about} table="completion" />}
      rows={own}
      empty={own.every(({ value }) => value === null)}
      rowKey={({ period }) => period}
      columns={[
        { key: 'period', label: 'Began in', cell: ({ period }) => period },
        {
          key: 'completed',
          label: 'Completed',
          numeric: true,
          cell: ({ value }) => textOf(value, ({ completed }) => percent(completed)),
        },
        {
          key: 'enrolments',
          label: 'Enrolments',
          numeric: true,
          cell: ({ value }) => textOf(value, ({ enrolments }) => `about ${enrolments}`),
        },
        {
          key: 'people',
          label: 'People',
          cell: ({ value }) => textOf(value, ({ people }) => peopleText(people)),
        },
      ]}
    >
      <Columns
        data={own.map((row) => columnOf(row, ({ completed }) => completed))}
        max={1}
        format={percent}
      />
    </Figure>
  );
}

/** What people did, month by month. */
export function ActivityOverTime({
  rows,
  about,
}: {
  readonly rows: readonly Activity[];
  readonly about: About;
}) {
  const own = rows.filter(({ group }) => isWhole(group, about.departmentId));
  return (
    <Figure
      title="Activity"
      sentence={activitySentence(own)}
      actions={<ExportButton about={about} table="activity" />}
      rows={own}
      empty={own.every(({ value }) => value === null)}
      rowKey={({ period }) => period}
      columns={[
        { key: 'period', label: 'Period', cell: ({ period }) => period },
        {
          key: 'events',
          label: 'Steps of learning, answers and questions',
          numeric: true,
          cell: ({ value }) => textOf(value, ({ events }) => `about ${events.toLocaleString()}`),
        },
        {
          key: 'people',
          label: 'People',
          cell: ({ value }) => textOf(value, ({ people }) => peopleText(people)),
        },
      ]}
    >
      <Columns
        data={own.map((row) => columnOf(row, ({ events }) => events))}
        format={(value) => value.toLocaleString()}
      />
    </Figure>
  );
}

function columnOf<T extends object>(
  { period, value }: { readonly period: string; readonly value: Shown<T> },
  read: (value: T) => number,
): ColumnOf {
  const shown = shownOf(value);
  return {
    key: period,
    label: periodLabel(period),
    value: shown === null ? (value === null ? 'none' : 'hidden') : read(shown),
  };
}

function textOf<T extends object>(value: Shown<T>, read: (value: T) => string): string {
  if (value === null) return 'none';
  return isHidden(value) ? HIDDEN : read(value);
}

function completionSentence(rows: readonly Completion[]): string {
  const shown = rows.flatMap(({ period, value }) => {
    const completion = shownOf(value);
    return completion === null ? [] : [{ period, ...completion }];
  });
  const last = shown.at(-1);
  if (last === undefined) return 'Nobody began a course in this time, or too few did to be shown.';
  const all = shown.reduce((sum, { enrolments }) => sum + enrolments, 0);
  const mean =
    shown.reduce((sum, { enrolments, completed }) => sum + enrolments * completed, 0) /
    Math.max(1, all);
  return `Of the courses that people began in this time, they completed ${percent(mean)}; of those begun in ${periodLabel(last.period)}, ${percent(last.completed)} so far.`;
}

function activitySentence(rows: readonly Activity[]): string {
  const shown = rows.flatMap(({ period, value }) => {
    const activity = shownOf(value);
    return activity === null ? [] : [{ period, ...activity }];
  });
  const busiest = shown.reduce<(typeof shown)[number] | null>(
    (best, row) => (best === null || row.events > best.events ? row : best),
    null,
  );
  if (busiest === null) return 'Nobody learned or asked in this time, or too few did to be shown.';
  return `Most was done in ${periodLabel(busiest.period)}: about ${busiest.events.toLocaleString()} steps of learning, answers and questions, by ${peopleText(busiest.people)}.`;
}
