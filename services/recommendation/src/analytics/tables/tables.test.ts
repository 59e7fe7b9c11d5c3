import { newId } from '@docent/core/ids';
import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { type Company, testAnalytics, testCompany } from '../testing.ts';

const database = fileDatabase();
const NOW = '2026-11-20T12:00:00Z';
const START = '2026-10-01T12:00:00Z';

describe('time to competency', () => {
  test('counts those who are on the way, and leaves out who could do it before', async () => {
    const { company, skill, course } = await school();
    const people = await company.people(11);
    await company.enrol(people, course, START);
    // Six after 7, 14, … 42 days, four not yet, one a year before.
    const reached = people.slice(0, 6);
    await masteredAt(company, reached, skill, (index) => daysAfterStart(7 * (index + 1)));
    await masteredAt(company, people.slice(10), skill, () => '2025-10-01T12:00:00Z');

    const { timeToCompetency } = await overview(company);

    const value = { people: { atLeast: 10, atMost: 19 }, reached: 0.6, medianDays: 35 };
    expect(timeToCompetency?.rows.map((row) => [row.skill, row.value])).toEqual([
      [null, value],
      [{ id: skill, name: 'SQL' }, value],
    ]);
  });

  test('has no median as long as fewer than half are there', async () => {
    const { company, skill, course } = await school();
    const people = await company.people(20);
    await company.enrol(people, course, START);
    await masteredAt(company, people.slice(0, 6), skill, () => daysAfterStart(7));

    const { timeToCompetency } = await overview(company);

    expect(timeToCompetency?.rows[0]?.value).toMatchObject({ reached: 0.3, medianDays: null });
  });

  test('needs mastery of 0.8 on five answers', async () => {
    const { company, skill, course } = await school();
    const people = await company.people(10);
    await company.enrol(people, course, START);
    await masteredAt(company, people.slice(0, 4), skill, () => daysAfterStart(7));
    await answered(company, people.slice(4, 7), skill, [{ mastery: 0.9, answers: 4 }]);
    await answered(company, people.slice(7), skill, [{ mastery: 0.79, answers: 9 }]);

    const { timeToCompetency } = await overview(company);

    expect(timeToCompetency?.rows[0]?.value).toMatchObject({ reached: 0.4 });
  });

  test('leaves out a skill that no question asks for', async () => {
    const { company } = await school();
    const course = await company.course('Tidiness', await company.skill('Order'));
    await company.enrol(await company.people(10), course, START);

    const { timeToCompetency } = await overview(company);

    expect(timeToCompetency?.rows).toEqual([]);
  });
});

describe('content', () => {
  test('gains of few people are drawn towards none, and are beside those of equal start', async () => {
    const { company, skill, course } = await school();
    const takers = await company.people(20);
    const others = await company.people(20);
    await company.enrol(takers, course, START, (i) => (i < 10 ? NOW : null));
    const gain = (by: number) => [
      { mastery: 0.45, answers: 1 },
      { mastery: 0.45 + by, answers: 6 },
    ];
    await answered(company, takers, skill, gain(0.4));
    await answered(company, others, skill, gain(0.2));

    const { content } = await overview(company);

    // 0.4 − 0.3 on average, times 20 / (20 + 20).
    expect(content?.rows[0]).toMatchObject({
      course: { id: course, title: 'Databases' },
      value: { completed: 0.5, gain: 0.05 },
    });
  });

  test('tells the quarter in which most of those stopped who did', async () => {
    const { company, course } = await school();
    const people = await company.people(30);
    await company.enrol(people, course, '2026-06-01T00:00:00Z', (i) => (i < 10 ? NOW : null));
    await company.write(sql`
      update docent.learning_progress set progress = 80
       where org_id = ${company.orgId} and user_id = any (${people.slice(10, 15)}::uuid[])`);

    const { content } = await overview(company);

    expect(content?.rows[0]?.value).toMatchObject({
      dropOff: { from: 25, to: 50, share: 0.75 },
      gain: null,
    });
  });
});

