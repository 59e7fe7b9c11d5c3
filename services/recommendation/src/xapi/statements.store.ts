import { Statement } from '@docent/contracts/learningXapi';
import { extents, roles, scopes } from '@docent/core/principal';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { ProgressKey } from '../progress/fold.store.ts';

export const Effect = z.enum([
  'none',
  'progress',
  'attempt',
  'answer',
  'unknown_actor',
  'unknown_activity',
  'not_trusted',
  'after_passed',
]);
export type Effect = z.infer<typeof Effect>;

const Known = z.object({
  id: z.uuid(),
  verb: z.string(),
  fingerprint: z.string(),
  voids: z.uuid().nullable(),
  voidedBy: z.uuid().nullable(),
  createdBy: z.uuid().nullable(),
  userId: z.uuid().nullable(),
  departmentId: z.uuid().nullable(),
  activity: z.string().nullable(),
  registration: z.uuid().nullable(),
  /** Of what voids: what its sender is today; null when they are not there any more. */
  senderRole: z.enum(roles).nullable(),
  senderDepartments: z.array(z.uuid()),
  senderGrants: z.array(z.object({ scope: z.enum(scopes), extent: z.enum(extents) })),
});
export type Known = z.infer<typeof Known>;

/** Statements are stored one after the other in an organization, so that `stored` grows. */
export async function lockStatements(tx: Tx, orgId: string): Promise<Date> {
  await run(
    tx,
    sql`
      select pg_advisory_xact_lock(hashtextextended('docent.xapi:' || ${orgId}::text, 0))`,
  );
  const newest = await maybeOne(
    tx,
    z.object({ at: z.date() }),
    sql`
      select greatest(date_trunc('milliseconds', clock_timestamp()),
               (select max(stored) + interval '1 millisecond'
                  from docent.xapi_statements
                 where org_id = ${orgId})) as at`,
  );
  return newest?.at ?? new Date();
}

/**
 * Those of these ids that are stored, and what voids them, also what the caller may not see: nothing of it may be
 * told to somebody who does not.
 */
export function findKnown(tx: Tx, ids: readonly string[]): Promise<Known[]> {
  return many(
    tx,
    Known,
    sql`
      select id, verb, fingerprint, voids, voided_by as "voidedBy", created_by as "createdBy", user_id as "userId",
             department_id as "departmentId", activity, registration, sender_role as "senderRole",
             sender_departments::text[] as "senderDepartments", sender_grants as "senderGrants"
        from docent.known_statements(${ids}::uuid[])`,
  );
}

export interface NewStatement {
  readonly id: string;
  readonly userId: string | null;
  readonly agent: string;
  readonly verb: string;
  readonly activity: string | null;
  readonly registration: string | null;
  readonly raw: object;
  readonly fingerprint: Buffer;
  readonly occurredAt: Date;
  readonly stored: Date;
  readonly voids: string | null;
  readonly voidedBy: string | null;
  readonly effect: Effect;
  readonly createdBy: string | null;
}

export async function insertStatements(
  tx: Tx,
  orgId: string,
  statements: readonly NewStatement[],
): Promise<void> {
  const rows = statements.map(({ fingerprint, ...row }) => ({
    ...row,
    fingerprint: fingerprint.toString('hex'),
  }));
  await run(
    tx,
    sql`
      insert into docent.xapi_statements (org_id, id, user_id, agent, verb, activity, registration, raw, fingerprint,
        occurred_at, stored, voids, voided_by, effect, created_by)
      select ${orgId}, r.id, r."userId", r.agent, r.verb, r.activity, r.registration, r.raw,
             decode(r.fingerprint, 'hex'), r."occurredAt", r.stored, r.voids, r."voidedBy", r.effect, r."createdBy"
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r (id uuid, "userId" uuid, agent text, verb text,
               activity text, registration uuid, raw jsonb, fingerprint text, "occurredAt" timestamptz,
               stored timestamptz, voids uuid, "voidedBy" uuid, effect text, "createdBy" uuid)`,
  );
}

/**
 * Voids a statement and deletes what it had led to, if the caller may (see docent.take_back_statement).
 * @returns whose progress must be worked out anew, and how many answers went; null: it was not for the caller.
 */
export function takeBack(
  tx: Tx,
  id: string,
  by: string,
): Promise<{ keys: ProgressKey[]; answers: number } | null> {
  return maybeOne(
    tx,
    z.object({
      answers: z.int(),
      keys: z.array(
        z.object({
          userId: z.uuid(),
          courseId: z.uuid().nullable(),
          skillId: z.uuid().nullable(),
        }),
      ),
    }),
    sql`
      select answers, keys
        from docent.take_back_statement(${id}, ${by})`,
  );
}

