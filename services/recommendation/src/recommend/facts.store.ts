import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const ItemState = z.object({
  itemId: z.uuid(),
  kind: z.enum(['skill', 'course']),
  title: z.string(),
  /** Whether it can be gone on with. */
  published: z.boolean(),
  status: z.enum(['assigned', 'in_progress', 'completed', 'dropped']),
  progress: z.number(),
  dueAt: z.date().nullable(),
  lastSeenAt: z.date(),
});
export type ItemState = z.infer<typeof ItemState>;

/** Everything that the learner has begun or was given, newest first. */
export function findItemStates(tx: Tx, orgId: string, userId: string): Promise<ItemState[]> {
  return many(
    tx,
    ItemState,
    sql`
      select coalesce(p.course_id, p.skill_id) as "itemId",
             case when p.course_id is null then 'skill' else 'course' end as kind,
             coalesce(c.title, s.name) as title, coalesce(c.status, s.status) = 'published' as published,
             p.status, p.progress, p.due_at as "dueAt",
             p.occurred_at as "lastSeenAt"
        from docent.learning_progress p
        left join docent.courses c
          on c.org_id = ${orgId}
         and c.id = p.course_id
        left join docent.skills s
          on s.org_id = ${orgId}
         and s.id = p.skill_id
       where p.org_id = ${orgId}
         and p.user_id = ${userId}
         and coalesce(c.title, s.name) is not null
       order by p.occurred_at desc, p.id desc
       limit 1000`,
  );
}

const SkillState = z.object({
  skillId: z.uuid(),
  name: z.string(),
  answers: z.int(),
  mastery: z.number().nullable(),
  retention: z.number().nullable(),
  lastAnsweredAt: z.date().nullable(),
  /** What can be counted on by now, 0 to 1: forgetting is taken off. No level to show. Null: nothing. */
  known: z.number().nullable(),
  required: z.int().nullable(),
  importance: z.number().nullable(),
  /** From `known` to the target, 0 to 1; null: no target. */
  gap: z.number().nullable(),
});
/** What is known about a learner's skill, and what is asked for. */
export type SkillState = z.infer<typeof SkillState>;

export function findSkillStates(tx: Tx, orgId: string, userId: string): Promise<SkillState[]> {
  return many(
    tx,
    SkillState,
    sql`
      select s.id as "skillId", s.name, coalesce(k.answers, 0) as answers, k.mastery, k.retention,
             k.last_answered_at as "lastAnsweredAt", k.known, g.required, g.importance, g.gap
        from docent.learner_skills(${orgId}, ${userId}) k
        full join docent.skill_gaps(${orgId}, ${userId}) g
          on g.skill_id = k.skill_id
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = coalesce(k.skill_id, g.skill_id)
         and s.status = 'published'`,
  );
}

/** What the learner does not want to see: for half a year what is not relevant, for good what is known. */
export async function findDismissed(tx: Tx, orgId: string, userId: string): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ itemId: z.uuid() }),
    sql`
      select distinct item_id as "itemId"
        from docent.recommendations
       where org_id = ${orgId}
         and user_id = ${userId}
         and dismissed_at is not null
         and (dismiss_reason = 'already_know' or dismissed_at > now() - interval '180 days')`,
  );
  return rows.map(({ itemId }) => itemId);
}

const PrerequisiteRow = z.object({
  itemId: z.uuid(),
  id: z.uuid(),
  kind: z.enum(['skill', 'course']),
  depth: z.int(),
  /** Of skills: a published course that teaches it, easiest first. */
  courseId: z.uuid().nullable(),
});
export type PrerequisiteRow = z.infer<typeof PrerequisiteRow>;

/** Longest chain of prerequisites that is followed. */
const DEEPEST = 20;

/**
 * Everything that must come before these items. Edges are made by people: a circle ends at the deepest level, and
 * because each row is kept once, a dense graph has no more rows than items × nodes × levels.
 */
export function findPrerequisites(
  tx: Tx,
  orgId: string,
  kind: 'skill' | 'course',
  itemIds: readonly string[],
): Promise<PrerequisiteRow[]> {
  return many(
    tx,
    PrerequisiteRow,
    sql`
      with recursive before (item_id, id, kind, depth) as (
        select e.to_id, e.from_id, e.from_kind, 1
          from docent.learning_edges e
         where e.org_id = ${orgId}
           and e.type = 'prerequisite'
           and e.status = 'confirmed'
           and e.to_kind = ${kind}
           and e.to_id = any (${itemIds}::uuid[])
        union
        select b.item_id, e.from_id, e.from_kind, b.depth + 1
          from before b
         -- A look into the index for each, whatever the planner thinks of how many there are.
         cross join lateral (
           select e.from_id, e.from_kind
             from docent.learning_edges e
            where e.org_id = ${orgId}
              and e.type = 'prerequisite'
              and e.status = 'confirmed'
              and e.to_kind = b.kind
              and e.to_id = b.id
           offset 0
         ) e
         where b.depth < ${DEEPEST}
           and e.from_id <> b.item_id
      )
      select c.item_id as "itemId", c.id, c.kind, c.depth, teaching.course_id as "courseId"
        from (
          select item_id, id, kind, max(depth) as depth
            from before
           group by item_id, id, kind
        ) c
        left join lateral (
          select e.from_id as course_id
            from docent.learning_edges e
            join docent.courses t
              on t.org_id = ${orgId}
             and t.id = e.from_id
             and t.status = 'published'
           where e.org_id = ${orgId}
             and e.type = 'teaches'
             and e.status = 'confirmed'
             and e.from_kind = 'course'
             and e.to_id = c.id
             and c.kind = 'skill'
           order by t.difficulty, t.title, t.id
           limit 1
        ) teaching on true
       -- What is archived or a draft is nothing that could be learned first.
       where case c.kind
               when 'skill' then exists (
                 select from docent.skills s
                  where s.org_id = ${orgId}
                    and s.id = c.id
                    and s.status = 'published')
               else exists (
                 select from docent.courses k
                  where k.org_id = ${orgId}
                    and k.id = c.id
                    and k.status = 'published')
             end`,
  );
}
