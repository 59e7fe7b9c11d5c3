import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Estimate } from './elo.ts';
import type { Contribution, LearnerRating, SkillRating } from './ratings.ts';

const AnswerRow = z.object({
  id: z.uuid(),
  questionId: z.uuid(),
  skillId: z.uuid().nullable(),
  score: z.number(),
  difficulty: z.number(),
  answeredAt: z.date(),
  /** The same with its microseconds. */
  moment: z.string(),
});
export type StoredAnswer = z.infer<typeof AnswerRow>;

/**
 * A time as text that sorts like it. Not a Date: without the microseconds an answer would come after itself, and be
 * counted twice.
 */
const moment = (column: ReturnType<typeof sql>) =>
  sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The end of what is counted of a learner: the time and id of an answer. */
export interface Mark {
  /** A moment. */
  readonly answeredAt: string;
  readonly answerId: string;
}

/**
 * Takes the request to count a learner's answers anew, so that nobody else does; answers that come from now
 * on make a new one.
 *
 * @returns the moment from which on answers changed; null: nothing is to do.
 */
export async function takeReplay(tx: Tx, orgId: string, userId: string): Promise<string | null> {
  const taken = await maybeOne(
    tx,
    z.object({ fromTime: z.string() }),
    sql`
      delete from docent.mastery_replays
       where org_id = ${orgId}
         and user_id = ${userId}
      returning ${moment(sql`from_time`)} as "fromTime"`,
  );
  return taken?.fromTime ?? null;
}

/** People whose answers are to be counted, longest waiting first. */
export async function findReplays(tx: Tx, orgId: string, limit: number): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ userId: z.uuid() }),
    sql`
      select user_id as "userId"
        from docent.mastery_replays
       where org_id = ${orgId}
       order by requested_at, user_id
       limit ${limit}`,
  );
  return rows.map(({ userId }) => userId);
}

