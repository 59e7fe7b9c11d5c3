import { LearningStatus } from '@docent/contracts/learning';
import {
  type Assessment,
  type AssessmentFilters,
  Feedback,
  type NewAssessment,
} from '@docent/contracts/learningAssessments';
import { type Position, type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, patternsOf } from '../graph/rows.ts';

const AssessmentRow = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  courseId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  difficulty: z.int(),
  timeLimitMinutes: z.int().nullable(),
  passingScore: z.number(),
  maxAttempts: z.int().nullable(),
  feedback: Feedback,
  externalUri: z.string().nullable(),
  status: LearningStatus,
  metadata: z.record(z.string(), z.json()),
  questionCount: z.int(),
  createdBy: z.uuid().nullable(),
  createdAt: At,
  updatedAt: At,
});

const ListRow = z
  .object({ position: z.string(), ...AssessmentRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const columns = sql`
  t.id, t.title, t.description, t.course_id as "courseId", t.skill_id as "skillId", t.difficulty,
  t.time_limit_minutes as "timeLimitMinutes", t.passing_score as "passingScore",
  t.max_attempts as "maxAttempts", t.feedback, t.external_uri as "externalUri", t.status, t.metadata,
  (select count(*)::int
     from docent.assessment_questions q
    where q.org_id = t.org_id
      and q.assessment_id = t.id
      and not q.retired) as "questionCount",
  t.created_by as "createdBy", t.created_at as "createdAt", t.updated_at as "updatedAt"`;

/** All that can be said about an assessment, but its questions. */
export type AssessmentValues = Omit<NewAssessment, 'questions'>;

export const assessmentStore: ResourceStore<Assessment, AssessmentValues, AssessmentFilters> = {
  find: findAssessment,
  lock: (tx, orgId, id) => findAssessment(tx, orgId, id, ROW_LOCK),

  list: listAssessments,

  async insert(tx, { orgId, userId }, id, given) {
    await run(
      tx,
      sql`
        insert into docent.assessments (org_id, id, title, description, course_id, skill_id, difficulty,
          time_limit_minutes, passing_score, max_attempts, feedback, external_uri, status, metadata, created_by)
        values (${orgId}, ${id}, ${given.title}, ${given.description}, ${given.courseId}, ${given.skillId},
          ${given.difficulty}, ${given.timeLimitMinutes}, ${given.passingScore}, ${given.maxAttempts},
          ${given.feedback}, ${given.externalUri}, ${given.status}, ${JSON.stringify(given.metadata)}::jsonb,
          ${userId})`,
    );
  },

  async update(tx, orgId, id, given) {
    await run(
      tx,
      sql`
        update docent.assessments
           set title = ${given.title},
               description = ${given.description},
               course_id = ${given.courseId},
               skill_id = ${given.skillId},
               difficulty = ${given.difficulty},
               time_limit_minutes = ${given.timeLimitMinutes},
               passing_score = ${given.passingScore},
               max_attempts = ${given.maxAttempts},
               feedback = ${given.feedback},
               external_uri = ${given.externalUri},
               status = ${given.status},
               metadata = ${JSON.stringify(given.metadata)}::jsonb
         where org_id = ${orgId}
           and id = ${id}`,
    );
  },

  remove: (tx, orgId, id) =>
    run(
      tx,
      sql`
        delete from docent.assessments
         where org_id = ${orgId}
           and id = ${id}`,
    ),
};

function findAssessment(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    AssessmentRow,
    sql`
      select ${columns}
        from docent.assessments t
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}

function listAssessments(
  tx: Tx,
  orgId: string,
  filters: AssessmentFilters,
  after: Position | null,
  limit: number,
) {
  const { courseId = null, skillId = null, difficulty = null, externalUri = null } = filters;
  const patterns = patternsOf(filters.q);
  return many(
    tx,
    ListRow,
    sql`
      select ${columns}, lower(t.title) as position
        from docent.assessments t
       where t.org_id = ${orgId}
         and (${patterns}::text[] is null or t.title || ' ' || t.description ilike all (${patterns}::text[]))
         and (${courseId}::uuid is null or t.course_id = ${courseId})
         and (${difficulty}::int is null or t.difficulty = ${difficulty})
         and (${externalUri}::text is null or t.external_uri = ${externalUri})
         and (${skillId}::uuid is null
              or t.skill_id = ${skillId}
              or exists (
                select
                  from docent.assessment_questions q
                 where q.org_id = t.org_id
                   and q.assessment_id = t.id
                   and q.skill_id = ${skillId}
                   and not q.retired))
         and case when ${filters.status ?? null}::text is null then t.status <> 'archived'
               else t.status = ${filters.status ?? null} end
         and (${after?.position ?? null}::text is null
              or (lower(t.title), t.id) > (${after?.position ?? null}::text, ${after?.id ?? null}::uuid))
       order by lower(t.title), t.id
       limit ${limit}`,
  );
}

/**
 * Edges to what an assessment tests: its course, its skill, the skills of its questions by their share of the
 * weight. Edges that somebody made or decided by hand stay as they are.
 */
export async function linkAssessed(tx: Tx, orgId: string, id: string): Promise<void> {
  await run(
    tx,
    sql`
      with tested (to_kind, to_id, weight) as (
        select 'course', a.course_id, 1.0::float8
          from docent.assessments a
         where a.org_id = ${orgId}
           and a.id = ${id}
           and a.course_id is not null
        union all
        select 'skill', coalesce(s.skill_id, a.skill_id),
               case when s.skill_id is null or s.skill_id = a.skill_id then 1 else s.share end
          from docent.assessments a
          full join (
            select q.skill_id, sum(q.weight) / sum(sum(q.weight)) over () as share
              from docent.assessment_questions q
             where q.org_id = ${orgId}
               and q.assessment_id = ${id}
               and not q.retired
             group by q.skill_id
          ) s
            on s.skill_id = a.skill_id
         where coalesce(a.org_id, ${orgId}) = ${orgId}
           and coalesce(a.id, ${id}) = ${id}
           and coalesce(s.skill_id, a.skill_id) is not null
      ),
      gone as (
        delete from docent.learning_edges e
         where e.org_id = ${orgId}
           and e.from_assessment_id = ${id}
           and e.type = 'assesses'
           and e.origin = 'inferred'
           and e.decided_by is null
           and not exists (select from tested t where t.to_kind = e.to_kind and t.to_id = e.to_id)
      )
      insert into docent.learning_edges as e (org_id, id, type, from_kind, from_id, to_kind, to_id, weight, origin)
      select ${orgId}, gen_random_uuid(), 'assesses', 'assessment', ${id}, t.to_kind, t.to_id, t.weight, 'inferred'
        from tested t
      on conflict (org_id, type, from_kind, from_id, to_kind, to_id) do update
        set weight = excluded.weight
        where e.origin = 'inferred'
          and e.decided_by is null
          and e.weight <> excluded.weight`,
  );
}
