import type { UserSkill } from '@docent/contracts/recommend';
import type { Position } from '@docent/database/resource';
import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { ENOUGH_ANSWERS, levelOf } from './elo.ts';

const Row = z.object({
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
  position: z.string(),
});

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
      select s.id as "skillId", s.name, s.category, coalesce(k.answers, 0) as answers, coalesce(k.points, 0) as points,
             k.mastery, k.retention, k.last_answered_at as "lastAnsweredAt", k.declared, k.confirmed,
             k.completed_at as "completedAt", k.known, g.required, lower(s.name) as position
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

function shown(row: z.infer<typeof Row>): UserSkill {
  const { answers, mastery, retention, declared, confirmed, completedAt, known, required } = row;
  const enough = answers >= ENOUGH_ANSWERS;
  const level =
    enough && mastery !== null ? levelOf(mastery) : known === null ? null : levelOf(known);
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
