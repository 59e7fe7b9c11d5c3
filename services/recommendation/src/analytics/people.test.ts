import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testLearning } from '../testing.ts';
import { companyIn } from './testing.ts';

const database = fileDatabase();
const NOW = '2026-11-20T12:00:00Z';
const Listed = z.array(z.object({ userId: z.string(), probability: z.number().nullable() }));

describe('the list of people at risk', () => {
  test('is read by nobody as long as the organization has not switched it on', async () => {
    const { learning, sales, hr } = await classroom();

    const byHr = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, {
      as: hr,
    });
    const byAdmin = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`);

    expect([byHr.status, byAdmin.status]).toEqual([403, 403]);
  });

  test('has who began, has not completed and was silent for a week; each reading is on record', async () => {
    const { learning, sales, legal, hr, silent, course } = await classroom({ listed: true });

    const { body } = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, {
      as: hr,
    });
    const others = await learning.send('GET', `/v1/analytics/departments/${legal}/at-risk`, {
      as: hr,
    });

    expect(body.items).toEqual([
      {
        userId: silent,
        name: 'A learner',
        course: { id: course, title: 'Databases' },
        probability: null,
      },
    ]);
    expect(others.status).toBe(404);
    const log = await learning.rows(sql`
      select actor, target_id, details
        from docent.audit_log
       where org_id = ${learning.principal.orgId}
         and action = 'at_risk.read'`);
    expect(log).toEqual([
      { actor: `key:${hr.principal.apiKeyId}`, target_id: sales, details: { people: 1 } },
    ]);
  });

  test('goes by the model where the organization has one', async () => {
    const { learning, company, sales, hr, busy } = await classroom({ listed: true });
    // One exam was due, half-way; it was not handed in: 2.5 × nothingHandedIn.
    const model = { intercept: -1, weights: [0, 0, 2.5, 0, 0], enrolments: 200, auc: 0.8 };
    await company.write(sql`
      insert into docent.at_risk_models (org_id, model)
      values (${company.orgId}, ${JSON.stringify(model)}::jsonb)`);
    await company.write(sql`
      update docent.learning_progress set started_at = '1990-01-01T00:00:00Z', due_at = now() + interval '1 year'
       where org_id = ${company.orgId} and user_id = ${busy}`);
    await company.write(sql`
      insert into docent.assessments (org_id, id, title, course_id)
      select org_id, gen_random_uuid(), 'Exam', id from docent.courses where org_id = ${company.orgId}`);

    const { body } = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, {
      as: hr,
    });

    const items = Listed.parse(body.items);
    expect(items.map(({ userId }) => userId)).toContain(busy);
    expect(items.find(({ userId }) => userId === busy)?.probability).toBeCloseTo(0.8176, 3);
  });

  test('names from the threshold of the model on, which the person sees the same', async () => {
    const { learning, company, sales, hr, course } = await classroom({ listed: true });
    const me = await learning.member('learner', sales);
    const on = async (threshold: number) => {
      const model = {
        intercept: -1,
        weights: [0, 0, 0.5, 0, 0],
        threshold,
        enrolments: 200,
        auc: 0.8,
      };
      await company.write(sql`
        insert into docent.at_risk_models (org_id, model)
        values (${company.orgId}, ${JSON.stringify(model)}::jsonb)
        on conflict (org_id) do update set model = excluded.model`);
      const list = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, {
        as: hr,
      });
      const own = await learning.send('GET', `/v1/analytics/users/${me.principal.userId}`, {
        as: me,
      });
      const named = Listed.parse(list.body.items).filter(
        ({ userId }) => userId === me.principal.userId,
      );
      return [named.map(({ probability }) => probability), own.body.atRisk];
    };
    // Silent for 19 days, and an exam was due half-way: .38.
    await company.enrol([me.principal.userId], course, '2026-11-01T12:00:00Z');
    await company.write(sql`
      update docent.learning_progress set started_at = '1990-01-01T00:00:00Z', due_at = now() + interval '1 year'
       where org_id = ${company.orgId} and user_id = ${me.principal.userId}`);
    await company.write(sql`
      insert into docent.assessments (org_id, id, title, course_id)
      values (${company.orgId}, gen_random_uuid(), 'Exam', ${course})`);

    const [above, below] = [await on(0.3), await on(0.5)];

    const probability = expect.closeTo(0.3775, 3);
    const reasons = [
      'Nothing new for 19 days',
      'What was due so far, and what was handed in of it',
    ];
    expect(above).toEqual([
      [probability],
      [{ course: { id: course, title: 'Databases' }, probability, reasons }],
    ]);
    expect(below).toEqual([[], []]);
  });

  test('does not name who opted out of profiling, of whom nothing is foretold', async () => {
    const { learning, company, sales, hr, course } = await classroom({ listed: true });
    const me = await learning.member('learner', sales);
    await company.enrol([me.principal.userId], course, '2026-11-01T12:00:00Z');
    const named = async () => {
      const { body } = await learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, {
        as: hr,
      });
      return Listed.parse(body.items).map(({ userId }) => userId);
    };

    const before = await named();
    await learning.send('PUT', `/v1/users/${me.principal.userId}/learning-profile/profiling`, {
      as: me,
      body: { enabled: false },
    });
    const after = await named();

    expect(before).toContain(me.principal.userId);
    expect(after).not.toContain(me.principal.userId);
    expect(after).toHaveLength(before.length - 1);
  });

  test('is not for trainers and learners', async () => {
    const { learning, sales } = await classroom({ listed: true });
    const callers = [
      await learning.member('trainer', sales),
      await learning.member('learner', sales),
    ];

    const answers = await Promise.all(
      callers.map((as) =>
        learning.send('GET', `/v1/analytics/departments/${sales}/at-risk`, { as }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});

describe('one’s own risks', () => {
  test('are seen by oneself, also where the list is off, and by nobody else', async () => {
    const { learning, course, company, sales, hr } = await classroom();
    const me = await learning.member('learner', sales);
    await company.enrol([me.principal.userId], course, '2026-11-01T12:00:00Z');
    const url = `/v1/analytics/users/${me.principal.userId}`;

    const own = await learning.send('GET', url, { as: me });
    const byHr = await learning.send('GET', url, { as: hr });

    expect(own.body.atRisk).toEqual([
      {
        course: { id: course, title: 'Databases' },
        probability: null,
        reasons: ['Nothing new for 19 days'],
      },
    ]);
    expect(byHr.body.atRisk).toBeNull();
  });
});

describe('for people who query the database', () => {
  test('the dashboard has a row for everybody whose learning the caller may see', async () => {
    const { learning, sales, hr, silent, busy } = await classroom();
    const me = await learning.member('learner', sales);
    const Row = z.object({ id: z.string(), department: z.string().nullable() });
    const rows = async (as: typeof me) => {
      const { rows: found } = await learning.database.withPrincipal(as.principal, (tx) =>
        tx.query(sql`
          select id, department, total_courses, completed_courses, overall_progress
            from docent.user_learning_dashboard
           order by total_courses desc, id`),
      );
      return z.array(Row).parse(found);
    };

    const mine = await rows(me);
    const ofHr = await rows(hr);

    expect(mine).toEqual([{ id: me.principal.userId, department: 'Sales' }]);
    expect(ofHr.map(({ id }) => id).sort()).toEqual(
      [silent, busy, me.principal.userId, hr.principal.userId].sort(),
    );
  });

  test('what was recommended is counted from five people on', async () => {
    const { learning, company, sales, course } = await classroom();
    const people = await company.people(5, { departmentId: sales });
    const other = await company.course('Another');
    const recommend = (item: string, to: string[]) =>
      company.write(sql`
        insert into docent.recommendations
          (org_id, id, user_id, type, item_id, score, reason, reason_type, position, algo_version,
           clicked, clicked_at)
        select ${company.orgId}, gen_random_uuid(), p.id, 'course', ${item}, 0.5, '', 'gap', 1, 'x',
               p.place = 1, case when p.place = 1 then now() end
          from unnest(${to}::uuid[]) with ordinality p (id, place)`);
    await recommend(course, people);
    await recommend(other, people.slice(0, 4));

    const { rows } = await learning.database.withPrincipal(learning.principal, (tx) =>
      tx.query(sql`
        select type, item_id, total_recommendations::int, clicks::int, click_rate, avg_score,
               unique_users::int
          from docent.recommendation_analytics`),
    );

    expect(rows).toEqual([
      {
        type: 'course',
        item_id: course,
        total_recommendations: 5,
        clicks: 1,
        click_rate: 20,
        avg_score: 0.5,
        unique_users: 5,
      },
    ]);
  });

  test('content has difficulty, minutes and objectives of the course it covers', async () => {
    const { learning, company, course } = await classroom();
    await company.write(sql`
      update docent.courses set difficulty = 4, duration_minutes = 90, objectives = '{Joins}'
       where org_id = ${company.orgId} and id = ${course}`);
    await company.write(sql`
      insert into docent.content (org_id, id, title, content_type, current_version, latest_version)
      values (${company.orgId}, ${course}, 'Databases, the book', 'course', 1, 1)`);
    await company.write(sql`
      insert into docent.content_versions
        (org_id, content_id, version, state, file_name, media_type, size_bytes, sha256, text)
      values (${company.orgId}, ${course}, 1, 'ready', 'a.txt', 'text/plain', 1, '\\x00', 'Text')`);
    await company.write(sql`
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
      values (${company.orgId}, gen_random_uuid(), 'covers', 'content', ${course}, 'course', ${course})`);

    const { rows } = await learning.database.withPrincipal(learning.principal, (tx) =>
      tx.query(sql`
        select title, content, difficulty_level, duration, learning_objectives
          from docent.learning_content_search`),
    );

    expect(rows).toEqual([
      {
        title: 'Databases, the book',
        content: 'Text',
        difficulty_level: '4',
        duration: 90,
        learning_objectives: ['Joins'],
      },
    ]);
  });
});

async function classroom({ listed = false } = {}) {
  const learning = await testLearning({ database: database(), clock: () => new Date(NOW) });
  const company = companyIn(database(), learning.principal);
  const sales = await company.department('Sales');
  const legal = await company.department('Legal');
  const course = await company.course('Databases');
  const [silent = '', busy = ''] = await company.people(2, { departmentId: sales });
  await company.enrol([silent], course, '2026-11-13T11:00:00Z');
  await company.enrol([busy], course, '2026-11-14T11:00:00Z');
  const hr = await learning.member('hr_manager', sales);
  if (listed) {
    await learning.send('PUT', '/v1/analytics/settings', {
      body: { minGroup: 5, atRiskList: true },
    });
  }
  return { learning, company, sales, legal, course, silent, busy, hr };
}
