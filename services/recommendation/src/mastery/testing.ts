import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { run, sql } from '@docent/database/sql';
import { testOrganization } from '@docent/test/database';

export interface Practice {
  readonly orgId: string;
  readonly admin: Principal;
  skill(name: string): Promise<string>;
  /** A question of a skill. @param difficulty 1 to 5 */
  question(skillId: string | null, difficulty?: number): Promise<string>;
  /** An answer as another system would report it, minutes after the start. @returns its id */
  answer(
    userId: string,
    questionId: string,
    skillId: string | null,
    score: number,
    minute: number,
  ): Promise<string>;
  takeBack(answerId: string): Promise<void>;
}

/** When the first answers of tests are given. */
export const START = Date.UTC(2026, 0, 5);

/** An organization with an assessment to whose questions answers can be given. */
export async function testPractice(database: Database): Promise<Practice> {
  const { orgId, principal: admin } = await testOrganization(database);
  const assessmentId = newId();
  const work = (statement: ReturnType<typeof sql>) =>
    database.withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
  await work(sql`
    insert into docent.assessments (org_id, id, title)
    values (${orgId}, ${assessmentId}, 'An assessment')`);
  return {
    orgId,
    admin,
    async skill(name) {
      const id = newId();
      await work(sql`
        insert into docent.skills (org_id, id, name)
        values (${orgId}, ${id}, ${name})`);
      return id;
    },
    async question(skillId, difficulty = 3) {
      const id = newId();
      await work(sql`
        insert into docent.assessment_questions (org_id, id, assessment_id, position, type, prompt, skill_id,
               difficulty)
        values (${orgId}, ${id}, ${assessmentId}, 1, 'text', 'Why?', ${skillId}, ${difficulty})`);
      return id;
    },
    async answer(userId, questionId, skillId, score, minute) {
      const id = newId();
      await work(sql`
        insert into docent.attempt_answers (org_id, id, user_id, question_id, skill_id, score, answered_at, source)
        values (${orgId}, ${id}, ${userId}, ${questionId}, ${skillId}, ${score}, ${new Date(START + 60_000 * minute)},
          'elsewhere')`);
      return id;
    },
    async takeBack(answerId) {
      await work(sql`
        delete from docent.attempt_answers
         where org_id = ${orgId}
           and id = ${answerId}`);
    },
  };
}
