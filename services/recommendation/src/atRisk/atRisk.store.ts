import { many, maybeOne, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { RiskModel, STOPPED_DAYS } from './model.ts';

const Enrolment = z.object({
  userId: z.uuid(),
  departmentId: z.uuid().nullable(),
  courseId: z.uuid(),
  begun: z.boolean(),
  passed: z.boolean(),
  startedAt: z.date(),
  dueAt: z.date().nullable(),
  lastSeenAt: z.date(),
  previousAttempts: z.int(),
  /** False: nothing may be foretold of this person, nor learned from them. */
  profiling: z.boolean(),
  /** The course's assessments in order, with the first attempt that was handed in. */
  work: z.array(z.object({ handedIn: z.coerce.date().nullable(), score: z.number().nullable() })),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** Of `docent.learning_progress p`: passed, dropped, past its due time, or nothing was heard for long. */
function isFinished(now: Date): Sql {
  return sql`(
    p.completed_at is not null
      or p.status = 'dropped'
      or coalesce(p.due_at < ${now}::timestamptz, false)
      or p.status = 'in_progress'
        and p.occurred_at <= ${now}::timestamptz - make_interval(days => ${STOPPED_DAYS}))`;
}

/** Who is in which course that is over by now, or is not, and what they handed in. Row-level security says whose. */
export function findEnrolments(
  tx: Tx,
  orgId: string,
  {
    finished,
    now,
    userId,
  }: {
    readonly finished: boolean;
    readonly now: Date;
    /** Of this person only. */
    readonly userId?: string | undefined;
  },
): Promise<Enrolment[]> {
  return many(
    tx,
    Enrolment,
    sql`
      select p.user_id as "userId", p.department_id as "departmentId", p.course_id as "courseId",
             p.started_at is not null as begun, p.completed_at is not null as passed,
             coalesce(p.started_at, p.assigned_at, p.created_at) as "startedAt", p.due_at as "dueAt",
             p.occurred_at as "lastSeenAt", greatest(0, coalesce(earlier.n, 0) - 1) as "previousAttempts",
             s.profiling is not false as profiling,
             coalesce(w.work, '[]') as work
        from docent.learning_progress p
        left join docent.learner_states s
          on s.org_id = ${orgId}
         and s.user_id = p.user_id
        left join lateral (
          select count(distinct e.registration)::int as n
            from docent.progress_events e
           where e.org_id = ${orgId}
             and e.user_id = p.user_id
             and e.course_id = p.course_id
        ) earlier on true
        left join lateral (
          select jsonb_agg(jsonb_build_object('handedIn', t.completed_at, 'score', t.score)
                   order by a.title, a.id) as work
            from docent.assessments a
            left join lateral (
              select t.completed_at, t.score
                from docent.assessment_attempts t
               where t.org_id = ${orgId}
                 and t.assessment_id = a.id
                 and t.user_id = p.user_id
                 and t.status = 'submitted'
               order by t.completed_at
               limit 1
            ) t on true
           where a.org_id = ${orgId}
             and a.course_id = p.course_id
             and a.status = 'published'
        ) w on true
       where p.org_id = ${orgId}
         and p.course_id is not null
         and ${userId === undefined ? sql`true` : sql`p.user_id = ${userId}`}
         and ${isFinished(now)} = ${finished}`,
  );
}

export async function saveRiskModel(tx: Tx, orgId: string, model: RiskModel | null): Promise<void> {
  await run(
    tx,
    model === null
      ? sql`
          delete from docent.at_risk_models
           where org_id = ${orgId}`
      : sql`
          insert into docent.at_risk_models (org_id, model)
          values (${orgId}, ${JSON.stringify(model)}::jsonb)
          on conflict (org_id) do update
            set model = excluded.model,
                trained_at = now()`,
  );
}

/** Null: the organization has none, and the rule serves. */
export async function findRiskModel(tx: Tx, orgId: string): Promise<RiskModel | null> {
  const row = await maybeOne(
    tx,
    z.object({ model: RiskModel }),
    sql`
      select model
        from docent.at_risk_models
       where org_id = ${orgId}`,
  );
  return row?.model ?? null;
}
