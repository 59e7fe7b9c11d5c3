import { sql } from '@docent/database/sql';
import { z } from 'zod';

/** A time as the API shows it. */
export const At = z.date().transform((date) => date.toISOString());

/** Microseconds, as the database has them: a page ends between two rows of one millisecond. */
export const timePosition = (column: ReturnType<typeof sql>) =>
  sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Patterns for `ilike all`: every word of a search, in any place; null when nothing is searched. */
export function patternsOf(q: string | undefined): string[] | null {
  return q?.split(/\s+/).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`) ?? null;
}
