import type { LearningExport } from '@docent/contracts/recommend';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

type Rows = Omit<LearningExport, 'exportedAt' | 'profile' | 'skills'>;

const Row = z.object({ row: z.record(z.string(), z.json()) });

/** Every row about somebody's learning, in the order of time, as its columns are. Row-level security says whose. */
export async function findEverything(tx: Tx, orgId: string, userId: string): Promise<Rows> {
  const rows = async (statement: ReturnType<typeof sql>) =>
    (await many(tx, Row, statement)).map(({ row }) => row);
  const [progress, progressEvents, declarations, attempts, answers, statements, recommendations] =
    await Promise.all([
      rows(sql`
        select to_jsonb(t) as row
          from (
            select coalesce(c.title, s.name) as title, p.course_id, p.skill_id, p.status, p.progress, p.assigned_at,
                   p.due_at, p.started_at, p.completed_at, p.occurred_at, p.source, p.registration
              from docent.learning_progress p
              left join docent.courses c on c.org_id = ${orgId} and c.id = p.course_id
              left join docent.skills s on s.org_id = ${orgId} and s.id = p.skill_id
             where p.org_id = ${orgId}
               and p.user_id = ${userId}
             order by p.occurred_at, p.id
          ) t`),
      rows(sql`
        select to_jsonb(t) as row
          from (
            select course_id, skill_id, status, progress, due_at, registration, occurred_at, source, event_id,
                   created_at as received_at
              from docent.progress_events
             where org_id = ${orgId}
               and user_id = ${userId}
             order by occurred_at, id
          ) t`),
      rows(sql`
        select to_jsonb(t) as row
          from (
            select s.name as skill, d.skill_id, d.kind, d.level, d.note, d.declared_by, d.declared_at
              from docent.skill_declarations d
              join docent.skills s on s.org_id = ${orgId} and s.id = d.skill_id
             where d.org_id = ${orgId}
               and d.user_id = ${userId}
             order by d.declared_at, d.id
          ) t`),
      rows(sql`
        select to_jsonb(t) as row
          from (
            select t.id, a.title as assessment, t.assessment_id, t.status, t.started_at, t.deadline_at, t.completed_at,
                   t.time_taken_seconds, t.score, t.passed, t.source
              from docent.assessment_attempts t
              join docent.assessments a on a.org_id = ${orgId} and a.id = t.assessment_id
             where t.org_id = ${orgId}
               and t.user_id = ${userId}
             order by t.started_at, t.id
          ) t`),
      // An assessment that tells the score only does not tell by this way either which answers were right.
      rows(sql`
        select to_jsonb(t) as row
          from (
            select r.attempt_id, r.question_id, q.prompt as question, r.skill_id, r.response,
                   case when a.feedback <> 'score' then r.score end as score, r.answered_at, r.source
              from docent.attempt_answers r
              join docent.assessment_questions q on q.org_id = ${orgId} and q.id = r.question_id
              join docent.assessments a on a.org_id = ${orgId} and a.id = q.assessment_id
             where r.org_id = ${orgId}
               and r.user_id = ${userId}
             order by r.answered_at, r.id
          ) t`),
      rows(sql`
        select raw as row
          from docent.xapi_statements
         where org_id = ${orgId}
           and user_id = ${userId}
         order by occurred_at, id`),
      rows(sql`
        select to_jsonb(t) as row
          from (
            select id, type, item_id, position, score, reason_type, reason, evidence, algo_version, created_at,
                   shown_at, clicked_at, dismissed_at, dismiss_reason, enrolled_at, completed_at
              from docent.recommendations
             where org_id = ${orgId}
               and user_id = ${userId}
             order by created_at, position, id
          ) t`),
    ]);
  return {
    progress,
    progressEvents,
    declarations,
    attempts,
    answers,
    statements,
    recommendations,
  };
}