describe('recommendations', () => {
  test('are told by position and reason with what became of them', async () => {
    const { company, course } = await school();
    const people = await company.people(10);
    await recommended(company, people, course, 1, 'gap', (i) => ({
      clicked: i < 5,
      enrolled: i < 3 ? 10 : i < 4 ? 20 : null,
      completed: i < 2 ? 80 : null,
    }));
    await recommended(company, people.slice(0, 4), course, 2, 'next_step', () => ({
      clicked: false,
      enrolled: null,
      completed: null,
    }));

    const { recommendations } = await overview(company);

    const lines = recommendations?.rows.map((row) => [
      row.by,
      row.key,
      'people' in Object(row.value),
    ]);
    expect(lines).toEqual([
      ['all', 'all', true],
      ['position', '1', true],
      ['position', '2', false],
      ['reason', 'gap', true],
      ['reason', 'next_step', false],
    ]);
    expect(recommendations?.rows[1]?.value).toMatchObject({
      clicked: 0.5,
      enrolled: 0.3,
      completed: 0.2,
    });
    // Of the two things in the catalogue, the course.
    expect(recommendations?.catalogueShown).toBe(0.5);
  });

  test('tell of what is on trial only where it was chosen by chance', async () => {
    const { company, course } = await school();
    const none = () => ({ clicked: false, enrolled: null, completed: null });
    const some = (i: number) => ({ ...none(), clicked: i < 5 });
    await recommended(company, await company.people(10), course, 3, 'explore', none);
    await recommended(company, await company.people(10), course, 7, 'explore', some);
    await company.write(sql`
      update docent.recommendations
         set propensity = 0.2
       where org_id = ${company.orgId}
         and position = 7`);

    const { recommendations } = await overview(company);

    expect(recommendations?.rows.find(({ key }) => key === 'explore')).toMatchObject({
      value: { people: { atLeast: 10 }, clicked: 0.5 },
    });
  });

  test('an outcome that all share is left out', async () => {
    const { company, course } = await school();
    await recommended(company, await company.people(10), course, 1, 'gap', (i) => ({
      clicked: i < 5,
      enrolled: null,
      completed: null,
    }));

    const { recommendations } = await overview(company);

    expect(recommendations?.rows[0]?.value).toMatchObject({
      clicked: 0.5,
      enrolled: null,
      completed: null,
    });
  });
});

describe('questions of assessments', () => {
  test('that able people get wrong as often as others are flagged', async () => {
    const { company, skill } = await school();
    const people = await company.people(30);
    await company.level(people, skill, 2);
    await company.write(sql`
      update docent.user_mastery m set theta = p.place
        from unnest(${people}::uuid[]) with ordinality p (id, place)
       where m.org_id = ${company.orgId} and m.user_id = p.id`);
    await question(company, 'Good', people, (i) => (i >= 12 ? 1 : 0));
    await question(company, 'Random', people, (i) => i % 2);
    await question(company, 'Easy', people, () => 1);

    const { questions } = await overview(company);

    expect(questions?.rows.map(({ assessment, value }) => [assessment.title, value])).toEqual([
      ['Easy', { suppressed: true, reason: 'group_too_small', k: 5 }],
      ['Good', expect.objectContaining({ correct: 0.6, discrimination: 0.85, flagged: false })],
      ['Random', expect.objectContaining({ correct: 0.5, discrimination: 0.06, flagged: true })],
    ]);
  });
});

describe('at risk', () => {
  test('are told as a share of those in a course that is not over; who stopped long ago is not counted', async () => {
    const { company, course } = await school();
    const people = await company.people(30);
    await company.enrol(people.slice(0, 4), course, '2026-11-01T00:00:00Z');
    await company.enrol(people.slice(4, 10), course, '2026-11-19T00:00:00Z');
    await company.enrol(people.slice(10), course, '2026-02-01T00:00:00Z');

    const { atRisk } = await overview(company);

    expect(atRisk).toMatchObject({
      method: 'rule',
      rows: [{ value: { people: { atLeast: 10, atMost: 19 }, atRisk: 0.4 } }],
    });
  });
});

describe('activity', () => {
  test('counts who reported, answered or asked, and all their events', async () => {
    const { company, course } = await school();
    const people = await company.people(6);
    await company.write(sql`
      insert into docent.progress_events (org_id, id, user_id, course_id, source, event_id, progress, occurred_at)
      select ${company.orgId}, gen_random_uuid(), p.id, ${course}, 'test', p.id::text, 10,
             '2026-11-02T00:00:00Z'::timestamptz
        from unnest(${people.slice(0, 3)}::uuid[]) p (id)`);
    await company.write(sql`
      insert into docent.analytics_events (org_id, id, event_type, user_id, created_at)
      select ${company.orgId}, gen_random_uuid(), 'chat_message', p.id, '2026-11-03T00:00:00Z'::timestamptz
        from unnest(${people.slice(2)}::uuid[]) p (id)`);

    const { activity } = await overview(company);

    expect(activity?.rows.filter(({ value }) => value !== null)).toMatchObject([
      { period: '2026-11', value: { people: { atLeast: 5, atMost: 9 }, events: 5 } },
    ]);
  });
});