/** What is known of a learner, and up to which answer; null before the first one. */
export async function findLearner(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<{ rating: LearnerRating; mark: Mark } | null> {
  const [overall, skills] = await Promise.all([
    maybeOne(
      tx,
      z.object({
        value: z.number(),
        answers: z.int(),
        answeredAt: z.string(),
        answerId: z.uuid(),
      }),
      sql`
        select theta as value, answers, ${moment(sql`last_answered_at`)} as "answeredAt",
               last_answer_id as "answerId"
          from docent.user_mastery
         where org_id = ${orgId}
           and user_id = ${userId}`,
    ),
    many(
      tx,
      z.object({
        skillId: z.uuid(),
        value: z.number(),
        answers: z.int(),
        points: z.number(),
        stability: z.number(),
        difficulty: z.number(),
        lastAnsweredAt: z.date(),
      }),
      sql`
        select skill_id as "skillId", theta as value, answers, points, stability, difficulty,
               last_answered_at as "lastAnsweredAt"
          from docent.skill_mastery
         where org_id = ${orgId}
           and user_id = ${userId}`,
    ),
  ]);
  if (overall === null) return null;
  const { value, answers, ...mark } = overall;
  const bySkill = skills.map(
    ({ skillId, stability, difficulty, ...rest }): [string, SkillRating] => [
      skillId,
      { ...rest, memory: { stability, difficulty } },
    ],
  );
  return { rating: { overall: { value, answers }, skills: new Map(bySkill) }, mark };
}

/** A learner's answers after `after`, or all of them, in the order they were given. */
export function findAnswers(
  tx: Tx,
  orgId: string,
  userId: string,
  after: Mark | null,
): Promise<StoredAnswer[]> {
  return many(
    tx,
    AnswerRow,
    sql`
      select a.id, a.question_id as "questionId", a.skill_id as "skillId", a.score, q.difficulty,
             a.answered_at as "answeredAt", ${moment(sql`a.answered_at`)} as moment
        from docent.attempt_answers a
        join docent.assessment_questions q
          on q.org_id = a.org_id
         and q.id = a.question_id
       where a.org_id = ${orgId}
         and a.user_id = ${userId}
         and (${after?.answerId ?? null}::uuid is null
           or (a.answered_at, a.id) > (${after?.answeredAt ?? null}::timestamptz, ${after?.answerId ?? null}::uuid))
       order by a.answered_at, a.id`,
  );
}

/** Forgets everything about a learner. @returns what their answers had added to difficulties. */
export async function forgetLearner(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<Pick<Change, 'questionId' | 'skillId' | 'question' | 'skill'>[]> {
  const [forgotten] = await Promise.all([
    many(
      tx,
      z.object({
        questionId: z.uuid(),
        skillId: z.uuid().nullable(),
        question: z.number(),
        skill: z.number(),
      }),
      sql`
        delete from docent.mastery_answers
         where org_id = ${orgId}
           and user_id = ${userId}
        returning question_id as "questionId", skill_id as "skillId", question_change as question,
          skill_change as skill`,
    ),
    run(
      tx,
      sql`
        delete from docent.skill_mastery
         where org_id = ${orgId}
           and user_id = ${userId}`,
    ),
    run(
      tx,
      sql`
        delete from docent.user_mastery
         where org_id = ${orgId}
           and user_id = ${userId}`,
    ),
  ]);
  return forgotten;
}

const Known = z.object({ id: z.uuid(), value: z.number(), answers: z.int() });

/** Difficulties of questions and skills that somebody has answered already. */
export async function findDifficulties(
  tx: Tx,
  orgId: string,
  { questionIds, skillIds }: { questionIds: readonly string[]; skillIds: readonly string[] },
): Promise<{ questions: Map<string, Estimate>; skills: Map<string, Estimate> }> {
  const [questions, skills] = await Promise.all([
    many(
      tx,
      Known,
      sql`
        select question_id as id, value, answers
          from docent.item_difficulty
         where org_id = ${orgId}
           and question_id = any (${questionIds}::uuid[])`,
    ),
    many(
      tx,
      Known,
      sql`
        select skill_id as id, value, answers
          from docent.skill_difficulty
         where org_id = ${orgId}
           and skill_id = any (${skillIds}::uuid[])`,
    ),
  ]);
  const byId = (rows: z.infer<typeof Known>[]) =>
    new Map(rows.map(({ id, ...estimate }) => [id, estimate]));
  return { questions: byId(questions), skills: byId(skills) };
}

/** An answer with what it added. */
export type Change = Contribution &
  Pick<StoredAnswer, 'questionId' | 'skillId' | 'moment' | 'score'>;

/** Stores what is known of a learner now, and how it came about. */
export async function saveLearner(
  tx: Tx,
  orgId: string,
  userId: string,
  { rating, mark, changes }: { rating: LearnerRating; mark: Mark; changes: readonly Change[] },
): Promise<void> {
  // Looked up once; left out, a trigger looks for it with every row.
  const department = sql`(
    select u.department_id
      from docent.users u
     where u.org_id = ${orgId}
       and u.id = ${userId})`;
  const touched = new Set(changes.map(({ skillId }) => skillId));
  const skills = [...rating.skills].flatMap(([skill_id, { value, memory, ...rest }]) =>
    touched.has(skill_id)
      ? [{ skill_id, theta: value, ...memory, ...rest, last_answered_at: rest.lastAnsweredAt }]
      : [],
  );
  await Promise.all([
    run(
      tx,
      sql`
        insert into docent.user_mastery (org_id, user_id, theta, answers, last_answered_at, last_answer_id)
        values (${orgId}, ${userId}, ${rating.overall.value}, ${rating.overall.answers}, ${mark.answeredAt},
          ${mark.answerId})
        on conflict (org_id, user_id) do update
          set theta = excluded.theta,
              answers = excluded.answers,
              last_answered_at = excluded.last_answered_at,
              last_answer_id = excluded.last_answer_id`,
    ),
    run(
      tx,
      sql`
        insert into docent.skill_mastery (org_id, user_id, department_id, skill_id, theta, answers, points, stability,
               difficulty, last_answered_at)
        select ${orgId}, ${userId}, ${department}, s.skill_id, s.theta, s.answers, s.points, s.stability, s.difficulty,
               s.last_answered_at
          from jsonb_to_recordset(${JSON.stringify(skills)}::jsonb) s (skill_id uuid, theta float8, answers int,
               points float8, stability float8, difficulty float8, last_answered_at timestamptz)
        on conflict (org_id, user_id, skill_id) do update
          set theta = excluded.theta,
              answers = excluded.answers,
              points = excluded.points,
              stability = excluded.stability,
              difficulty = excluded.difficulty,
              last_answered_at = excluded.last_answered_at`,
    ),
    run(
      tx,
      sql`
        insert into docent.mastery_answers (org_id, answer_id, user_id, department_id, question_id, skill_id,
               answered_at, score, predicted, question_change, skill_change, mastery, skill_answers)
        select ${orgId}, a."answerId", ${userId}, ${department}, a."questionId", a."skillId", a.moment, a.score,
               a.predicted, a.question, a.skill, a.mastery, a."skillAnswers"
          from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) a ("answerId" uuid, "questionId" uuid,
               "skillId" uuid, moment timestamptz, score float8, predicted float8, question float8,
               skill float8, mastery float8, "skillAnswers" int)`,
    ),
  ]);
}

export interface Shift {
  readonly id: string;
  /** Where it stood when nobody had answered. */
  readonly start: number;
  readonly change: number;
  /** Answers more, or fewer. */
  readonly answers: number;
}

/**
 * Moves difficulties by what answers of one learner added or took back. Others do the same meanwhile: changes
 * are added to what is there, in the order of the ids.
 */
export async function shiftDifficulties(
  tx: Tx,
  orgId: string,
  { questions, skills }: { questions: readonly Shift[]; skills: readonly Shift[] },
): Promise<void> {
  await Promise.all([
    run(
      tx,
      sql`
        insert into docent.item_difficulty (org_id, question_id, value, answers)
        select ${orgId}, d.id, d.start, 0
          from jsonb_to_recordset(${JSON.stringify(questions)}::jsonb) d (id uuid, start float8)
         order by d.id
        on conflict (org_id, question_id) do nothing`,
    ),
    run(
      tx,
      sql`
        insert into docent.item_difficulty (org_id, question_id, value, answers)
        select ${orgId}, d.id, d.change, d.answers
          from jsonb_to_recordset(${JSON.stringify(questions)}::jsonb) d (id uuid, change float8, answers int)
         order by d.id
        on conflict (org_id, question_id) do update
          set value = item_difficulty.value + excluded.value,
              answers = item_difficulty.answers + excluded.answers`,
    ),
    run(
      tx,
      sql`
        insert into docent.skill_difficulty (org_id, skill_id, value, answers)
        select ${orgId}, d.id, d.change, d.answers
          from jsonb_to_recordset(${JSON.stringify(skills)}::jsonb) d (id uuid, change float8, answers int)
         order by d.id
        on conflict (org_id, skill_id) do update
          set value = skill_difficulty.value + excluded.value,
              answers = skill_difficulty.answers + excluded.answers`,
    ),
  ]);
}

/** Notes that mastery has every answer of the learner, and that lists worked out before are old. */
export async function markCurrent(tx: Tx, orgId: string, userId: string): Promise<void> {
  await run(
    tx,
    sql`
      update docent.learner_states
         set mastery_stale = false,
             version = version + 1
       where org_id = ${orgId}
         and user_id = ${userId}`,
  );
}
