import { type Sql, sql } from '@docent/database/sql';
import type { PeriodNode } from './privacy/suppress.ts';

/** Calendar years that tables by month reach back, the current one included. */
export const YEARS = 3;

/** A table that is about now has this one period. */
export const NOW = 'now';
export const nowOnly: readonly PeriodNode[] = [{ id: NOW, children: [] }];

/** The years up to `now` with their quarters and months (UTC); no month that has not begun. */
export function calendar(now: Date): PeriodNode[] {
  const thisYear = now.getUTCFullYear();
  return Array.from({ length: YEARS }, (_, back) => thisYear - YEARS + 1 + back).map((year) => ({
    id: String(year),
    children: [1, 2, 3, 4]
      .map((quarter) => ({
        id: `${year}-Q${quarter}`,
        children: [2, 1, 0]
          .map((left) => quarter * 3 - left)
          .filter((month) => year < thisYear || month <= now.getUTCMonth() + 1)
          .map((month) => ({ id: `${year}-${String(month).padStart(2, '0')}`, children: [] })),
      }))
      .filter(({ children }) => children.length > 0),
  }));
}

/** First and last month of a month, quarter or year. */
export function monthsOf(period: string): { first: string; last: string } {
  const [year = '', part] = period.split('-');
  if (part === undefined) return { first: `${year}-01`, last: `${year}-12` };
  if (!part.startsWith('Q')) return { first: period, last: period };
  const end = Number(part.slice(1)) * 3;
  const month = (n: number) => `${year}-${String(n).padStart(2, '0')}`;
  return { first: month(end - 2), last: month(end) };
}

/** The month, quarter and year of a time, as rows of one column `period`. */
export function periodsOf(time: Sql): Sql {
  return sql`
    (values (to_char(${time} at time zone 'utc', 'YYYY-MM')),
            (to_char(${time} at time zone 'utc', 'YYYY"-Q"Q')),
            (to_char(${time} at time zone 'utc', 'YYYY')))`;
}

/** The first moment that tables by month know. */
export function since(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear() - YEARS + 1, 0, 1));
}
