import type { UserSkill, UserSkillDetail } from '@docent/contracts/recommend';
import type { Position } from '@docent/database/resource';
import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { ENOUGH_ANSWERS, shownLevel } from './elo.ts';

const known = {
  skillId: z.uuid(),
  name: z.string(),
  category: z.string(),
  answers: z.int(),
  points: z.number(),
  mastery: z.number().nullable(),
  retention: z.number().nullable(),
  lastAnsweredAt: z.date().nullable(),
  declared: z.int().nullable(),
  confirmed: z.int().nullable(),
  completedAt: z.date().nullable(),
  known: z.number().nullable(),
  required: z.int().nullable(),
};
const Known = z.object(known);
const Row = z.object({ ...known, position: z.string() });
const Detail = z.object({ ...known, description: z.string() });

const columns = sql`
  s.id as "skillId", s.name, s.category, coalesce(k.answers, 0) as answers, coalesce(k.points, 0) as points,
  k.mastery, k.retention, k.last_answered_at as "lastAnsweredAt", k.declared, k.confirmed,
  k.completed_at as "completedAt", k.known, g.required`;

/** Skills that something is known of, or that are asked for, by name. Row-level security says whose. */
export async function listUserSkills(
  tx: Tx,
  orgId: string,
  userId: string,
  after: Position | null,
  limit: number,
): Promise<(Position & { item: UserSkill })[]> {
  const rows = await many(
    tx,
    Row,
    sql`
      select ${columns}, lower(s.name) as position
        from docent.learner_skills(${orgId}, ${userId}) k
        full join docent.skill_gaps(${orgId}, ${userId}) g
          on g.skill_id = k.skill_id
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = coalesce(k.skill_id, g.skill_id)
       where ${after?.position ?? null}::text is null
          or (lower(s.name), s.id) > (${after?.position ?? null}::text, ${after?.id ?? null}::uuid)
       order by lower(s.name), s.id
       limit ${limit}`,
  );
  return rows.map((row) => ({ position: row.position, id: row.skillId, item: shown(row) }));
}

/** A skill with what is known of it, if only that nothing is. */
export async function findUserSkill(
  tx: Tx,
  orgId: string,
  userId: string,
  skillId: string,
): Promise<(UserSkill & { description: string }) | null> {
  const row = await maybeOne(
    tx,
    Detail,
    sql`
      select ${columns}, s.description
        from docent.skills s
        left join docent.learner_skills(${orgId}, ${userId}) k
          on k.skill_id = s.id
        left join docent.skill_gaps(${orgId}, ${userId}) g
          on g.skill_id = s.id
       where s.org_id = ${orgId}
         and s.id = ${skillId}`,
  );
  return row === null ? null : { ...shown(row), description: row.description };
}

/** The newest hundred answers about a skill, oldest first. Row-level security says whose. */
export async function findSkillHistory(
  tx: Tx,
  orgId: string,
  userId: string,
  skillId: string,
): Promise<UserSkillDetail['history']> {
  const rows = await many(
    tx,
    z.object({
      answeredAt: z.date(),
      score: z.number(),
      mastery: z.number(),
      answers: z.int(),
    }),
    sql`
      select answered_at as "answeredAt", score, mastery, skill_answers as answers
        from docent.mastery_answers
       where org_id = ${orgId}
         and user_id = ${userId}
         and skill_id = ${skillId}
       order by answered_at desc, skill_answers desc
       limit 100`,
  );
  return rows.reverse().map(({ answeredAt, score, mastery, answers }) => ({
    answeredAt: answeredAt.toISOString(),
    score,
    mastery: answers >= ENOUGH_ANSWERS ? mastery : null,
  }));
}

function shown(row: z.infer<typeof Known>): UserSkill {
  const { answers, mastery, retention, declared, confirmed, completedAt, required } = row;
  const enough = answers >= ENOUGH_ANSWERS;
  const level = shownLevel(row);
  return {
    skillId: row.skillId,
    name: row.name,
    category: row.category,
    evidence: enough
      ? 'answers'
      : confirmed !== null
        ? 'confirmed'
        : completedAt !== null
          ? 'completed'
          : declared !== null
            ? 'declared'
            : answers > 0
              ? 'not_enough'
              : 'none',
    mastery: enough ? mastery : null,
    retention: enough ? retention : null,
    effectiveMastery: enough && mastery !== null && retention !== null ? mastery * retention : null,
    level,
    answers,
    meanScore: answers > 0 ? row.points / answers : null,
    lastPractisedAt: row.lastAnsweredAt?.toISOString() ?? null,
    declaredLevel: declared,
    confirmedLevel: confirmed,
    completedAt: completedAt?.toISOString() ?? null,
    targetLevel: required,
    gap: required === null ? null : Math.max(0, required - (level ?? 1)),
  };
}
