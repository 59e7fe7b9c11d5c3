import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Entry = z.object({
  kind: z.enum(['skill', 'course', 'assessment', 'department']),
  id: z.uuid(),
  name: z.string(),
  uri: z.string().nullable(),
});
export type Entry = z.infer<typeof Entry>;

/** What rows may refer to, by kind, name and address. */
export function findEntries(tx: Tx, orgId: string): Promise<Entry[]> {
  return many(
    tx,
    Entry,
    sql`
      select 'skill' as kind, id, name, external_uri as uri
        from docent.skills
       where org_id = ${orgId}
      union all
      select 'course', id, title, external_uri
        from docent.courses
       where org_id = ${orgId}
      union all
      select 'assessment', id, title, external_uri
        from docent.assessments
       where org_id = ${orgId}
      union all
      select 'department', id, name, null
        from docent.departments
       where org_id = ${orgId}`,
  );
}

/** The target for exactly these people and this skill. */
export function findTargets(
  tx: Tx,
  orgId: string,
): Promise<{ id: string; key: string; level: number; importance: number }[]> {
  return many(
    tx,
    z.object({ id: z.uuid(), key: z.string(), level: z.int(), importance: z.number() }),
    sql`
      select id, level, importance,
             skill_id || '/' || coalesce(department_id::text, '') || '/' || coalesce(lower(job_role), '') as key
        from docent.skill_targets
       where org_id = ${orgId}`,
  );
}

/** Which assessment a question with an address belongs to. */
export async function findQuestionAddresses(tx: Tx, orgId: string): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    z.object({ uri: z.string(), assessmentId: z.uuid() }),
    sql`
      select external_uri as uri, assessment_id as "assessmentId"
        from docent.assessment_questions
       where org_id = ${orgId}
         and external_uri is not null`,
  );
  return new Map(rows.map(({ uri, assessmentId }) => [uri, assessmentId]));
}