/** What a person was told about an activity within one registration. */
export interface Registered {
  readonly userId: string;
  readonly activity: string;
  readonly registration: string;
}

const ResultRow = z.object({
  id: z.uuid(),
  verb: z.string(),
  effect: Effect,
  raw: Statement,
  occurredAt: z.date(),
});

/** Statements of a registration with these verbs that lead to something, or would if nobody had passed before. */
export function listResults(
  tx: Tx,
  orgId: string,
  { userId, activity, registration }: Registered,
  verbs: readonly string[],
): Promise<z.output<typeof ResultRow>[]> {
  return many(
    tx,
    ResultRow,
    sql`
      select s.id, s.verb, s.effect, s.raw - '{stored,authority,version}'::text[] as raw,
             s.occurred_at as "occurredAt"
        from docent.xapi_statements s
       where s.org_id = ${orgId}
         and s.user_id = ${userId}
         and s.registration = ${registration}
         and s.activity = ${activity}
         and s.verb = any (${verbs}::text[])
         and s.voided_by is null
         and s.effect in ('progress', 'attempt', 'after_passed')`,
  );
}

export async function setEffect(tx: Tx, orgId: string, id: string, effect: Effect): Promise<void> {
  await run(
    tx,
    sql`
      update docent.xapi_statements
         set effect = ${effect}
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

/** Takes back what a statement had led to. @returns whose progress must be worked out anew, and how many answers went. */
export async function deleteEffects(
  tx: Tx,
  orgId: string,
  id: string,
): Promise<{ keys: ProgressKey[]; answers: number }> {
  const answers = await run(
    tx,
    sql`
      delete from docent.attempt_answers
       where org_id = ${orgId}
         and statement_id = ${id}`,
  );
  await run(
    tx,
    sql`
      delete from docent.assessment_attempts
       where org_id = ${orgId}
         and statement_id = ${id}`,
  );
  const keys = await many(
    tx,
    z.object({
      userId: z.uuid(),
      courseId: z.uuid().nullable(),
      skillId: z.uuid().nullable(),
    }),
    sql`
      delete from docent.progress_events
       where org_id = ${orgId}
         and statement_id = ${id}
      returning user_id as "userId", course_id as "courseId", skill_id as "skillId"`,
  );
  return { keys, answers };
}

/**
 * People behind agents: an account's name is a person's external id, user name, e-mail or id; an mbox their
 * e-mail. Sums of addresses and OpenIDs lead to nobody.
 * @param names names of accounts, and addresses, in lower case.
 */
export function findActors(
  tx: Tx,
  orgId: string,
  names: readonly string[],
): Promise<{ name: string; userId: string; departmentId: string | null }[]> {
  return many(
    tx,
    z.object({ name: z.string(), userId: z.uuid(), departmentId: z.uuid().nullable() }),
    sql`
      select distinct on (n.name) n.name, u.id as "userId", u.department_id as "departmentId"
        from unnest(${names}::text[]) n (name)
        join docent.users u
          on u.org_id = ${orgId}
         and (lower(u.external_id) = n.name or u.email_key = n.name or u.user_name_key = n.name
              or u.id::text = n.name)
       where u.deleted_at is null
       order by n.name, (lower(u.external_id) = n.name) desc nulls last, u.id`,
  );
}

const Activity = z.object({
  iri: z.string(),
  kind: z.enum(['course', 'skill', 'assessment', 'question']),
  id: z.uuid(),
  skillId: z.uuid().nullable(),
  courseId: z.uuid().nullable(),
  ownerId: z.uuid().nullable(),
  passingScore: z.number().nullable(),
});
export type KnownActivity = z.infer<typeof Activity>;

/**
 * What activities are here: by the externalUri of a course, skill, assessment or question, or by the end of an
 * address, /v1/{kind}/{id}. On whatever host: Docent is reached by several names, and nobody else has its ids.
 */
export function findActivities(
  tx: Tx,
  orgId: string,
  iris: readonly string[],
): Promise<KnownActivity[]> {
  return many(
    tx,
    Activity,
    sql`
      with asked as (
        select iri, address[1] as part, address[2]::uuid as id
          from unnest(${iris}::text[]) iri
          left join lateral regexp_match(iri, '/v1/(courses|skills|assessments|questions)/'
                 '([[:xdigit:]]{8}(?:-[[:xdigit:]]{4}){3}-[[:xdigit:]]{12})$') address
            on true
      )
      select a.iri, 'course' as kind, c.id, null::uuid as "skillId", c.id as "courseId", null::uuid as "ownerId",
             null::float8 as "passingScore"
        from asked a
        join docent.courses c
          on c.org_id = ${orgId} and (c.external_uri = a.iri or (a.part = 'courses' and c.id = a.id))
      union all
      select a.iri, 'skill', s.id, s.id, null, null, null
        from asked a
        join docent.skills s
          on s.org_id = ${orgId} and (s.external_uri = a.iri or (a.part = 'skills' and s.id = a.id))
      union all
      select a.iri, 'assessment', t.id, t.skill_id, t.course_id, t.created_by, t.passing_score
        from asked a
        join docent.assessments t
          on t.org_id = ${orgId} and (t.external_uri = a.iri or (a.part = 'assessments' and t.id = a.id))
      union all
      select a.iri, 'question', q.id, q.skill_id, null, t.created_by, null
        from asked a
        join docent.assessment_questions q
          on q.org_id = ${orgId} and (q.external_uri = a.iri or (a.part = 'questions' and q.id = a.id))
        join docent.assessments t
          on t.org_id = q.org_id and t.id = q.assessment_id`,
  );
}

/** The result of an assessment that another system held. */
export async function insertResult(
  tx: Tx,
  orgId: string,
  result: {
    readonly id: string;
    readonly userId: string;
    readonly assessmentId: string;
    readonly ownerId: string | null;
    readonly completedAt: Date;
    readonly seconds: number | null;
    readonly score: number | null;
    readonly passed: boolean;
    readonly registration: string | null;
    readonly statementId: string;
  },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.assessment_attempts (org_id, id, user_id, assessment_id, assessment_owner_id, status,
        started_at, completed_at, time_taken_seconds, score, passed, source, registration, statement_id)
      values (${orgId}, ${result.id}, ${result.userId}, ${result.assessmentId}, ${result.ownerId}, 'submitted',
        ${result.completedAt}::timestamptz - make_interval(secs => ${result.seconds ?? 0}), ${result.completedAt},
        ${result.seconds}, ${result.score}, ${result.passed}, 'xapi', ${result.registration},
        ${result.statementId})`,
  );
}

