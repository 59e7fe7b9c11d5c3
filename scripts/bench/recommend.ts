import { memoryCache } from '@docent/cache/memory';
import type { Principal } from '@docent/core/principal';
import { asAdministrator } from '@docent/database/administrator';
import type { Jobs } from '@docent/database/jobs';
import { many, sql } from '@docent/database/sql';
import { rebuild } from '@docent/recommendation/recommend/rebuild';
import { makeRecommender } from '@docent/recommendation/recommend/recommend';
import { startingSettings } from '@docent/recommendation/recommend/settings';
import { z } from 'zod';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { quantile } from './timing.ts';

const LEARNERS = 100_000;
const COURSES = 3_000;
const EVENTS = 1_000_000;
const SKILLS = 400;
const DEPARTMENTS = 200;
const REQUESTS = 400;

/**
 * Recommendations of an organization with 100,000 learners, 3,000 courses and a million things begun: how long the
 * tables take, and a request, the first of its kind and one that the cache has.
 */
export async function benchRecommend(env: Record<string, string | undefined>): Promise<void> {
  const bench = await openBenchDatabase(env);
  try {
    const { database, principal } = bench;
    const { orgId } = principal;
    console.log(`recommend: making ${LEARNERS} learners, ${COURSES} courses, ${EVENTS} events`);
    await load(bench);
    const settings = startingSettings({ items: COURSES, learners: LEARNERS });
    const { counts, buildMs } = await rebuild(database, orgId, {
      signal: new AbortController().signal,
      settings,
    });
    await asAdministrator(bench.adminUrl, (client) => client.query('vacuum analyze'));
    console.log(
      `  tables of ${counts.learners} learners, ${counts.items} courses, ${counts.events} events: ${(buildMs / 1000).toFixed(1)} s`,
    );

    const recommender = makeRecommender({
      database,
      cache: memoryCache(),
      jobs: idleJobs,
      embedderById: () => null,
      random: Math.random,
    });
    const learners = await chooseLearners(bench);
    const ask = async (userId: string) => {
      const learner: Principal = { ...principal, userId, role: 'learner' };
      const startedAt = performance.now();
      await recommender.recommend(learner, userId, { type: 'course', limit: 10 });
      return performance.now() - startedAt;
    };
    // Connections and plans of the first few are not what is measured.
    for (const userId of learners.slice(0, 50)) await ask(userId);
    const cold: number[] = [];
    const cached: number[] = [];
    for (const userId of learners.slice(50)) cold.push(await ask(userId));
    for (const userId of learners.slice(50)) cached.push(await ask(userId));
    print('the first time', cold, 25);
    print('from the cache', cached, 2);
  } finally {
    await bench.close();
  }
}

/** Nobody works: the tables are fresh. */
const idleJobs: Jobs = { send: async () => {}, work: async () => {}, close: async () => {} };

/** Made in the database, by its administrator, without the work that triggers do for each row. */
async function load({ adminUrl, principal: { orgId } }: BenchDatabase): Promise<void> {
  await asAdministrator(adminUrl, async (client) => {
    await client.query('select setseed(0.4)');
    await client.query("set session_replication_role = 'replica'");
    await client.query(`
      create temp table person as
        select n, gen_random_uuid() as id, 1 + n % ${DEPARTMENTS} as d from generate_series(0, ${LEARNERS - 1}) n;
      create temp table course as
        select n, gen_random_uuid() as id from generate_series(0, ${COURSES - 1}) n;
      create temp table skill as
        select n, gen_random_uuid() as id from generate_series(0, ${SKILLS - 1}) n;
      create temp table department as
        select n, gen_random_uuid() as id from generate_series(1, ${DEPARTMENTS}) n;
      create index on person (n);
      create index on course (n)`);
    await client.query(`
      insert into docent.departments (org_id, id, name)
        select '${orgId}', id, 'Department ' || n from department;
      insert into docent.users (org_id, id, email, name, role, department_id, job_title)
        select '${orgId}', p.id, p.id || '@bench.example', 'Learner', 'learner', d.id, 'Job ' || p.n % 20
          from person p join department d on d.n = p.d;
      insert into docent.courses (org_id, id, title, duration_minutes, difficulty)
        select '${orgId}', id, 'Course ' || n, 60, 1 + n % 5 from course;
      insert into docent.skills (org_id, id, name, level)
        select '${orgId}', id, 'Skill ' || n, 1 + n % 5 from skill;
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
        select '${orgId}', gen_random_uuid(), 'teaches', 'course', c.id, 'skill', s.id
          from course c join skill s on s.n in (c.n % ${SKILLS}, (c.n * 7 + 3) % ${SKILLS});
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
        select '${orgId}', gen_random_uuid(), 'prerequisite', 'course', a.id, 'course', b.id
          from course b join course a on a.n = b.n - 10 where b.n % 10 < 3 and b.n % 100 > 20;
      insert into docent.skill_targets (org_id, id, job_role, skill_id, level)
        select '${orgId}', gen_random_uuid(), 'Job ' || j, s.id, 3
          from generate_series(0, 19) j join skill s on s.n % 40 = j`);
    // Each learner goes on from a course of their own along the catalogue, popular courses being met more often.
    await client.query(`
      insert into docent.learning_progress (org_id, id, user_id, department_id, course_id, status, progress, started_at,
             occurred_at, source)
        select '${orgId}', gen_random_uuid(), e.id, null, c.id, 'in_progress', 100,
               now() - interval '1 day' * (400 - 30 * e.k), now() - interval '1 day' * (400 - 30 * e.k), 'bench'
          from (
            select distinct on (p.id, place.at) p.id, k, place.at
              from person p
             cross join generate_series(1, ${Math.round((1.15 * EVENTS) / LEARNERS)}) k
             cross join lateral (
               select case when random() < 0.3 then floor(${COURSES} * power(random(), 3))::int
                 else (p.n * 13 % ${COURSES} + k * (1 + p.n % 3)) % ${COURSES} end as at
             ) place
          ) e
          join course c on c.n = e.at
         limit ${EVENTS}`);
    await client.query('vacuum analyze');
  });
}

async function chooseLearners({ database, principal }: BenchDatabase): Promise<string[]> {
  const rows = await database.withPrincipal(principal, (tx) =>
    many(
      tx,
      z.object({ id: z.uuid() }),
      sql`
        select id
          from docent.users
         where org_id = ${principal.orgId}
           and role = 'learner'
         order by md5(id::text)
         limit ${REQUESTS + 50}`,
    ),
  );
  return rows.map(({ id }) => id);
}

function print(label: string, ms: readonly number[], most: number): void {
  const p95 = quantile(ms, 0.95);
  console.log(
    `  a request, ${label}: p50 ${quantile(ms, 0.5).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms (${p95 <= most ? 'within' : 'OVER'} ${most} ms)`,
  );
}
