import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { sql } from '@docent/database/sql';
import { addUser, testDatabase, testOrganization } from '@docent/test/database';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { listUngrouped } from '../analytics/questions/group.store.ts';
import { findRisks } from '../atRisk/atRisk.ts';
import { prerequisiteCycle } from '../graph/cycle.ts';
import { sampleCatalogue } from './catalogue.ts';
import { sampleMaterial } from './material.ts';
import { seedCompany } from './seed.ts';

// Embedded, thirty thousand rows with their triggers and keys take a while.
vi.setConfig({ testTimeout: 240_000 });

const NOW = new Date('2026-11-20T15:00:00Z');

test('the sample company has its people, graph and a year with structure; what was stopped midway is finished, a second time changes nothing', async () => {
  const database = await testDatabase();
  const { orgId, principal } = await testOrganization(database);
  const { userId: learnerId } = await addUser(database, principal, 'learner');
  const cast = [`learner-${learnerId}@example.org`, 'nobody@example.org'];
  const counts = () =>
    database.withPrincipal(principal, async (tx) => {
      const { rows } = await tx.query(sql`
        select (select count(*)::int from docent.users where org_id = ${orgId}) as people,
               (select count(*)::int from docent.departments where org_id = ${orgId}) as departments,
               (select count(*)::int from docent.skills where org_id = ${orgId}) as skills,
               (select count(*)::int from docent.courses where org_id = ${orgId}) as courses,
               (select count(*)::int from docent.assessments where org_id = ${orgId}) as assessments,
               (select count(*)::int from docent.progress_events where org_id = ${orgId}) as events,
               (select count(*)::int from docent.attempt_answers where org_id = ${orgId}) as answers,
               (select count(*)::int from docent.learning_progress where org_id = ${orgId}) as progress,
               (select count(*)::int from docent.analytics_events where org_id = ${orgId}) as analytics`);
      return rows[0];
    });

  const stopping = new AbortController();
  const stopped = stopAfter(database, 40, stopping);
  const half = seedCompany(stopped, orgId, { cast, now: NOW, signal: stopping.signal });
  await expect(half).rejects.toThrow('stopped midway');
  const { trainerId, ...made } = await seedCompany(database, orgId, { cast, now: NOW });
  const first = await counts();
  await seedCompany(database, orgId, { cast, now: new Date(NOW.getTime() + 3_600_000) });

  expect(trainerId).toBeDefined();
  expect(made).toMatchObject({
    people: 301,
    departments: 6,
    skills: 60,
    courses: 40,
    assessments: 12,
  });
  expect(first).toMatchObject({ ...made, people: 302 });
  expect(await counts()).toEqual(first);

  const { rows } = await database.withPrincipal(principal, (tx) =>
    tx.query(sql`
      select avg((p.status = 'completed')::int)::float8 as completed,
             avg((p.status = 'dropped')::int)::float8 as dropped,
             count(*) filter (where p.due_at < ${NOW} and p.completed_at is null)::int as overdue,
             count(distinct p.user_id)::int as people,
             (select count(*)::int
                from docent.progress_events e
               where e.org_id = ${orgId}
                 and e.status is distinct from 'assigned'
                 and extract(isodow from e.occurred_at at time zone 'utc') > 5
                 and e.user_id <> ${learnerId}) as weekends,
             (select count(distinct date_trunc('month', a.answered_at))::int
                from docent.attempt_answers a
               where a.org_id = ${orgId}) as months,
             (select avg((r.enrolled_at is not null)::int)::float8
                from docent.recommendations r
               where r.org_id = ${orgId}) as taken,
             (select avg(a.score) filter (where q.difficulty = 1) - avg(a.score) filter (where q.difficulty >= 4)
                from docent.attempt_answers a
                join docent.assessment_questions q
                  on q.org_id = a.org_id and q.id = a.question_id
               where a.org_id = ${orgId})::float8 as easier
        from docent.learning_progress p
       where p.org_id = ${orgId}`),
  );

  const row = z.record(z.string(), z.number()).parse(rows[0]);
  expect(row.completed).toBeGreaterThan(0.5);
  expect(row.completed).toBeLessThan(0.9);
  expect(row.dropped).toBeGreaterThan(0.01);
  expect(row.overdue).toBeGreaterThan(20);
  expect(row.people).toBe(301);
  expect(row.easier).toBeGreaterThan(0.1);
  expect(row.weekends).toBe(0);
  expect(row.months).toBeGreaterThanOrEqual(12);
  expect(row.taken).toBeGreaterThan(0.05);
  expect(row.taken).toBeLessThan(0.3);

  const risks = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    findRisks(tx, orgId, NOW),
  );
  const open = new Set(risks.map(({ userId }) => userId)).size;
  const atRisk = new Set(risks.filter(({ likely }) => likely).map(({ userId }) => userId)).size;
  expect(open).toBeGreaterThan(90);
  expect(atRisk / open).toBeGreaterThan(0.08);
  expect(atRisk / open).toBeLessThan(0.3);

  const asked = await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    listUngrouped(tx, orgId, 1_000),
  );
  expect(asked).toHaveLength(160);

  const { rows: own } = await database.withPrincipal(principal, (tx) =>
    tx.query(sql`
      select (select job_title from docent.users where org_id = ${orgId} and id = ${learnerId}) as job,
             (select count(*)::int from docent.learning_progress p
               where p.org_id = ${orgId} and p.user_id = ${learnerId} and p.status = 'completed') as completed,
             (select count(*)::int from docent.learning_progress p
               where p.org_id = ${orgId} and p.user_id = ${learnerId} and p.status = 'in_progress') as current,
             (select max(n)::int from (
                select count(*) as n from docent.attempt_answers a
                 where a.org_id = ${orgId} and a.user_id = ${learnerId}
                 group by a.skill_id) s) as evidence,
             (select count(*)::int
                from docent.learning_progress p
                join docent.assessments a
                  on a.org_id = p.org_id and a.course_id = p.course_id
               where p.org_id = ${orgId} and p.user_id = ${learnerId} and p.status = 'completed'
                 and not exists (
                   select from docent.assessment_attempts t
                    where t.org_id = a.org_id and t.assessment_id = a.id and t.user_id = p.user_id)) as untaken`),
  );
  expect(own[0]).toEqual({
    job: 'Frontend Developer',
    completed: 8,
    current: 1,
    evidence: expect.toSatisfy((answers: number) => answers >= 5),
    untaken: 1,
  });
});

