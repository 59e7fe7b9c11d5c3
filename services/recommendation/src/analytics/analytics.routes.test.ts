import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testLearning } from '../testing.ts';
import { companyIn } from './testing.ts';

const database = fileDatabase();
const hidden = { suppressed: true, reason: 'group_too_small', k: 5 };
const Rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

describe('roles', () => {
  const roles = ['learner', 'trainer', 'hr_manager', 'admin'] as const;

  test.each([
    ['departments', { learner: 403, trainer: 403, hr_manager: 200, admin: 200 }],
    ['departments of others', { learner: 403, trainer: 403, hr_manager: 404, admin: 200 }],
    ['export of a department', { learner: 403, trainer: 403, hr_manager: 200, admin: 200 }],
    ['export of others', { learner: 403, trainer: 403, hr_manager: 404, admin: 200 }],
    ['overview', { learner: 403, trainer: 200, hr_manager: 403, admin: 200 }],
    ['settings', { learner: 403, trainer: 200, hr_manager: 200, admin: 200 }],
    ['oneself', { learner: 200, trainer: 200, hr_manager: 200, admin: 200 }],
    ['a colleague', { learner: 404, trainer: 404, hr_manager: 200, admin: 200 }],
    ['somebody of another department', { learner: 404, trainer: 404, hr_manager: 404, admin: 200 }],
  ] as const)('%s', async (what, expected) => {
    const { learning, sales, legal, people, colleague, stranger } = await office();

    const answers = await Promise.all(
      roles.map(async (role) => {
        const as = people[role];
        const url = {
          departments: `/v1/analytics/departments/${sales}`,
          'departments of others': `/v1/analytics/departments/${legal}`,
          'export of a department': `/v1/analytics/departments/${sales}/export?table=skillGaps`,
          'export of others': `/v1/analytics/departments/${legal}/export?table=skillGaps`,
          overview: '/v1/analytics/overview',
          settings: '/v1/analytics/settings',
          oneself: `/v1/analytics/users/${as.principal.userId}`,
          'a colleague': `/v1/analytics/users/${colleague}`,
          'somebody of another department': `/v1/analytics/users/${stranger}`,
        }[what];
        const response = await learning.request('GET', url, { key: as.key });
        return [role, response.statusCode];
      }),
    );

    expect(Object.fromEntries(answers)).toEqual(expected);
  });

  test('a key without the scope reads nothing', async () => {
    const { learning, sales } = await office();
    const narrow = await learning.person('admin', { scopes: ['search'] });

    const { status } = await learning.send('GET', `/v1/analytics/departments/${sales}`, {
      as: narrow,
    });

    expect(status).toBe(403);
  });

  test('only admins change the settings, and each change is on record', async () => {
    const { learning, people } = await office();
    const body = { minGroup: 8, atRiskList: true };

    const byHr = await learning.send('PUT', '/v1/analytics/settings', {
      body,
      as: people.hr_manager,
    });
    const byAdmin = await learning.send('PUT', '/v1/analytics/settings', { body });

    expect(byHr.status).toBe(403);
    expect(byAdmin.body).toEqual(body);
    const log = await learning.rows(sql`
      select action from docent.audit_log where target_kind = 'analytics_settings'`);
    expect(log).toEqual([{ action: 'analytics_settings.created' }]);
  });

  test('a smaller group than five people cannot be asked for', async () => {
    const { learning } = await office();

    const { status } = await learning.send('PUT', '/v1/analytics/settings', {
      body: { minGroup: 4, atRiskList: false },
    });

    expect(status).toBe(400);
  });
});

test('another organization’s department is not there', async () => {
  const { learning, sales } = await office();
  const other = await learning.secondOrganization();

  const { status } = await learning.send('GET', `/v1/analytics/departments/${sales}`, {
    as: other,
  });

  expect(status).toBe(404);
});

test.each(['from=2026-13', 'from=2026-05&to=2026-04', 'user=x', 'groupBy=age'])(
  'a query that was not declared is refused: %s',
  async (query) => {
    const { learning, sales } = await office();

    const { status } = await learning.send('GET', `/v1/analytics/departments/${sales}?${query}`);

    expect(status).toBe(400);
  },
);

test('a hidden group says that it is hidden, and nothing else', async () => {
  const { learning, sales } = await office();

  const { body } = await learning.send('GET', `/v1/analytics/departments/${sales}`);

  const { rows } = Rows.parse(body.completion);
  const year = new Date().getUTCFullYear();
  const mine = rows.filter((row) => row.period === String(year));
  expect(mine.map(({ value }) => value)).toEqual([hidden]);
});

test('a table comes as CSV', async () => {
  const { learning, sales } = await office();

  const response = await learning.request(
    'GET',
    `/v1/analytics/departments/${sales}/export?table=completion`,
  );

  expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(response.headers['content-disposition']).toMatch(/^attachment; filename="completion_/);
  expect(response.body.split('\n')[0]).toBe(
    '\ufeffgroup.kind,group.departmentId,group.name,period,suppressed,people.atLeast,people.atMost,enrolments,completed',
  );
  expect(response.body).toContain(`department,${sales},Sales,`);
});

test('of oneself everything that the function of the database gives', async () => {
  const { learning, colleague, course, company } = await office();
  const started = new Date(Date.now() - 10 * 3_600_000).toISOString();
  await company.enrol([colleague], course, started, new Date().toISOString());
  // Brought in from elsewhere just now, but learned long ago.
  const older = await company.course('Statistics');
  await company.enrol([colleague], older, '2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z');
  const [answered, declared, begun] = [
    await company.skill('Answered'),
    await company.skill('Declared'),
    await company.skill('Begun'),
  ];
  await company.skill('Unknown');
  await company.level([colleague], answered, 3);
  for (const skill of [answered, declared]) {
    await learning.send('PUT', `/v1/users/${colleague}/skill-declarations/${skill}`, {
      body: { level: 2 },
    });
  }
  await company.write(sql`
    insert into docent.learning_progress (org_id, id, user_id, skill_id, status, progress, started_at, occurred_at, source)
    values (${company.orgId}, gen_random_uuid(), ${colleague}, ${begun}, 'in_progress', 100, '2020-01-01', '2020-01-01', 'test')`);

  const { body } = await learning.send('GET', `/v1/analytics/users/${colleague}`);

  expect(body).toMatchObject({
    userId: colleague,
    totalCourses: 2,
    completedCourses: 2,
    totalSkills: 3,
    completedSkills: 0,
    totalProgress: 100,
    recentActivity: { recentMessages: 0, recentProgress: 1, recentRecommendations: 0 },
    skillDistribution: { '': 3 },
  });
  expect(body.learningVelocity).toBeCloseTo(10, 1);
});

async function office() {
  const learning = await testLearning({ database: database() });
  const company = companyIn(database(), learning.principal);
  const sales = await company.department('Sales');
  const legal = await company.department('Legal');
  const course = await company.course('Databases');
  const [colleague = ''] = await company.people(1, { departmentId: sales });
  const [stranger = ''] = await company.people(1, { departmentId: legal });
  const enrolled = await company.people(2, { departmentId: sales });
  await company.enrol(enrolled, course, `${new Date().getUTCFullYear()}-01-01T00:00:00Z`);
  const people = {
    learner: await learning.member('learner', sales),
    trainer: await learning.member('trainer', sales),
    hr_manager: await learning.member('hr_manager', sales),
    admin: { key: learning.key, principal: learning.principal },
  };
  return { learning, company, sales, legal, course, colleague, stranger, people };
}
