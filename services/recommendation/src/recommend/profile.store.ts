import { LearningProfile, type RecommendationRebuild } from '@docent/contracts/recommend';
import type { Position } from '@docent/database/resource';
import { many, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Counts = z.object({
  progress: z.int(),
  declarations: z.int(),
  attempts: z.int(),
  answers: z.int(),
  mastery: z.int(),
  recommendations: z.int(),
  goal: z.int(),
});

/** How many rows there are about somebody. */
export function countStored(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<z.infer<typeof Counts>> {
  return one(
    tx,
    Counts,
    sql`
      select (select count(*)::int from docent.learning_progress
               where org_id = ${orgId} and user_id = ${userId}) as progress,
             (select count(*)::int from docent.skill_declarations
               where org_id = ${orgId} and user_id = ${userId}) as declarations,
             (select count(*)::int from docent.assessment_attempts
               where org_id = ${orgId} and user_id = ${userId}) as attempts,
             (select count(*)::int from docent.mastery_answers
               where org_id = ${orgId} and user_id = ${userId}) as answers,
             (select count(*)::int from docent.skill_mastery
               where org_id = ${orgId} and user_id = ${userId}) as mastery,
             (select count(*)::int from docent.recommendations
               where org_id = ${orgId} and user_id = ${userId}) as recommendations,
             (select count(goal_embedding)::int from docent.learner_states
               where org_id = ${orgId} and user_id = ${userId}) as goal`,
  );
}

const Stored = z
  .object({
    ...LearningProfile.shape.recommendations.element.shape,
    createdAt: z.date(),
    shownAt: z.date().nullable(),
    clickedAt: z.date().nullable(),
    dismissedAt: z.date().nullable(),
  })
  .transform((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    shownAt: row.shownAt?.toISOString() ?? null,
    clickedAt: row.clickedAt?.toISOString() ?? null,
    dismissedAt: row.dismissedAt?.toISOString() ?? null,
  }));

/** What was recommended to somebody, newest first. */
export function findStored(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<LearningProfile['recommendations']> {
  return many(
    tx,
    Stored,
    sql`
      select r.id, r.type, r.item_id as "itemId", coalesce(s.name, c.title, t.title) as title, r.position,
             r.reason_type as "reasonType", r.reason, r.evidence, r.score, r.algo_version as "algoVersion",
             r.created_at as "createdAt", r.shown_at as "shownAt", r.clicked_at as "clickedAt",
             r.dismissed_at as "dismissedAt", r.dismiss_reason as "dismissReason"
        from docent.recommendations r
        left join docent.skills s
          on s.org_id = ${orgId}
         and s.id = r.item_id
        left join docent.courses c
          on c.org_id = ${orgId}
         and c.id = r.item_id
        left join docent.content t
          on t.org_id = ${orgId}
         and t.id = r.item_id
       where r.org_id = ${orgId}
         and r.user_id = ${userId}
       order by r.created_at desc, r.position, r.id
       limit 100`,
  );
}

/** The caller's own decision. */
export async function saveProfiling(
  tx: Tx,
  orgId: string,
  userId: string,
  enabled: boolean,
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.learner_states (org_id, user_id, profiling)
      values (${orgId}, ${userId}, ${enabled})
      on conflict (org_id, user_id) do update
        set profiling = excluded.profiling,
            version = learner_states.version + 1,
            goal_model = case when excluded.profiling then learner_states.goal_model end,
            goal_hash = case when excluded.profiling then learner_states.goal_hash end,
            goal_embedding = case when excluded.profiling then learner_states.goal_embedding end`,
  );
}

const RebuildRow = z.object({
  id: z.uuid(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  generation: z.coerce.number().int().nullable(),
  learners: z.int().nullable(),
  items: z.int().nullable(),
  events: z.int().nullable(),
  buildMs: z.int().nullable(),
  settings: z.record(z.string(), z.number()).nullable(),
  replay: z.array(z.record(z.string(), z.json())),
  error: z.string().nullable(),
  position: z.string(),
});

/** How the organization's tables were made, newest first. */
export async function listRebuilds(
  tx: Tx,
  orgId: string,
  after: Position | null,
  limit: number,
): Promise<(Position & { item: RecommendationRebuild })[]> {
  const rows = await many(
    tx,
    RebuildRow,
    sql`
      select id, started_at as "startedAt", finished_at as "finishedAt", generation, learners, items, events,
             build_ms as "buildMs", settings, replay, error,
             to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
        from docent.recommend_rebuilds
       where org_id = ${orgId}
         and (${after?.position ?? null}::timestamptz is null
           or (started_at, id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by started_at desc, id desc
       limit ${limit}`,
  );
  return rows.map(({ position, ...row }) => ({
    position,
    id: row.id,
    item: {
      ...row,
      startedAt: row.startedAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
    },
  }));
}
