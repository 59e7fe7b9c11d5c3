import { roles } from '@docent/core/principal';
import { many, one, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import type { CastMember, SamplePerson } from './people.ts';
import type { SampleYear } from './year.ts';

/** Rows of one statement: its JSON stays well below what a message may be. */
const ROWS = 2_000;

const CastRow = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
});

/** Whether nobody has added anything to learn yet. */
export async function hasNothingToLearn(tx: Tx, orgId: string): Promise<boolean> {
  const { empty } = await one(
    tx,
    z.object({ empty: z.boolean() }),
    sql`
      select not exists (select from docent.content where org_id = ${orgId})
         and not exists (select from docent.courses where org_id = ${orgId})
         and not exists (select from docent.skills where org_id = ${orgId}) as empty`,
  );
  return empty;
}

/** The people with these addresses who are there, in the order of the addresses. */
export function findCast(tx: Tx, orgId: string, emails: readonly string[]): Promise<CastMember[]> {
  return many(
    tx,
    CastRow,
    sql`
      select u.id, u.name, u.email, u.role
        from unnest(${emails}::text[]) with ordinality wanted (email, place)
        join docent.users u
          on u.org_id = ${orgId} and u.email_key = lower(wanted.email) and u.deleted_at is null
       order by wanted.place`,
  );
}

/** Their job, when nobody gave them one. */
export async function giveJobs(
  tx: Tx,
  orgId: string,
  people: readonly SamplePerson[],
): Promise<void> {
  const ids = people.map(({ id }) => id);
  const titles = people.map(({ job }) => job.title);
  await run(
    tx,
    sql`
      update docent.users u
         set job_title = given.title
        from unnest(${ids}::uuid[], ${titles}::text[]) given (id, title)
       where u.org_id = ${orgId}
         and u.id = given.id
         and u.job_title is null`,
  );
}

