import { sql } from '@docent/database/sql';
import type { Caller } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testLearning } from '../testing.ts';

const database = fileDatabase();
const learning = () => testLearning({ database: database() });

const DAY = (day: number) => `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`;

async function withCourse(more: object = {}) {
  const app = await learning();
  const courseId = await app.make('/v1/courses', { title: 'Course', ...more });
  const learner = await app.person('learner');
  const { userId } = learner.principal;
  const url = `/v1/progress/${userId}/${courseId}`;
  const put = (body: object, as?: Caller) =>
    app.send('PUT', url, { body, ...(as === undefined ? {} : { as }) });
  return { app, courseId, learner, userId, url, put };
}

test('a learner reports and reads their own progress', async () => {
  const { app, learner, courseId, put } = await withCourse();

  const reported = await put(
    { progress: 40, occurredAt: DAY(1), source: 'lms', eventId: '1' },
    learner,
  );
  const list = await app.send('GET', '/v1/progress/me', { as: learner });
  const events = await app.send('GET', `/v1/progress/me/${courseId}/events`, { as: learner });

  expect(reported).toMatchObject({
    status: 200,
    body: {
      courseId,
      skillId: null,
      title: 'Course',
      status: 'in_progress',
      progress: 40,
      startedAt: DAY(1),
      completedAt: null,
      source: 'lms',
    },
  });
  expect(list.body.items).toEqual([reported.body]);
  expect(events.body.items).toMatchObject([{ source: 'lms', eventId: '1', progress: 40 }]);
});

test('completion is set once and leaves one entry in the audit log and one analytics event', async () => {
  const { app, userId, put } = await withCourse();

  await put({ progress: 100, occurredAt: DAY(5) });
  const again = await put({ status: 'completed', occurredAt: DAY(9) });
  const back = await put({ progress: 30, occurredAt: DAY(10) });

  expect(again.body).toMatchObject({ status: 'completed', progress: 100, completedAt: DAY(5) });
  expect(back.body).toMatchObject({ status: 'completed', progress: 100, completedAt: DAY(5) });
  const { orgId } = app.principal;
  const audit = await app.rows(sql`
    select action, actor, details ->> 'user_id' as person
      from docent.audit_log
     where org_id = ${orgId}
       and target_kind = 'learning_progress'`);
  const analytics = await app.rows(sql`
    select event_type, user_id
      from docent.analytics_events
     where org_id = ${orgId}
       and event_type like 'learning%'`);
  expect(audit).toEqual([
    {
      action: 'learning_progress.completed',
      actor: `key:${app.principal.apiKeyId}`,
      person: userId,
    },
  ]);
  expect(analytics).toEqual([{ event_type: 'learning_completed', user_id: userId }]);
});

test('an event that is known changes nothing; the same id with another content is refused', async () => {
  const { put, app, url } = await withCourse();
  const event = { progress: 20, eventId: 'e1', source: 'lms' };

  const first = await put(event);
  const same = await put(event);
  const other = await put({ ...event, progress: 21 });
  const elsewhere = await put({ ...event, progress: 22, source: 'other' });

  expect(same.body).toEqual(first.body);
  expect(same.headers['idempotent-replayed']).toBe('true');
  expect(other).toMatchObject({ status: 409, body: { eventId: 'e1', source: 'lms' } });
  expect(elsewhere.status).toBe(200);
  expect((await app.send('GET', `${url}/events`)).body.items).toHaveLength(2);
});

test('the Idempotency-Key is the event’s id', async () => {
  const { app, url } = await withCourse();
  const send = (key: string, body: object) =>
    app.send('PUT', url, { body, headers: { 'idempotency-key': key } });

  await send('k', { progress: 5 });

  expect((await send('k', { progress: 5 })).headers['idempotent-replayed']).toBe('true');
  expect((await send('k', { progress: 6 })).status).toBe(409);
  expect((await send('k', { progress: 5, eventId: 'other' })).status).toBe(400);
});

