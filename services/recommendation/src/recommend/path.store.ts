import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/** Longest chain of prerequisites that is followed. */
const DEEPEST = 20;

const Node = z.object({
  id: z.uuid(),
  kind: z.enum(['skill', 'course']),
  title: z.string(),
  minutes: z.int().nullable(),
  difficulty: z.int(),
  /** Of a skill: answers, mastery of 0 to 1 by them, probability of recall, and what is known besides; null: nothing. */
  answers: z.int(),
  mastery: z.number().nullable(),
  retention: z.number().nullable(),
  known: z.number().nullable(),
  status: z.enum(['assigned', 'in_progress', 'completed', 'dropped']).nullable(),
  progress: z.number(),
  /** Of courses: skills that they teach. */
  teaches: z.array(z.uuid()),
});
export type PathNode = z.infer<typeof Node>;

const Edge = z.object({ fromId: z.uuid(), toId: z.uuid() });
export type PathEdge = z.infer<typeof Edge>;

/** Goal skills with the level that is wanted. */
export interface Target {
  readonly skillId: string;
  readonly level: number;
}

/** What people in this job should be able to do; of a department's targets those of the learner's own. */
export function findRoleTargets(
  tx: Tx,
  orgId: string,
  userId: string,
  jobTitle: string,
): Promise<{ skillId: string; level: number; title: string }[]> {
  return many(
    tx,
    z.object({ skillId: z.uuid(), level: z.int(), title: z.string() }),
    sql`
      select t.skill_id as "skillId", max(t.level) as level, max(t.job_role) as title
        from docent.skill_targets t
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = t.skill_id
         and s.status = 'published'
        left join docent.users u
          on u.org_id = ${orgId}
         and u.id = ${userId}
       where t.org_id = ${orgId}
         and lower(t.job_role) = lower(${jobTitle}::text)
         and (t.department_id is null or t.department_id = u.department_id)
       group by t.skill_id`,
  );
}

/** A skill as a goal: to the level that the learner's job asks for, else to 4. */
export function findSkillTarget(
  tx: Tx,
  orgId: string,
  userId: string,
  skillId: string,
): Promise<{ skillId: string; level: number; title: string } | null> {
  return maybeOne(
    tx,
    z.object({ skillId: z.uuid(), level: z.int(), title: z.string() }),
    sql`
      select s.id as "skillId", coalesce(g.required, 4) as level, s.name as title
        from docent.skills s
        left join docent.skill_gaps(${orgId}, ${userId}) g
          on g.skill_id = s.id
       where s.org_id = ${orgId}
         and s.id = ${skillId}
         and s.status = 'published'`,
  );
}

/**
 * Everything that must come before these skills, and the easiest course for each of the skills. Edges are made by
 * people: a path that comes back to where it was ends there.
 */
export function findPathNodes(
  tx: Tx,
  orgId: string,
  userId: string,
  skillIds: readonly string[],
): Promise<PathNode[]> {
  return many(
    tx,
    Node,
    sql`
      with recursive needed (id, kind, depth) as (
        select id, 'skill', 0
          from unnest(${skillIds}::uuid[]) id
        union
        select n.id, n.kind, n.depth
          from (
            select e.from_id as id, e.from_kind as kind, needed.depth + 1 as depth
              from needed
              join docent.learning_edges e
                on e.org_id = ${orgId}
               and e.type = 'prerequisite'
               and e.status = 'confirmed'
               and e.to_id = needed.id
             where needed.depth < ${DEEPEST}
          ) n
      ),
      -- Worked out once, not for each step.
      skills as materialized (
        select skill_id, answers, mastery, retention, known
          from docent.learner_skills(${orgId}, ${userId})
      ),
      nodes as (
        select distinct id, kind from needed
      ),
      courses as (
        select id from nodes where kind = 'course'
        union
        select teaching.id
          from nodes n
          cross join lateral (
            select c.id
              from docent.learning_edges e
              join docent.courses c
                on c.org_id = ${orgId}
               and c.id = e.from_id
               and c.status = 'published'
              left join docent.learning_progress p
                on p.org_id = ${orgId}
               and p.user_id = ${userId}
               and p.course_id = c.id
             where e.org_id = ${orgId}
               and e.type = 'teaches'
               and e.status = 'confirmed'
               and e.from_kind = 'course'
               and e.to_id = n.id
             order by p.status = 'completed' desc nulls last, p.status = 'in_progress' desc nulls last,
                      e.weight desc, c.difficulty, c.title, c.id
             limit 1
          ) teaching
         where n.kind = 'skill'
      )
      select s.id, 'skill' as kind, s.name as title, null::int as minutes, s.level as difficulty,
             coalesce(k.answers, 0) as answers, k.mastery, k.retention, k.known, p.status, coalesce(p.progress, 0) as progress, '{}'::text[] as teaches
        from nodes n
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = n.id
         and s.status = 'published'
        left join skills k
          on k.skill_id = s.id
        left join docent.learning_progress p
          on p.org_id = ${orgId}
         and p.user_id = ${userId}
         and p.skill_id = s.id
      union all
      select c.id, 'course', c.title, c.duration_minutes, c.difficulty, 0, null, null, null, p.status,
             coalesce(p.progress, 0), array(
               select e.to_id::text
                 from docent.learning_edges e
                 join nodes n
                   on n.id = e.to_id
                where e.org_id = ${orgId}
                  and e.type = 'teaches'
                  and e.status = 'confirmed'
                  and e.from_course_id = c.id
                order by e.to_id)
        from courses w
        join docent.courses c
          on c.org_id = ${orgId}
         and c.id = w.id
         and c.status = 'published'
        left join docent.learning_progress p
          on p.org_id = ${orgId}
         and p.user_id = ${userId}
         and p.course_id = c.id`,
  );
}

/** What comes before what, among these. */
export function findPathEdges(tx: Tx, orgId: string, ids: readonly string[]): Promise<PathEdge[]> {
  return many(
    tx,
    Edge,
    sql`
      select e.from_id as "fromId", e.to_id as "toId"
        from docent.learning_edges e
       where e.org_id = ${orgId}
         and e.status = 'confirmed'
         and e.type in ('prerequisite', 'teaches')
         and e.from_id = any (${ids}::uuid[])
         and e.to_id = any (${ids}::uuid[])`,
  );
}
