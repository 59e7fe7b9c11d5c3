import { memoryCache } from '@docent/cache/memory';
import { asAdministrator } from '@docent/database/administrator';
import { createApp } from '@docent/http/app';
import { publishAnalytics } from '@docent/recommendation/analytics/publish';
import { recommendationService } from '@docent/recommendation/plugin';
import { z } from 'zod';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { printTimings, takeTurns } from './timing.ts';

const DEPARTMENTS = 40;
const PEOPLE_OF_EACH = 500;
const SKILLS = 60;
const COURSES = 200;
const REQUESTS = 200;

/**
 * Analytics of a company of 20,000 people in departments of 500: how long a publication takes, and how long a
 * department takes to read.
 */
export async function benchAnalytics(env: NodeJS.ProcessEnv): Promise<void> {
  const bench = await openBenchDatabase(env);
  try {
    const counts = await employ(bench);
    console.log(
      `${DEPARTMENTS} departments of ${PEOPLE_OF_EACH}, ${SKILLS} skills, ${COURSES} courses, ` +
        `${counts.progress} enrolments, ${counts.answers} answers`,
    );
    const { database, principal } = bench;
    const startedAt = performance.now();
    await publishAnalytics({ database }, principal.orgId);
    console.log(`  publication of all: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);

    const app = await createApp({ title: 'Bench', database, log: false });
    await app.register(recommendationService, {
      database,
      jobs: { send: async () => {}, work: async () => {}, close: async () => {} },
      cache: memoryCache(),
      embedderById: () => null,
      worker: false,
    });
    const headers = { authorization: `Bearer ${bench.key}` };
    let bytes = 0;
    const get = async (url: string) => {
      const { statusCode, body } = await app.inject({ method: 'GET', url, headers });
      if (statusCode !== 200) throw new Error(body);
      bytes = body.length;
    };
    await get('/v1/analytics/overview');
    const ids = Array.from({ length: REQUESTS }, (_, n) => departmentId(1 + (n % DEPARTMENTS)));
    const timings = await takeTurns(ids, {
      department: (id) => get(`/v1/analytics/departments/${id}`),
      'one table as CSV': (id) => get(`/v1/analytics/departments/${id}/export?table=skillGaps`),
    });
    await get(`/v1/analytics/departments/${departmentId(1)}`);
    console.log(`  a department over HTTP, ${(bytes / 1024).toFixed(0)} KB of JSON:`);
    printTimings(timings, 'department');
    await app.close();
  } finally {
    await bench.close();
  }
}

function departmentId(n: number): string {
  return `00000000-0000-4000-8001-${String(n).padStart(12, '0')}`;
}

/** Everything by a few statements, without triggers: what they keep current is not measured here. */
async function employ({ adminUrl, principal: { orgId } }: BenchDatabase) {
  const id = (kind: number, n: string) =>
    `('00000000-0000-4000-800${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;
  const people = DEPARTMENTS * PEOPLE_OF_EACH;
  const org = `'${orgId}'::uuid`;
  return asAdministrator(adminUrl, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query('select setseed(0.5)');
    for (const statement of [
      `insert into docent.departments (org_id, id, name)
       select ${org}, ${id(1, 'n')}, 'Department ' || n from generate_series(1, ${DEPARTMENTS}) n`,
      `insert into docent.users (org_id, id, email, name, role, department_id, job_title)
       select ${org}, ${id(2, 'n')}, n || '@example.org', 'Person ' || n, 'learner',
              ${id(1, `1 + n % ${DEPARTMENTS}`)}, 'Job ' || (n % 7)
         from generate_series(1, ${people}) n`,
      `insert into docent.skills (org_id, id, name)
       select ${org}, ${id(3, 'n')}, 'Skill ' || n from generate_series(1, ${SKILLS}) n`,
      `insert into docent.courses (org_id, id, title)
       select ${org}, ${id(4, 'n')}, 'Course ' || n from generate_series(1, ${COURSES}) n`,
      `insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
       select ${org}, ${id(5, 'n')}, 'teaches', 'course', ${id(4, 'n')}, 'skill', ${id(3, `1 + n % ${SKILLS}`)}
         from generate_series(1, ${COURSES}) n`,
      `insert into docent.skill_targets (org_id, id, department_id, skill_id, level)
       select ${org}, gen_random_uuid(), ${id(1, 'd')}, ${id(3, `1 + (d + s) % ${SKILLS}`)}, 3
         from generate_series(1, ${DEPARTMENTS}) d, generate_series(1, 20) s`,
      `insert into docent.learning_progress (org_id, id, user_id, department_id, course_id, status, progress,
         assigned_at, started_at, completed_at, occurred_at, source)
       select ${org}, gen_random_uuid(), e.person, e.department, e.course,
              case when e.done then 'completed' else 'in_progress' end, case when e.done then 100 else 40 end,
              e.at, e.at, case when e.done then e.at + interval '20 days' end, e.at + interval '20 days', 'bench'
         from (
           select ${id(2, 'n')} as person, ${id(1, `1 + n % ${DEPARTMENTS}`)} as department,
                  ${id(4, `1 + (n * 7 + c * 13) % ${COURSES}`)} as course, random() < 0.6 as done,
                  now() - random() * interval '700 days' as at
             from generate_series(1, ${people}) n, generate_series(1, 10) c
         ) e
       on conflict do nothing`,
      `insert into docent.user_mastery (org_id, user_id, department_id, theta, answers, last_answered_at, last_answer_id)
       select ${org}, u.id, u.department_id, random() * 3 - 1, 40, now(), u.id from docent.users u
        where u.org_id = ${org}`,
      `insert into docent.skill_mastery (org_id, user_id, skill_id, department_id, theta, answers, points, stability,
         difficulty, last_answered_at)
       select ${org}, u.id, ${id(3, `1 + s * 4 % ${SKILLS}`)}, u.department_id, random() * 2 - 1,
              (random() * 10)::int, 4, 20, 5, now()
         from docent.users u, generate_series(1, 8) s
        where u.org_id = ${org}
       on conflict do nothing`,
      `insert into docent.mastery_answers (org_id, answer_id, user_id, department_id, question_id, skill_id,
         answered_at, score, predicted, question_change, skill_change, mastery, skill_answers)
       select ${org}, gen_random_uuid(), m.user_id, m.department_id, gen_random_uuid(), m.skill_id,
              now() - random() * interval '400 days', round(random()), 0.5, 0, 0, random(), a
         from docent.skill_mastery m, generate_series(1, 6) a
        where m.org_id = ${org}`,
      'analyze',
    ]) {
      await client.query(statement);
    }
    const { rows } = await client.query(`
      select (select count(*)::int from docent.learning_progress) as progress,
             (select count(*)::int from docent.mastery_answers) as answers`);
    return z.object({ progress: z.int(), answers: z.int() }).parse(rows[0]);
  });
}