describe('states', () => {
  const at = (day: number, event: object) => ({ ...event, occurredAt: DAY(day) });
  test.each([
    [
      'assigned with a date',
      [at(1, { dueAt: DAY(20) })],
      { status: 'assigned', dueAt: DAY(20), startedAt: null },
    ],
    [
      'begun after that',
      [at(1, { status: 'assigned' }), at(2, { progress: 1 })],
      { status: 'in_progress', assignedAt: DAY(1), startedAt: DAY(2) },
    ],
    [
      'dropped',
      [at(1, { progress: 30 }), at(2, { status: 'dropped' })],
      { status: 'dropped', progress: 30 },
    ],
    [
      'taken up again',
      [at(1, { status: 'dropped' }), at(2, { progress: 30 })],
      { status: 'in_progress' },
    ],
    [
      'assigned again after it was dropped',
      [at(1, { status: 'dropped' }), at(2, { status: 'assigned' })],
      { status: 'assigned' },
    ],
    [
      'never back within a registration',
      [at(1, { progress: 60 }), at(2, { progress: 20 })],
      { progress: 60 },
    ],
    [
      'from the start in a new registration',
      [at(1, { progress: 60, registration: 'a' }), at(2, { progress: 20, registration: 'b' })],
      { progress: 20, registration: 'b' },
    ],
    [
      'passed',
      [at(1, { status: 'passed' })],
      { status: 'completed', progress: 100, completedAt: DAY(1) },
    ],
    [
      'failed',
      [at(1, { status: 'failed', progress: 80 })],
      { status: 'in_progress', progress: 80 },
    ],
    [
      'waived',
      [at(3, { status: 'waived' })],
      { status: 'completed', completedAt: DAY(3), startedAt: null },
    ],
  ])('%s', async (_, events, expected) => {
    const { put } = await withCourse();

    let last: unknown;
    for (const event of events) last = (await put(event)).body;

    expect(last).toMatchObject(expected);
  });

  test.each([
    ['completed', DAY(2)],
    ['passed', DAY(4)],
    ['completed_or_passed', DAY(2)],
    ['completed_and_passed', DAY(4)],
  ])('a course that moves on when %s', async (moveOn, completedAt) => {
    const { put } = await withCourse({ moveOn });

    await put({ status: 'completed', occurredAt: DAY(2) });
    const { body } = await put({ status: 'passed', occurredAt: DAY(4) });

    expect(body).toMatchObject({ status: 'completed', completedAt });
  });

  test('what completes a course may change: what was reported is read by the new rule', async () => {
    const { app, courseId, put, url } = await withCourse({ moveOn: 'passed' });
    await put({ progress: 100, occurredAt: DAY(2) });
    expect((await app.send('GET', url)).body).toMatchObject({
      status: 'in_progress',
      progress: 100,
    });

    await app.send('PATCH', `/v1/courses/${courseId}`, { body: { moveOn: 'completed' } });

    expect(app.jobs.waiting['refold-course']).toEqual([{ orgId: app.principal.orgId, courseId }]);
    await app.work();
    expect((await app.send('GET', url)).body).toMatchObject({
      status: 'completed',
      completedAt: DAY(2),
    });
  });
});

test('the state does not depend on the order in which events arrive', async () => {
  const app = await learning();
  const { userId } = (await app.person('learner')).principal;
  const event = fc.record({
    day: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom('assigned', 'in_progress', 'completed', 'passed', 'failed', 'dropped'),
    progress: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    registration: fc.constantFrom(undefined, 'a', 'b'),
  });
  const events = fc.array(event, { minLength: 1, maxLength: 6 });
  let course = 0;
  const stateAfter = async (lines: readonly { eventId: string }[]) => {
    course += 1;
    const title = `${course}`;
    const id = await app.make('/v1/courses', { title, moveOn: 'completed_and_passed' });
    const url = `/v1/progress/${userId}/${id}`;
    for (const line of lines) {
      const body = { ...line, eventId: `${course}-${line.eventId}` };
      expect((await app.send('PUT', url, { body })).status).toBe(200);
    }
    const { status, progress, completedAt, startedAt, dueAt, registration, occurredAt } = (
      await app.send('GET', url)
    ).body;
    return { status, progress, completedAt, startedAt, dueAt, registration, occurredAt };
  };

  await fc.assert(
    fc.asyncProperty(events, fc.infiniteStream(fc.nat()), async (all, noise) => {
      const lines = all.map(({ day, ...said }, index) => ({
        ...said,
        occurredAt: DAY(day),
        dueAt: DAY(day + 10),
        eventId: `${index}`,
      }));
      const shuffled = lines
        .map((line) => ({ line, key: noise.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ line }) => line);

      expect(await stateAfter(shuffled)).toEqual(await stateAfter(lines));
    }),
    { numRuns: 12, seed: 7 },
  );
});

describe('rights', () => {
  test('HR managers write and read their departments, others nobody', async () => {
    const app = await learning();
    const courseId = await app.make('/v1/courses', { title: 'C' });
    const [sales, data] = [await app.department('Sales'), await app.department('Data')];
    const hr = await app.member('hr_manager', sales);
    const own = (await app.member('learner', sales)).principal.userId;
    const other = (await app.member('learner', data)).principal.userId;
    const trainer = await app.person('trainer');
    const put = (as: Caller, userId: string) =>
      app.send('PUT', `/v1/progress/${userId}/${courseId}`, { as, body: { status: 'assigned' } });
    const get = (as: Caller, userId: string) => app.send('GET', `/v1/progress/${userId}`, { as });

    expect((await put(hr, own)).status).toBe(200);
    expect((await put(hr, other)).status).toBe(403);
    expect((await put(trainer, own)).status).toBe(403);
    expect((await get(hr, own)).body.items).toHaveLength(1);
    expect((await get(hr, other)).status).toBe(404);
    expect((await get(trainer, own)).status).toBe(404);
    const moved = app.database.withPrincipal(app.principal, (tx) =>
      tx.query(sql`
        update docent.users
           set department_id = ${data}
         where org_id = ${app.principal.orgId}
           and id = ${own}`),
    );
    await moved;
    expect((await get(hr, own)).status).toBe(404);
    const [row] = await app.rows(sql`
      select department_id
        from docent.learning_progress
       where org_id = ${app.principal.orgId}
         and user_id = ${own}`);
    expect(row).toEqual({ department_id: data });
  });

  test('nobody assigns, waives or passes anything themselves; what is not there is 404', async () => {
    const { app, learner, put, userId } = await withCourse();
    const stranger = await app.secondOrganization();
    const nowhere = '00000000-0000-4000-8000-000000000000';

    for (const status of ['assigned', 'waived', 'passed', 'failed']) {
      expect((await put({ status }, learner)).status).toBe(403);
    }
    expect((await put({ dueAt: DAY(3) }, learner)).status).toBe(403);
    expect((await put({ progress: 1 }, stranger)).status).toBe(404);
    expect(
      (await app.send('PUT', `/v1/progress/${userId}/${nowhere}`, { body: { progress: 1 } }))
        .status,
    ).toBe(404);
  });
});