/** The same database, until so many transactions were done. */
function stopAfter(database: Database, transactions: number, stopping: AbortController): Database {
  let left = transactions;
  return {
    ...database,
    withPrincipal(principal, work, options) {
      left -= 1;
      if (left === 0) stopping.abort(new Error('stopped midway'));
      return database.withPrincipal(principal, work, options);
    },
  };
}

test('the page of a course says in sentences what people ask about it', () => {
  const page = sampleMaterial('org').find(({ title }) => title === 'React Development');

  expect(page?.text.split('\n\n')).toEqual([
    'Building web applications with React.',
    'The course React Development takes 10 hours (600 minutes) and is of medium difficulty (difficulty 3 of 5). Before React Development, take Advanced JavaScript and Pages with HTML and CSS.',
    'In this course you learn about component lifecycle, state management, routing and testing. It teaches the skill React Development.',
  ]);
});

test('what comes first in the sample forms no cycle, and every name in it leads somewhere', () => {
  const { skills, courses, edges, questions, targets } = sampleCatalogue('org');
  const ids = new Set([...skills, ...courses].map(({ id }) => id));
  const order = edges
    .filter(({ type }) => ['prerequisite', 'teaches'].includes(type))
    .map(({ from_id: from, to_id: to }) => ({ from, to }));

  expect(prerequisiteCycle([], order)).toBeNull();
  expect(edges.every(({ from_id, to_id }) => ids.has(from_id) && ids.has(to_id))).toBe(true);
  expect(questions.every(({ skill_id }) => ids.has(skill_id))).toBe(true);
  expect(targets.every(({ skill_id }) => ids.has(skill_id))).toBe(true);
});