export interface StatementFilters {
  readonly agent: string | null;
  readonly verb: string | null;
  readonly activity: string | null;
  readonly registration: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
}

const StoredRow = z.object({ id: z.uuid(), raw: z.json(), stored: z.date() });
export type StoredStatement = z.infer<typeof StoredRow>;

/** One statement by its id, or null. @param voided whether it is a voided one that is wanted. */
export function findStatement(
  tx: Tx,
  orgId: string,
  id: string,
  voided: boolean,
): Promise<StoredStatement | null> {
  return maybeOne(
    tx,
    StoredRow,
    sql`
      select s.id, s.raw, s.stored
        from docent.xapi_statements s
       where s.org_id = ${orgId}
         and s.id = ${id}
         and (s.voided_by is not null) = ${voided}`,
  );
}

/** Statements that are not voided, by the time at which they were stored. */
export function queryStatements(
  tx: Tx,
  orgId: string,
  filters: StatementFilters,
  page: {
    readonly ascending: boolean;
    readonly after: { readonly stored: string; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<StoredStatement[]> {
  const { agent, verb, activity, registration, since, until } = filters;
  const stored = page.after?.stored ?? null;
  const id = page.after?.id ?? null;
  return many(
    tx,
    StoredRow,
    sql`
      select s.id, s.raw, s.stored
        from docent.xapi_statements s
       where s.org_id = ${orgId}
         and s.voided_by is null
         and (${agent}::text is null or s.agent = ${agent})
         and (${verb}::text is null or s.verb = ${verb})
         and (${activity}::text is null or s.activity = ${activity})
         and (${registration}::uuid is null or s.registration = ${registration})
         and (${since}::timestamptz is null or s.stored > ${since})
         and (${until}::timestamptz is null or s.stored <= ${until})
         and (${stored}::timestamptz is null
              or case when ${page.ascending} then (s.stored, s.id) > (${stored}::timestamptz, ${id}::uuid)
                   else (s.stored, s.id) < (${stored}::timestamptz, ${id}::uuid) end)
       order by ${page.ascending ? sql`s.stored, s.id` : sql`s.stored desc, s.id desc`}
       limit ${page.limit}`,
  );
}
