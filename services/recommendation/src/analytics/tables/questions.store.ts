import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Item = z
  .object({
    questionId: z.uuid(),
    assessmentId: z.uuid(),
    title: z.string(),
    people: z.int(),
    correct: z.number(),
    discrimination: z.number().nullable(),
  })
  .transform(({ assessmentId, title, ...item }) => ({
    ...item,
    assessment: { id: assessmentId, title },
  }));
/** A question with its mean score, 0 to 1, and the correlation of the score with the ability, −1 to 1. */
export type Item = z.output<typeof Item>;

/** Everybody’s first answer to each question that is in use. */
export function countAnswers(tx: Tx, orgId: string): Promise<Item[]> {
  return many(
    tx,
    Item,
    sql`
      with answers as materialized (
        select distinct on (a.question_id, a.user_id) a.question_id, a.user_id, a.score
          from docent.attempt_answers a
         where a.org_id = ${orgId}
         order by a.question_id, a.user_id, a.answered_at, a.id
      )
      select q.id as "questionId", s.id as "assessmentId", s.title, count(*)::int as people,
             avg(a.score)::float8 as correct, corr(a.score, m.theta) as discrimination
        from answers a
        join docent.assessment_questions q on q.org_id = ${orgId} and q.id = a.question_id
        join docent.assessments s on s.org_id = ${orgId} and s.id = q.assessment_id
        left join docent.user_mastery m on m.org_id = ${orgId} and m.user_id = a.user_id
       where not q.retired
       group by q.id, s.id, s.title, q.position
       order by s.title, s.id, q.position, q.id`,
  );
}