/** Who has progress of the sample already. */
export async function findThoseWithAYear(tx: Tx, orgId: string): Promise<Set<string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select distinct user_id as id
        from docent.progress_events
       where org_id = ${orgId}
         and source = 'sample'`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Departments by name, with the name of the one above; those that are there stay. */
export async function insertDepartments(
  tx: Tx,
  orgId: string,
  departments: readonly { id: string; name: string; parent: string | null }[],
): Promise<void> {
  for (const { id, name, parent } of departments) {
    await run(
      tx,
      sql`
        insert into docent.departments (org_id, id, parent_id, name)
        select ${orgId}, ${id}, p.id, ${name}
          from (select 1) one
          left join docent.departments p
            on p.org_id = ${orgId} and p.name = ${parent}::text
         where not exists (
           select
             from docent.departments d
            where d.org_id = ${orgId}
              and d.name = ${name})`,
    );
  }
}

export function insertPeople(
  tx: Tx,
  orgId: string,
  people: readonly SamplePerson[],
): Promise<void> {
  const rows = people.map(({ id, email, name, role, department, job, joined }) => ({
    id,
    email,
    name,
    role,
    department,
    job_title: job.title,
    joined: joined.toISOString(),
  }));
  return inParts(
    tx,
    rows,
    (json) => sql`
      insert into docent.users (org_id, id, email, name, role, department_id, job_title, created_at)
      select ${orgId}, r.id, r.email, r.name, r.role, d.id, r.job_title, r.joined
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, email text, name text, role text, department text,
               job_title text, joined timestamptz)
        left join docent.departments d
          on d.org_id = ${orgId} and d.name = r.department
      on conflict do nothing`,
  );
}

/**
 * The learning graph in its parts, each for a transaction, in this order; what is there already stays.
 *
 * @param by who made the assessments.
 */
export function insertCatalogue(
  orgId: string,
  catalogue: Catalogue,
  by: string,
): ((tx: Tx) => Promise<void>)[] {
  return [
    (tx) =>
      inParts(
        tx,
        catalogue.skills,
        (json) => sql`
      insert into docent.skills (org_id, id, name, category, level, description)
      select ${orgId}, r.id, r.name, r.category, r.level, r.description
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, name text, category text, level int, description text)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.courses,
        (json) => sql`
      insert into docent.courses (org_id, id, title, description, duration_minutes, difficulty, objectives)
      select ${orgId}, r.id, r.title, r.description, r.duration_minutes, r.difficulty,
             array(select jsonb_array_elements_text(r.objectives))
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, title text, description text, duration_minutes int,
               difficulty int, objectives jsonb)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.assessments,
        (json) => sql`
      insert into docent.assessments (org_id, id, title, description, course_id, difficulty, time_limit_minutes,
        passing_score, created_by)
      select ${orgId}, r.id, r.title, r.description, r.course_id, r.difficulty, r.time_limit_minutes,
             r.passing_score, ${by}
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, title text, description text, course_id uuid,
               difficulty int, time_limit_minutes int, passing_score float8)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.questions,
        (json) => sql`
      insert into docent.assessment_questions (org_id, id, assessment_id, position, type, prompt, options, skill_id,
        difficulty)
      select ${orgId}, r.id, r.assessment_id, r.position, r.type, r.prompt, r.options, r.skill_id, r.difficulty
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, assessment_id uuid, position int, type text,
               prompt text, options jsonb, skill_id uuid, difficulty int)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.questions,
        (json) => sql`
      insert into docent.assessment_keys (org_id, id, answer)
      select ${orgId}, r.id, r.answer
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, answer jsonb)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.edges,
        (json) => sql`
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id, weight)
      select ${orgId}, r.id, r.type, r.from_kind, r.from_id, r.to_kind, r.to_id, r.weight
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, type text, from_kind text, from_id uuid, to_kind text,
               to_id uuid, weight float8)
      on conflict do nothing`,
      ),
    (tx) =>
      inParts(
        tx,
        catalogue.targets,
        (json) => sql`
      insert into docent.skill_targets (org_id, id, job_role, skill_id, level, importance)
      select ${orgId}, r.id, r.job_role, r.skill_id, r.level, r.importance
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, job_role text, skill_id uuid, level int,
               importance float8)
      on conflict do nothing`,
      ),
  ];
}

/** What some people did; the state is for the caller to fold. */
export async function insertYear(
  tx: Tx,
  orgId: string,
  years: readonly SampleYear[],
): Promise<void> {
  const events = years.flatMap((year) => year.events);
  const attempts = years.flatMap((year) => year.attempts);
  const answers = years.flatMap((year) => year.answers);
  await insertRecommendations(
    tx,
    orgId,
    years.flatMap((year) => year.recommendations),
  );
  await inParts(
    tx,
    events,
    (json) => sql`
      insert into docent.progress_events (org_id, id, user_id, department_id, course_id, source, event_id, status,
        progress, due_at, occurred_at, created_at)
      select ${orgId}, r.id, r.user_id, u.department_id, r.course_id, 'sample', r.event_id, r.status, r.progress, r.due_at,
             r.occurred_at, r.occurred_at
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, user_id uuid, course_id uuid, event_id text, status text,
               progress float8, due_at timestamptz, occurred_at timestamptz)
        join docent.users u
          on u.org_id = ${orgId} and u.id = r.user_id
      on conflict do nothing`,
  );
  await inParts(
    tx,
    attempts,
    (json) => sql`
      insert into docent.assessment_attempts (org_id, id, user_id, department_id, assessment_id, assessment_owner_id,
        status, question_ids, started_at, completed_at, time_taken_seconds, score, passed)
      select ${orgId}, r.id, r.user_id, u.department_id, r.assessment_id, a.created_by, 'submitted',
             array(select jsonb_array_elements_text(r.question_ids))::uuid[], r.started_at, r.completed_at,
             r.time_taken_seconds, r.score, r.passed
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, user_id uuid, assessment_id uuid, question_ids jsonb,
               started_at timestamptz, completed_at timestamptz, time_taken_seconds int, score float8,
               passed boolean)
        join docent.assessments a
          on a.org_id = ${orgId} and a.id = r.assessment_id
        join docent.users u
          on u.org_id = ${orgId} and u.id = r.user_id
      on conflict do nothing`,
  );
  await inParts(
    tx,
    answers,
    (json) => sql`
      insert into docent.attempt_answers (org_id, id, user_id, department_id, attempt_id, question_id, skill_id,
        assessment_owner_id, score, answered_at)
      select ${orgId}, r.id, r.user_id, t.department_id, r.attempt_id, r.question_id, r.skill_id, t.assessment_owner_id, r.score,
             r.answered_at
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, user_id uuid, attempt_id uuid, question_id uuid,
               skill_id uuid, score float8, answered_at timestamptz)
        join docent.assessment_attempts t
          on t.org_id = ${orgId} and t.id = r.attempt_id
      on conflict do nothing`,
  );
}

