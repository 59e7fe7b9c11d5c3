import { type Attempt, Feedback, Response } from '@docent/contracts/learningAssessments';
import type { Principal } from '@docent/core/principal';
import type { Position } from '@docent/database/resource';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, timePosition } from '../graph/rows.ts';

const columns = {
  id: z.uuid(),
  assessmentId: z.uuid(),
  assessmentTitle: z.string(),
  userId: z.uuid(),
  status: z.enum(['open', 'submitted', 'expired']),
  startedAt: At,
  deadlineAt: At.nullable(),
  completedAt: At.nullable(),
  timeTakenSeconds: z.int().nullable(),
  score: z.number().nullable(),
  passed: z.boolean().nullable(),
  source: z.string(),
};

/** An attempt with what grading and showing it needs to know of its assessment. */
const FullAttempt = z.object({
  ...columns,
  questionIds: z.array(z.uuid()),
  passingScore: z.number(),
  feedback: Feedback,
  courseId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  ownerId: z.uuid().nullable(),
});
export type FullAttempt = z.infer<typeof FullAttempt>;

const selected = sql`
  t.id, t.assessment_id as "assessmentId", a.title as "assessmentTitle", t.user_id as "userId", t.status,
  t.started_at as "startedAt", t.deadline_at as "deadlineAt", t.completed_at as "completedAt",
  t.time_taken_seconds as "timeTakenSeconds", t.score, t.passed, t.source`;
const full = sql`
  ${selected}, t.question_ids as "questionIds", a.passing_score as "passingScore", a.feedback,
  a.course_id as "courseId", a.skill_id as "skillId", t.assessment_owner_id as "ownerId"`;

export function findAttempt(tx: Tx, orgId: string, id: string): Promise<FullAttempt | null> {
  return maybeOne(
    tx,
    FullAttempt,
    sql`
      select ${full}
        from docent.assessment_attempts t
        join docent.assessments a
          on a.org_id = t.org_id and a.id = t.assessment_id
       where t.org_id = ${orgId}
         and t.id = ${id}`,
  );
}

/** The caller's own attempt that is not handed in yet, its row locked, or null. */
export function lockOpenAttempt(
  tx: Tx,
  { orgId, userId }: Principal,
  by: { readonly id: string } | { readonly assessmentId: string },
): Promise<FullAttempt | null> {
  const id = 'id' in by ? by.id : null;
  const assessmentId = 'assessmentId' in by ? by.assessmentId : null;
  return maybeOne(
    tx,
    FullAttempt,
    sql`
      select ${full}
        from docent.assessment_attempts t
        join docent.assessments a
          on a.org_id = t.org_id and a.id = t.assessment_id
       where t.org_id = ${orgId}
         and t.user_id = ${userId}
         and (t.id = ${id} or t.assessment_id = ${assessmentId})
         and t.status = 'open'
         for no key update of t`,
  );
}

/** How often somebody has taken an assessment. */
export async function countAttempts(
  tx: Tx,
  { orgId, userId }: Principal,
  assessmentId: string,
): Promise<number> {
  const [row] = await many(
    tx,
    z.object({ count: z.int() }),
    sql`
      select count(*)::int as count
        from docent.assessment_attempts
       where org_id = ${orgId}
         and user_id = ${userId}
         and assessment_id = ${assessmentId}
         and source = 'docent'`,
  );
  return row?.count ?? 0;
}

/** False: another request has opened one at the same time. */
export async function insertAttempt(
  tx: Tx,
  { orgId, userId }: Principal,
  attempt: {
    readonly id: string;
    readonly assessmentId: string;
    readonly ownerId: string | null;
    readonly questionIds: readonly string[];
    readonly startedAt: Date;
    readonly deadlineAt: Date | null;
  },
): Promise<boolean> {
  const inserted = await run(
    tx,
    sql`
      insert into docent.assessment_attempts (org_id, id, user_id, assessment_id, assessment_owner_id, question_ids,
        started_at, deadline_at)
      values (${orgId}, ${attempt.id}, ${userId}, ${attempt.assessmentId}, ${attempt.ownerId},
        ${attempt.questionIds}, ${attempt.startedAt}, ${attempt.deadlineAt})
      on conflict (org_id, user_id, assessment_id) where status = 'open' do nothing`,
  );
  return inserted > 0;
}

export async function closeAttempt(
  tx: Tx,
  orgId: string,
  attempt: {
    readonly id: string;
    readonly status: 'submitted' | 'expired';
    readonly completedAt: Date;
    readonly score: number | null;
    readonly passed: boolean;
  },
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.assessment_attempts
         set status = ${attempt.status},
             completed_at = ${attempt.completedAt},
             time_taken_seconds = greatest(0, extract(epoch from ${attempt.completedAt}::timestamptz - started_at))::int,
             score = ${attempt.score},
             passed = ${attempt.passed}
       where org_id = ${orgId}
         and id = ${attempt.id}`,
  );
}

export interface NewAnswer {
  readonly id: string;
  readonly questionId: string;
  readonly skillId: string | null;
  /** 0 wrong, 1 right. */
  readonly score: number;
  readonly response: Response | null;
}

/** Writes what was answered; mastery follows (trigger). */
export async function insertAnswers(
  tx: Tx,
  orgId: string,
  of: {
    readonly userId: string;
    readonly attemptId: string | null;
    readonly ownerId: string | null;
    readonly answeredAt: Date;
    readonly source: string;
    readonly statementId: string | null;
  },
  answers: readonly NewAnswer[],
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.attempt_answers (org_id, id, user_id, attempt_id, question_id, skill_id,
        assessment_owner_id, score, response, answered_at, source, statement_id)
      select ${orgId}, a.id, ${of.userId}, ${of.attemptId}, a."questionId", a."skillId", ${of.ownerId}, a.score,
             a.response, ${of.answeredAt}, ${of.source}, ${of.statementId}
        from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) a (id uuid, "questionId" uuid, "skillId" uuid,
               score float8, response jsonb)`,
  );
}

const Answer = z.object({
  questionId: z.uuid(),
  score: z.number(),
  response: Response.nullable(),
});

/** What was answered in an attempt, in the order of the questions; none for those who may not see it. */
export function findAnswers(
  tx: Tx,
  orgId: string,
  attemptId: string,
): Promise<z.infer<typeof Answer>[]> {
  return many(
    tx,
    Answer,
    sql`
      select a.question_id as "questionId", a.score, a.response
        from docent.attempt_answers a
        join docent.assessment_questions q
          on q.org_id = a.org_id and q.id = a.question_id
       where a.org_id = ${orgId}
         and a.attempt_id = ${attemptId}
       order by q.position, q.id`,
  );
}

const ListRow = z
  .object({ position: z.string(), ...columns })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

/** Attempts that the caller sees, newest first. */
export function listAttempts(
  tx: Tx,
  orgId: string,
  { userId = null, assessmentId = null }: { userId?: string | null; assessmentId?: string | null },
  after: Position | null,
  limit: number,
): Promise<(Position & { item: Attempt })[]> {
  return many(
    tx,
    ListRow,
    sql`
      select ${selected}, ${timePosition(sql`t.started_at`)} as position
        from docent.assessment_attempts t
        join docent.assessments a
          on a.org_id = t.org_id and a.id = t.assessment_id
       where t.org_id = ${orgId}
         and (${userId}::uuid is null or t.user_id = ${userId})
         and (${assessmentId}::uuid is null or t.assessment_id = ${assessmentId})
         and (${after?.position ?? null}::timestamptz is null
              or (t.started_at, t.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by t.started_at desc, t.id desc
       limit ${limit}`,
  );
}
