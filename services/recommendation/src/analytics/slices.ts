import type { AnalyticsGroup } from '@docent/contracts/analytics';
import { type Group, leafId, type Place, reported } from './groups.ts';
import { NOW } from './periods.ts';
import {
  flatten,
  type Measure,
  type PeriodNode,
  type Published,
  suppress,
} from './privacy/suppress.ts';

/** Cells of one thing (a skill, a course; '' for a table that has no such thing). */
export interface CellRow<C> extends Place {
  readonly slice: string;
  /** Missing in a table that is about now. */
  readonly period?: string;
  readonly cell: C;
}

export interface SliceTable<C> {
  readonly tree: Group;
  readonly periods: readonly PeriodNode[];
  readonly measure: Measure<C>;
  readonly k: number;
  readonly shownBefore?:
    | ((slice: string, group: AnalyticsGroup, period: string) => boolean)
    | undefined;
}

/** A line of a report. */
export interface Line<C> {
  readonly group: AnalyticsGroup;
  readonly slice: string;
  readonly period: string;
  readonly cell: C | 'hidden' | null;
}

/**
 * What may be shown of each slice, every slice by itself: no table has totals over slices.
 *
 * @returns gives the lines of a group's report. A year that may not be split has one line, one that may has
 *   lines of its quarters or months. Job titles appear only with what may be shown of them.
 */
export function publishSlices<C>(
  { tree, periods, measure, k, shownBefore }: SliceTable<C>,
  rows: readonly CellRow<C>[],
): (group: Group) => Line<C>[] {
  const slices = Map.groupBy(rows, ({ slice }) => slice);
  const nodes = new Map(flatten(tree).map((group) => [group.id, group.shown]));
  const published = [...slices].map(([slice, cells]): [string, Published<C>] => {
    const byKey = new Map(cells.map((row) => [`${leafId(row)} ${row.period ?? NOW}`, row.cell]));
    const before =
      shownBefore === undefined
        ? undefined
        : (id: string, period: string) => {
            const shown = nodes.get(id);
            return shown !== undefined && shownBefore(slice, shown, period);
          };
    return [
      slice,
      suppress({
        groups: tree,
        periods,
        cells: (group, period) => byKey.get(`${group} ${period}`),
        measure,
        k,
        shownBefore: before,
      }),
    ];
  });

  return (group) =>
    published.flatMap(([slice, table]) =>
      reported(group).flatMap(({ id, shown }) =>
        periods
          .flatMap((period) => finest(table, id, period))
          .map(({ period, cell }) => ({ group: shown, slice, period, cell }))
          .filter(({ cell }) => shown.kind !== 'job_title' || (cell !== 'hidden' && cell !== null)),
      ),
    );
}

function finest<C>(
  table: Published<C>,
  group: string,
  period: PeriodNode,
): { period: string; cell: C | 'hidden' | null }[] {
  const { id, children } = period;
  const cell = table.at(group, id);
  if (cell === null) {
    return flatten(period)
      .filter((part) => part.children.length === 0)
      .map((part) => ({ period: part.id, cell: null }));
  }
  const split =
    children.length > 0 && children.every((part) => table.at(group, part.id) !== 'hidden');
  if (split) return children.flatMap((part) => finest(table, group, part));
  return [{ period: id, cell }];
}

/** In the order of the names of what they are about; a slice without a name comes first. */
export function byName<C>(
  rows: readonly CellRow<C>[],
  names: ReadonlyMap<string, string>,
): CellRow<C>[] {
  const key = ({ slice }: CellRow<C>) => `${names.get(slice) ?? ''} ${slice}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
