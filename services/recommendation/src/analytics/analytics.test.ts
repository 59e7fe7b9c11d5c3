import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { hrManager, testAnalytics, testCompany } from './testing.ts';

const database = fileDatabase();
const NOW = '2026-11-20T12:00:00Z';
const hidden = { suppressed: true, reason: 'group_too_small', k: 5 };

describe('skill gaps', () => {
  test('tell the mean gap of those with five answers, and how many have them', async () => {
    const { company, sales, skill } = await smallCompany();
    const people = await company.people(10, { departmentId: sales });
    await company.level(people.slice(0, 6), skill, (i) => (i < 3 ? 2 : 4));
    await company.level(people.slice(6, 8), skill, 1.5, 4);
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows[0]).toEqual({
      group: { kind: 'department', departmentId: sales, name: 'Sales' },
      skill: { id: skill, name: 'SQL' },
      value: {
        state: 'measured',
        people: { atLeast: 10, atMost: 19 },
        coverage: 0.6,
        meanGap: 0.5,
        requiredLevel: 3,
      },
    });
  });

  test('without evidence are a state of their own, not a gap of zero', async () => {
    const { company, sales } = await smallCompany();
    await company.people(7, { departmentId: sales });
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows[0]?.value).toMatchObject({
      state: 'no_evidence',
      coverage: 0,
      meanGap: null,
    });
  });

  test('of four people with evidence are hidden, however many there are without', async () => {
    const { company, sales, skill } = await smallCompany();
    const people = await company.people(30, { departmentId: sales });
    await company.level(people.slice(0, 4), skill, (i) => 1.5 + i / 2);
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows.map(({ value }) => value)).toEqual([hidden]);
  });

  test('that everybody shares are hidden', async () => {
    const { company, sales, skill } = await smallCompany();
    await company.level(await company.people(12, { departmentId: sales }), skill, 2);
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows.map(({ value }) => value)).toEqual([hidden]);
  });

  test('of a department hide the next smallest part beside one that is too small', async () => {
    const { company, sales, skill } = await smallCompany();
    const spread = (i: number) => 1.5 + (i % 5) / 2;
    for (const [name, count] of [
      ['North', 3],
      ['South', 7],
      ['East', 9],
    ] as const) {
      const departmentId = await company.department(name, sales);
      await company.level(await company.people(count, { departmentId }), skill, spread);
    }
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows.map(({ group, value }) => [group.name, 'suppressed' in value])).toEqual([
      ['Sales', false],
      ['East', false],
      ['North', true],
      ['South', true],
    ]);
  });

  test('take the highest target of job, department and the departments above', async () => {
    const { company, sales, skill } = await smallCompany();
    const north = await company.department('North', sales);
    await company.target(skill, 5, { job: 'Analyst' });
    const analysts = await company.people(6, { departmentId: north, job: 'analyst' });
    const others = await company.people(6, { departmentId: north });
    await company.level([...analysts, ...others], skill, (i) => (i % 2 === 0 ? 2 : 4));
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, north, {});

    expect(skillGaps?.rows.map(({ group, value }) => [group.kind, group.name, value])).toEqual([
      ['department', 'North', expect.objectContaining({ requiredLevel: 4, meanGap: 1.3 })],
      ['job_title', null, expect.objectContaining({ requiredLevel: 3, meanGap: 0.5 })],
      ['job_title', 'analyst', expect.objectContaining({ requiredLevel: 5, meanGap: 2 })],
    ]);
  });

  test('leave out people who are not active any more', async () => {
    const { company, sales, skill } = await smallCompany();
    const people = await company.people(5, { departmentId: sales });
    await company.level(people, skill, (i) => 1.5 + i / 2);
    await company.write(
      sql`
        update docent.users set status = 'deactivated' where id = ${people[0]}`,
    );
    const { analytics } = testAnalytics(database(), NOW);

    const { skillGaps } = await analytics.ofDepartment(company.admin, sales, {});

    expect(skillGaps?.rows.map(({ value }) => value)).toEqual([hidden]);
  });
});

