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

/**
 * Titles of the confirmed prerequisites of a skill or course, as JSON.
 * @param id the column of the statement around, whose table is `t`.
 */
export const prerequisitesOf = (kind: 'skill' | 'course', id: ReturnType<typeof sql>) => sql`
  (select coalesce(json_agg(json_build_object('kind', e.from_kind, 'id', e.from_id,
            'title', coalesce(fs.name, fc.title)) order by coalesce(fs.name, fc.title), e.from_id), '[]')
     from docent.learning_edges e
     left join docent.skills fs
       on fs.org_id = e.org_id and fs.id = e.from_skill_id
     left join docent.courses fc
       on fc.org_id = e.org_id and fc.id = e.from_course_id
    where e.org_id = t.org_id
      and e.to_kind = ${kind}
      and e.to_id = ${id}
      and e.type = 'prerequisite'
      and e.status = 'confirmed'
      and coalesce(fs.name, fc.title) is not null)`;
