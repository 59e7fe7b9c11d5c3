import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { run, type Sql, sql } from '@docent/database/sql';
import { testOrganization } from '@docent/test/database';
import { makeAnalytics } from './analytics.ts';

export interface Company {
  readonly orgId: string;
  readonly admin: Principal;
  /** Runs a statement as a worker. */
  write(statement: Sql): Promise<void>;
  department(name: string, parentId?: string): Promise<string>;
  skill(name: string): Promise<string>;
  course(title: string, teaches?: string): Promise<string>;
  target(
    skillId: string,
    level: number,
    of: { job?: string; departmentId?: string },
  ): Promise<void>;
  /** So many learners. */
  people(
    count: number,
    of?: { departmentId?: string | undefined; job?: string; name?: string },
  ): Promise<string[]>;
  /** What their answers say: a level of 1 to 5. */
  level(
    userIds: readonly string[],
    skillId: string,
    level: number | ((index: number) => number),
    answers?: number,
  ): Promise<void>;
  enrol(
    userIds: readonly string[],
    courseId: string,
    at: string,
    completedAt?: string | ((index: number) => string | null),
  ): Promise<void>;
}

/** A company without people but its administrator. */
export async function testCompany(database: Database): Promise<Company> {
  const { principal } = await testOrganization(database);
  return companyIn(database, principal);
}

/** The organization of this administrator. */
export function companyIn(database: Database, admin: Principal): Company {
  const { orgId } = admin;
  const write = async (statement: Sql) => {
    await database.withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
  };
  return {
    orgId,
    admin,
    write,

    async department(name, parentId) {
      const id = newId();
      await write(sql`
        insert into docent.departments (org_id, id, parent_id, name)
        values (${orgId}, ${id}, ${parentId ?? null}, ${name})`);
      return id;
    },

    async skill(name) {
      const id = newId();
      await write(
        sql`insert into docent.skills (org_id, id, name) values (${orgId}, ${id}, ${name})`,
      );
      return id;
    },

    async course(title, teaches) {
      const id = newId();
      await write(
        sql`insert into docent.courses (org_id, id, title) values (${orgId}, ${id}, ${title})`,
      );
      if (teaches !== undefined) {
        await write(sql`
          insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
          values (${orgId}, ${newId()}, 'teaches', 'course', ${id}, 'skill', ${teaches})`);
      }
      return id;
    },

    async target(skillId, level, { job, departmentId }) {
      await write(sql`
        insert into docent.skill_targets (org_id, id, job_role, department_id, skill_id, level)
        values (${orgId}, ${newId()}, ${job ?? null}, ${departmentId ?? null}, ${skillId}, ${level})`);
    },

    async people(count, { departmentId, job, name = 'A learner' } = {}) {
      const ids = Array.from({ length: count }, () => newId());
      await write(sql`
        insert into docent.users (org_id, id, email, name, role, department_id, job_title)
        select ${orgId}, p.id, p.id || '@example.org', ${name}, 'learner', ${departmentId ?? null}::uuid,
               ${job ?? null}::text
          from unnest(${ids}::uuid[]) p (id)`);
      return ids;
    },

    async level(userIds, skillId, level, answers = 8) {
      const logits = userIds.map((_, index) => {
        const mastery = ((typeof level === 'number' ? level : level(index)) - 1) / 4;
        return 2 * Math.log(mastery / (1 - mastery));
      });
      await write(sql`
        insert into docent.user_mastery (org_id, user_id, theta, answers, last_answered_at, last_answer_id)
        select ${orgId}, p.id, 0, ${answers}, now(), p.id
          from unnest(${userIds}::uuid[]) p (id)
        on conflict do nothing`);
      await write(sql`
        insert into docent.skill_mastery
          (org_id, user_id, skill_id, theta, answers, points, stability, difficulty, last_answered_at)
        select ${orgId}, p.id, ${skillId}, p.theta, ${answers}, 0, 10, 5, now()
          from unnest(${userIds}::uuid[], ${logits}::float8[]) p (id, theta)`);
    },

    async enrol(userIds, courseId, at, completedAt) {
      const ends = userIds.map((_, index) =>
        typeof completedAt === 'function' ? completedAt(index) : (completedAt ?? null),
      );
      await write(sql`
        insert into docent.learning_progress
          (org_id, id, user_id, course_id, status, progress, assigned_at, started_at, completed_at,
           occurred_at, source)
        select ${orgId}, gen_random_uuid(), p.id, ${courseId},
               case when p.ended is null then 'in_progress' else 'completed' end,
               case when p.ended is null then 40 else 100 end, ${at}::timestamptz, ${at}::timestamptz,
               p.ended, coalesce(p.ended, ${at}::timestamptz), 'test'
          from unnest(${userIds}::uuid[], ${ends}::timestamptz[]) p (id, ended)`);
    },
  };
}

/** The story on this database at a fixed time; `sent` has the jobs that it sent. */
export function testAnalytics(database: Database, now: string) {
  const sent: string[] = [];
  const jobs: Pick<Jobs, 'send'> = {
    send: async (_tx, queue) => {
      sent.push(queue);
    },
  };
  const analytics = makeAnalytics({
    database,
    jobs,
    refreshMinutes: 60,
    now: () => new Date(now),
  });
  return { analytics, sent };
}

/** An HR manager of these departments. */
export function hrManager(orgId: string, userId: string, departmentIds: string[]): Principal {
  return { orgId, userId, role: 'hr_manager', departmentIds, scopes: ['*'] };
}
