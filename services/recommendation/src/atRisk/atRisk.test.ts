import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { findRisks, trainRiskModel } from './atRisk.ts';

const database = fileDatabase();

/** A course of 100 days with an assessment; half of those whose time is over handed it in and passed. */
async function setUp(finished: number) {
  const { orgId } = await testOrganization(database());
  const [courseId, assessmentId] = [newId(), newId()];
  const work = (statement: ReturnType<typeof sql>) =>
    database().withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
  await work(sql`
    insert into docent.courses (org_id, id, title)
    values (${orgId}, ${courseId}, 'A course')`);
  await work(sql`
    insert into docent.assessments (org_id, id, title, course_id)
    values (${orgId}, ${assessmentId}, 'An assessment', ${courseId})`);
  /** People who began so many days ago, and whether they handed in on the 20th day. */
  const people = async (count: number, daysAgo: number, handIn: boolean, passed: boolean) => {
    const ids = Array.from({ length: count }, newId);
    await work(sql`
      insert into docent.users (org_id, id, email, name, role)
      select ${orgId}, id, id || '@test.example', 'A learner', 'learner'
        from unnest(${ids}::uuid[]) id`);
    await work(sql`
      insert into docent.learning_progress (org_id, id, user_id, course_id, status, progress, started_at, due_at,
             completed_at, occurred_at, source)
      select ${orgId}, gen_random_uuid(), id, ${courseId}, ${passed ? 'completed' : 'in_progress'}, 50,
             now() - interval '1 day' * ${daysAgo}::int, now() + interval '1 day' * (100 - ${daysAgo}::int),
             case when ${passed} then now() - interval '1 day' end, now() - interval '8 days', 'test'
        from unnest(${ids}::uuid[]) id`);
    if (!handIn) return ids;
    await work(sql`
      insert into docent.assessment_attempts (org_id, id, user_id, assessment_id, status, started_at, completed_at, score)
      select ${orgId}, gen_random_uuid(), id, ${assessmentId}, 'submitted', now(),
             now() - interval '1 day' * (${daysAgo}::int - 20), 80
        from unnest(${ids}::uuid[]) id`);
    return ids;
  };
  await people(finished / 2, 150, true, true);
  await people(finished / 2, 150, false, false);
  return { orgId, people };
}

test('who handed in nothing is more likely to fail, once 200 have finished', async () => {
  const { orgId, people } = await setUp(200);
  const [busy] = await people(1, 60, true, false);
  const [idle] = await people(1, 60, false, false);
  const worker = workerPrincipal(orgId);

  const model = await database().withPrincipal(worker, (tx) => trainRiskModel(tx, orgId));
  const risks = await database().withPrincipal(worker, (tx) => findRisks(tx, orgId, new Date()));

  expect(model).toMatchObject({ enrolments: 200 });
  expect(risks).toHaveLength(2);
  const of = (userId?: string) => risks.find((risk) => risk.userId === userId);
  expect(of(busy)?.probability).toBeLessThan(0.1);
  expect(of(idle)?.probability).toBeGreaterThan(0.9);
});

test('before that the rule alone speaks', async () => {
  const { orgId, people } = await setUp(198);
  await people(1, 60, false, false);
  const worker = workerPrincipal(orgId);

  const model = await database().withPrincipal(worker, (tx) => trainRiskModel(tx, orgId));
  const risks = await database().withPrincipal(worker, (tx) => findRisks(tx, orgId, new Date()));

  expect(model).toBeNull();
  expect(risks).toMatchObject([{ byRule: true, probability: null }]);
});
