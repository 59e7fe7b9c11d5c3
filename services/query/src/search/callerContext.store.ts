import { type Sql, sql } from '@docent/database/sql';
import type { SearchContext } from './context.ts';

/**
 * What of the content is the caller's: the courses that they are in the middle of, the language that they read. Each
 * table more costs the planner as much as its few rows cost the executor: only those that are needed.
 */
export function callers(orgId: string, { weights, userId, language }: SearchContext): Sql {
  return sql`callers as materialized (
      select ${weights.course > 0 ? contentsInProgress(orgId, userId) : sql`'{}'::uuid[]`} as contents,
             nullif(docent.text_config(${language ? sql`${language}` : ownLanguage(orgId, userId)}), 'simple')
               as config
    )`;
}

function contentsInProgress(orgId: string, userId: string): Sql {
  return sql`array(
               select e.from_content_id
                 from docent.learning_progress p
                 join docent.learning_edges e
                   on e.org_id = ${orgId}
                  and e.to_kind = 'course'
                  and e.to_id = p.course_id
                  and e.type = 'covers'
                  and e.status = 'confirmed'
                where p.org_id = ${orgId}
                  and p.user_id = ${userId}
                  and p.status = 'in_progress'
                  and p.course_id is not null)`;
}

function ownLanguage(orgId: string, userId: string): Sql {
  return sql`(
               select u.preferences ->> 'language'
                 from docent.users u
                where u.org_id = ${orgId}
                  and u.id = ${userId})`;
}

/** What a candidate (`scored`) has of it, weighted, ≥ 0. */
export function contextual({ weights, departmentIds }: SearchContext): Sql {
  return sql`
             ${weights.department}::float8 * (coalesce(scored.department_id = any (${departmentIds}::uuid[]), false))::int
               + ${weights.language}::float8 * (coalesce(scored.config = (select config from callers), false))::int
               + ${weights.course}::float8
                 * (scored.content_id = any ((select contents from callers)::uuid[]))::int`;
}