/**
 * Lists that people looked at. They are shown after they are there, as anywhere: how often an item was shown is
 * counted then. What became of them follows when progress comes in.
 */
async function insertRecommendations(
  tx: Tx,
  orgId: string,
  recommendations: SampleYear['recommendations'],
): Promise<void> {
  await inParts(
    tx,
    recommendations,
    (json) => sql`
      insert into docent.recommendations (org_id, id, user_id, department_id, type, item_id, score, reason, reason_type,
        evidence, position, propensity, algo_version, created_at, clicked, clicked_at)
      select ${orgId}, r.id, r.user_id, u.department_id, 'course', r.item_id, r.score, r.reason, r.reason_type,
             -- What is on trial was chosen by chance, among ten.
             r.evidence, r.position, case r.reason_type when 'explore' then 0.1 else 1 end, 'sample', r.shown_at, r.clicked_at is not null, r.clicked_at
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, user_id uuid, item_id uuid, score float8, reason text,
               reason_type text, evidence jsonb, position int, shown_at timestamptz, clicked_at timestamptz)
        join docent.users u
          on u.org_id = ${orgId} and u.id = r.user_id
      on conflict do nothing`,
  );
  const userIds = [...new Set(recommendations.map(({ user_id: userId }) => userId))];
  await run(
    tx,
    sql`
      update docent.recommendations
         set shown_at = created_at
       where org_id = ${orgId}
         and user_id = any (${userIds}::uuid[])
         and algo_version = 'sample'
         and shown_at is null`,
  );
}

/** Declarations of one kind: by the person, or as a worker by who manages them. */
export function insertDeclarations(
  tx: Tx,
  orgId: string,
  declarations: SampleYear['declarations'],
): Promise<void> {
  return inParts(
    tx,
    declarations,
    (json) => sql`
      insert into docent.skill_declarations (org_id, id, user_id, skill_id, kind, level, declared_at)
      select ${orgId}, r.id, r.user_id, r.skill_id, r.kind, r.level, r.declared_at
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, user_id uuid, skill_id uuid, kind text, level int,
               declared_at timestamptz)
      on conflict do nothing`,
  );
}

/** Completions are counted by month: at the time at which they happened, not at which the sample was made. */
export async function backdateCompletions(
  tx: Tx,
  orgId: string,
  userIds: readonly string[],
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.analytics_events
         set created_at = (metadata ->> 'completedAt')::timestamptz
       where org_id = ${orgId}
         and user_id = any (${userIds}::uuid[])
         and event_type = 'learning_completed'
         and metadata ->> 'source' = 'sample'`,
  );
}

async function inParts(
  tx: Tx,
  rows: readonly object[],
  statement: (json: string) => Sql,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS) {
    await run(tx, statement(JSON.stringify(rows.slice(from, from + ROWS))));
  }
}