async function school() {
  const company = await testCompany(database());
  const skill = await company.skill('SQL');
  const course = await company.course('Databases', skill);
  return { company, skill, course };
}

async function overview(company: Company) {
  const { analytics } = testAnalytics(database(), NOW);
  return analytics.ofOrganization(company.admin, {});
}

function daysAfterStart(days: number): string {
  return new Date(Date.parse(START) + days * 86_400_000).toISOString();
}

async function masteredAt(
  company: Company,
  people: readonly string[],
  skill: string,
  at: (index: number) => string,
): Promise<void> {
  for (const [index, person] of people.entries()) {
    await answered(company, [person], skill, [{ mastery: 0.85, answers: 5 }], at(index));
  }
}

/** What mastery was after answers of these people, one after the other. */
async function answered(
  company: Company,
  people: readonly string[],
  skill: string,
  estimates: readonly { mastery: number; answers: number }[],
  at = START,
): Promise<void> {
  const [questionId] = await question(company, `Of ${newId()}`, [], () => 0);
  for (const [index, { mastery, answers }] of estimates.entries()) {
    const when = new Date(Date.parse(at) + index * 1_000).toISOString();
    await company.write(sql`
      insert into docent.mastery_answers (org_id, answer_id, user_id, question_id, skill_id, answered_at, score,
             predicted, question_change, skill_change, mastery, skill_answers)
      select ${company.orgId}, gen_random_uuid(), p.id, ${questionId}, ${skill}, ${when}::timestamptz, 1, 0.5, 0,
             0, ${mastery}, ${answers}
        from unnest(${people}::uuid[]) p (id)`);
  }
}

/** A question of an assessment of its own, with everybody’s answer. */
async function question(
  { orgId, write }: Company,
  title: string,
  people: readonly string[],
  score: (index: number) => number,
): Promise<[string]> {
  const [assessmentId, questionId] = [newId(), newId()];
  await write(sql`
    insert into docent.assessments (org_id, id, title) values (${orgId}, ${assessmentId}, ${title})`);
  await write(sql`
    insert into docent.assessment_questions (org_id, id, assessment_id, position, type, prompt)
    values (${orgId}, ${questionId}, ${assessmentId}, 1, 'text', 'Why?')`);
  await write(sql`
    insert into docent.attempt_answers (org_id, id, user_id, question_id, score, answered_at)
    select ${orgId}, gen_random_uuid(), p.id, ${questionId}, p.score, ${START}::timestamptz
      from unnest(${people}::uuid[], ${people.map((_, i) => score(i))}::float8[]) p (id, score)`);
  // Mastery is what the test says, not what these answers would make of it.
  await write(sql`delete from docent.mastery_replays where org_id = ${orgId}`);
  return [questionId];
}

/** Shown at the start; outcomes in days after it. */
async function recommended(
  { orgId, write }: Company,
  people: readonly string[],
  item: string,
  position: number,
  reason: string,
  outcome: (index: number) => {
    clicked: boolean;
    enrolled: number | null;
    completed: number | null;
  },
): Promise<void> {
  const outcomes = people.map((_, index) => outcome(index));
  await write(sql`
    insert into docent.recommendations (org_id, id, user_id, type, item_id, score, reason, reason_type, position,
           algo_version, shown_at, clicked, clicked_at, enrolled_at, completed_at)
    select ${orgId}, gen_random_uuid(), p.id, 'course', ${item}, 0.5, '', ${reason}, ${position}, 'x', s.at, p.clicked,
           case when p.clicked then s.at end, s.at + make_interval(days => p.enrolled),
           s.at + make_interval(days => p.completed)
      from unnest(${people}::uuid[], ${outcomes.map(({ clicked }) => clicked)}::boolean[],
        ${outcomes.map(({ enrolled }) => enrolled)}::int[],
        ${outcomes.map(({ completed }) => completed)}::int[]) p (id, clicked, enrolled, completed)
      cross join (select ${START}::timestamptz as at) s`);
}