describe('completion', () => {
  test('is of everybody who enrolled in a month, those who stopped included', async () => {
    const { company, sales, course } = await smallCompany();
    const people = await company.people(20, { departmentId: sales });
    await company.enrol(people, course, '2026-03-10T00:00:00Z', (i) =>
      i < 8 ? '2026-04-01T00:00:00Z' : null,
    );
    const { analytics } = testAnalytics(database(), NOW);

    const { completion } = await analytics.ofDepartment(company.admin, sales, {
      from: '2026-03',
      to: '2026-03',
    });

    expect(completion?.rows.filter(({ group }) => group.kind === 'department')).toEqual([
      {
        group: { kind: 'department', departmentId: sales, name: 'Sales' },
        period: '2026-03',
        value: { people: { atLeast: 20, atMost: 49 }, enrolments: 20, completed: 0.4 },
      },
    ]);
  });

  test('of months that are too small is told by quarter or year', async () => {
    const { company, sales, course } = await smallCompany();
    const people = await company.people(12, { departmentId: sales });
    const half = (i: number) => (i % 2 === 0 ? '2026-10-01T00:00:00Z' : null);
    await company.enrol(people.slice(0, 6), course, '2026-01-10T00:00:00Z', half);
    await company.enrol(people.slice(6, 8), course, '2026-05-10T00:00:00Z', half);
    await company.enrol(people.slice(8), course, '2026-06-10T00:00:00Z', half);
    const { analytics } = testAnalytics(database(), NOW);

    const { completion } = await analytics.ofDepartment(company.admin, sales, {});

    const department = completion?.rows.filter(({ group }) => group.kind === 'department');
    expect(department?.map(({ period, value }) => [period, Object(value).people])).toEqual([
      ['2025-12', undefined],
      ['2026-01', { atLeast: 5, atMost: 9 }],
      ['2026-02', undefined],
      ['2026-03', undefined],
      ['2026-Q2', { atLeast: 5, atMost: 9 }],
      ['2026-07', undefined],
      ['2026-08', undefined],
      ['2026-09', undefined],
      ['2026-10', undefined],
      ['2026-11', undefined],
    ]);
  });
});

describe('who may read', () => {
  test('HR managers their own departments and those below, others are not there', async () => {
    const { company, sales } = await smallCompany();
    const legal = await company.department('Legal');
    const [id = ''] = await company.people(1, { departmentId: sales });
    const { analytics } = testAnalytics(database(), NOW);
    const hr = hrManager(company.orgId, id, [sales]);

    const own = await analytics.ofDepartment(hr, sales, {});
    const other = analytics.ofDepartment(hr, legal, {});

    expect(own.department).toEqual({ id: sales, name: 'Sales' });
    expect(own.skillGaps).not.toBeNull();
    await expect(other).rejects.toMatchObject({ code: 'not_found' });
  });

  test('trainers skills and content of the whole organization, nothing else', async () => {
    const { company } = await smallCompany();
    const { analytics } = testAnalytics(database(), NOW);
    const trainer = { ...company.admin, role: 'trainer' as const };

    const overview = await analytics.ofOrganization(trainer, {});

    const parts = Object.entries(overview).filter(
      ([, part]) => part !== null && typeof part === 'object',
    );
    expect(parts.map(([name]) => name).sort()).toEqual([
      'content',
      'knowledgeGaps',
      'questions',
      'skillGaps',
    ]);
    await expect(analytics.export(trainer, null, 'completion', {})).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('publication', () => {
  test('a larger smallest group is in force at once', async () => {
    const { company, sales } = await smallCompany();
    await company.people(9, { departmentId: sales });
    const { analytics } = testAnalytics(database(), NOW);
    const before = await analytics.ofDepartment(company.admin, sales, {});

    await analytics.changeSettings(company.admin, { minGroup: 10, atRiskList: false });

    const after = await analytics.ofDepartment(company.admin, sales, {});
    expect(before.skillGaps?.rows[0]?.value).toMatchObject({ state: 'no_evidence' });
    expect(after.skillGaps?.rows[0]?.value).toEqual({ ...hidden, k: 10 });
    expect(after.k).toBe(10);
  });

  test('a smaller one than five is refused by the database', async () => {
    const { company } = await smallCompany();
    const { analytics } = testAnalytics(database(), NOW);

    const change = analytics.changeSettings(company.admin, { minGroup: 4, atRiskList: false });

    await expect(change).rejects.toMatchObject({ code: 'conflict' });
  });

  test('old reports are served, and worked out anew in the background', async () => {
    const { company } = await smallCompany();
    const first = testAnalytics(database(), NOW);
    await first.analytics.ofOrganization(company.admin, {});
    const later = testAnalytics(database(), '2026-11-20T13:30:00Z');

    const { asOf } = await later.analytics.ofOrganization(company.admin, {});

    expect(asOf).toBe('2026-11-20T12:00:00.000Z');
    expect(first.sent).toEqual([]);
    expect(later.sent).toEqual(['refresh-analytics']);
  });
});

async function smallCompany() {
  const company = await testCompany(database());
  const sales = await company.department('Sales');
  const skill = await company.skill('SQL');
  const course = await company.course('Databases', skill);
  await company.target(skill, 3, { departmentId: sales });
  return { company, sales, skill, course };
}
