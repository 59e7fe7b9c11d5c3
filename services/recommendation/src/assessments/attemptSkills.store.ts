import type { AttemptSkill } from '@docent/contracts/learningAssessments';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { ENOUGH_ANSWERS, levelOf } from '../mastery/elo.ts';

const Row = z.object({
  skillId: z.uuid(),
  name: z.string(),
  questions: z.int(),
  answers: z.int(),
  mastery: z.number(),
  before: z.number().nullable(),
});

/**
 * What is known of each skill of an attempt's questions, before its first and after its last answer. Row-level
 * security says whose.
 */
export async function findAttemptSkills(
  tx: Tx,
  orgId: string,
  attemptId: string,
): Promise<AttemptSkill[]> {
  const rows = await many(
    tx,
    Row,
    sql`
      select k.skill_id as "skillId", s.name, k.questions, k.answers, k.mastery, b.mastery as before
        from (
          select m.user_id, m.skill_id, count(*)::int as questions, max(m.skill_answers) as answers,
                 (array_agg(m.mastery order by m.skill_answers desc))[1] as mastery,
                 min(m.skill_answers) as first
            from docent.attempt_answers a
            join docent.mastery_answers m
              on m.org_id = ${orgId}
             and m.answer_id = a.id
           where a.org_id = ${orgId}
             and a.attempt_id = ${attemptId}
             and m.skill_id is not null
           group by m.user_id, m.skill_id
        ) k
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = k.skill_id
        left join docent.mastery_answers b
          on b.org_id = ${orgId}
         and b.user_id = k.user_id
         and b.skill_id = k.skill_id
         and b.skill_answers = k.first - 1
       order by s.name, s.id`,
  );
  return rows.map(({ skillId, name, questions, answers, mastery, before }) => ({
    skillId,
    name,
    questions,
    answers,
    levelBefore: before !== null && answers - questions >= ENOUGH_ANSWERS ? levelOf(before) : null,
    level: answers >= ENOUGH_ANSWERS ? levelOf(mastery) : null,
  }));
}