describe('what people say of themselves', () => {
  test('is no more believed of those who are believed about others', async () => {
    const { app, courseId } = await withCourse();
    const hr = await app.member('hr_manager', await app.department('Sales'));
    const put = (as: Caller, body: object) =>
      app.send('PUT', `/v1/progress/me/${courseId}`, { as, body });

    for (const as of [hr, { key: app.key, principal: app.principal }]) {
      for (const status of ['passed', 'failed', 'waived']) {
        expect((await put(as, { status })).status).toBe(403);
      }
      expect((await put(as, { dueAt: DAY(3) })).body).toMatchObject({ status: 'assigned' });
      expect((await put(as, { status: 'completed' })).body).toMatchObject({ status: 'completed' });
    }
  });
});

test.each([
  {},
  { progress: 101 },
  { progress: -1 },
  { status: 'done' },
  { progress: 1, occurredAt: '2999-01-01T00:00:00Z' },
  { progress: 1, occurredAt: '1970-01-01T00:00:00Z' },
  { progress: 1, occurredAt: 'yesterday' },
  { progress: 1, source: 'a b' },
  { progress: 1, userId: 'x' },
])('%j is refused', async (body) => {
  const { put } = await withCourse();

  expect((await put(body)).status).toBe(400);
});

describe('a batch', () => {
  const headers = { 'content-type': 'application/x-ndjson' };

  test('takes what is right and says of each other line what is wrong', async () => {
    const { app, courseId, userId } = await withCourse();
    const skillId = await app.make('/v1/skills', { name: 'S' });
    const lines = [
      { userId, courseId, progress: 10, eventId: 'a', occurredAt: DAY(1) },
      { userId, courseId, progress: 10, eventId: 'a', occurredAt: DAY(1) },
      { userId, courseId, progress: 11, eventId: 'a', occurredAt: DAY(1) },
      { userId, skillId, status: 'completed', eventId: 'b', occurredAt: DAY(2) },
      { userId, courseId, skillId, progress: 1 },
      { userId: courseId, courseId, progress: 1 },
      { userId, courseId, progress: 'much' },
    ].map((line) => JSON.stringify(line));
    const body = `${lines.join('\n')}\n\nnot json\n`;

    const first = await app.send('POST', '/v1/progress/batch', { body, headers });
    const second = await app.send('POST', '/v1/progress/batch', { body, headers });

    expect(first).toMatchObject({ status: 200, body: { stored: 2, duplicates: 1, refused: 5 } });
    expect(first.body.items).toMatchObject([
      { line: 1, status: 'stored' },
      { line: 2, status: 'duplicate' },
      { line: 3, status: 'refused', problem: { code: 'conflict' } },
      { line: 4, status: 'stored' },
      { line: 5, status: 'refused', problem: { code: 'invalid_request' } },
      { line: 6, status: 'refused', problem: { code: 'not_found' } },
      { line: 7, status: 'refused', problem: { detail: expect.stringContaining('progress') } },
      { line: 9, status: 'refused', problem: { detail: expect.stringContaining('JSON') } },
    ]);
    expect(second.body).toMatchObject({ stored: 0, duplicates: 3, refused: 5 });
  });

  test('of a thousand lines is taken, a longer one is not', async () => {
    const { app, courseId, userId } = await withCourse();
    const line = (n: number) =>
      JSON.stringify({ userId, courseId, progress: n % 100, eventId: `${n}` });
    const body = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('\n');

    const whole = await app.send('POST', '/v1/progress/batch', { body: body(1_000), headers });
    const longer = await app.send('POST', '/v1/progress/batch', { body: body(1_001), headers });
    const empty = await app.send('POST', '/v1/progress/batch', { body: '\n', headers });

    expect(whole.body).toMatchObject({ stored: 1_000, refused: 0 });
    expect(longer.status).toBe(413);
    expect(empty.status).toBe(400);
  });
});

test('two reports at once are both in the state', async () => {
  const { app, courseId, userId, url } = await withCourse({ moveOn: 'completed_and_passed' });
  const send = (status: string) =>
    app.send('PUT', `/v1/progress/${userId}/${courseId}`, { body: { status, occurredAt: DAY(1) } });

  await Promise.all([send('completed'), send('passed')]);

  expect((await app.send('GET', url)).body).toMatchObject({ status: 'completed' });
});
