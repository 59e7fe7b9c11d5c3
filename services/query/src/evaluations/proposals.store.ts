import type { Principal } from '@docent/core/principal';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const RatedRow = z.object({
  id: z.uuid(),
  question: z.string(),
  up: z.int(),
  down: z.int(),
  /** Of the answers that were rated up: whether any of them said something. */
  answered: z.boolean(),
  /** Contents that answers rated up cite with support, most cited first. */
  contentIds: z.array(z.uuid()),
  reasons: z.array(z.string()),
});
export type Rated = z.output<typeof RatedRow>;

/** Proposals of one request at most. */
const MOST = 500;

/** What the caller asked and rated, newest first. */
export function findOwnRated(tx: Tx, { orgId, userId }: Principal): Promise<Rated[]> {
  return many(
    tx,
    RatedRow,
    sql`
      select m.id, m.question, (f.rating = 'up')::int as up, (f.rating = 'down')::int as down,
             m.outcome = 'answer' as answered,
             array(
               select c ->> 'contentId'
                 from jsonb_array_elements(m.citations) c
                where (c ->> 'supported')::boolean
                group by 1
                order by count(*) desc, 1) as "contentIds",
             array_remove(array[f.reason, nullif(f.comment, '')], null) as reasons
        from docent.feedback f
        join docent.messages m
          on m.org_id = ${orgId}
         and m.id = f.message_id
         and m.user_id = ${userId}
       where f.org_id = ${orgId}
         and f.user_id = ${userId}
         and m.outcome in ('answer', 'abstain')
         and m.question ~ '[[:alnum:]]'
         and length(m.question) <= 2000
       order by f.updated_at desc, m.id
       limit ${MOST}`,
  );
}

/**
 * Groups of questions that enough people asked to be shown, in the words that analytics shows them in, with the ratings
 * of all of them together; for a worker, as ratings are private. Says nothing about who asked or rated.
 */
export function findGroupsRated(tx: Tx, orgId: string): Promise<Rated[]> {
  return many(
    tx,
    RatedRow,
    sql`
      with rated as (
        select g.id, g.example, f.rating, m.outcome, m.citations
          from docent.question_groups g
          join docent.question_group_members b
            on b.org_id = ${orgId}
           and b.group_id = g.id
          join docent.messages m
            on m.org_id = ${orgId}
           and m.user_id = b.user_id
           and m.id = b.message_id
          join docent.feedback f
            on f.org_id = ${orgId}
           and f.message_id = m.id
           and f.user_id = b.user_id
         where g.org_id = ${orgId}
           and g.published
           and g.example ~ '[[:alnum:]]'
      )
      select r.id, r.example as question, count(*) filter (where r.rating = 'up')::int as up,
             count(*) filter (where r.rating = 'down')::int as down,
             coalesce(bool_or(r.outcome = 'answer') filter (where r.rating = 'up'), false) as answered,
             array(
               select c ->> 'contentId'
                 from rated s
                 cross join jsonb_array_elements(s.citations) c
                where s.id = r.id
                  and s.rating = 'up'
                  and (c ->> 'supported')::boolean
                group by 1
                order by count(*) desc, 1) as "contentIds",
             '{}'::text[] as reasons
        from rated r
       group by r.id, r.example
       order by count(*) desc, r.id
       limit ${MOST}`,
  );
}

const QuizRow = z.object({
  id: z.uuid(),
  prompt: z.string(),
  assessment: z.string(),
  type: z.enum(['single', 'multiple', 'text', 'numeric']),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  answer: z.object({
    options: z.array(z.string()).optional(),
    accepted: z.array(z.string()).optional(),
    value: z.number().optional(),
  }),
  contentIds: z.array(z.uuid()),
});
export type Quiz = z.output<typeof QuizRow>;

/**
 * Questions of assessments with their right answers, and the contents that teach or cover the skill, or cover the
 * course; as far as the caller may read the answers.
 */
export function findQuizzes(tx: Tx, orgId: string, assessmentId: string | null): Promise<Quiz[]> {
  return many(
    tx,
    QuizRow,
    sql`
      select q.id, q.prompt, a.title as assessment, q.type, q.options, k.answer,
             array(
               select distinct e.from_content_id::text
                 from docent.learning_edges e
                where e.org_id = ${orgId}
                  and e.from_content_id is not null
                  and e.status = 'confirmed'
                  and e.type in ('teaches', 'covers')
                  and (e.to_skill_id = coalesce(q.skill_id, a.skill_id) or e.to_course_id = a.course_id)
                order by 1
                limit 20) as "contentIds"
        from docent.assessment_questions q
        join docent.assessments a
          on a.org_id = ${orgId}
         and a.id = q.assessment_id
         and a.status = 'published'
        join docent.assessment_keys k
          on k.org_id = ${orgId}
         and k.id = q.id
       where q.org_id = ${orgId}
         and not q.retired
         and length(q.prompt) <= 2000
         and (${assessmentId}::uuid is null or a.id = ${assessmentId}::uuid)
       order by a.title, q.position, q.id
       limit ${MOST}`,
  );
}
