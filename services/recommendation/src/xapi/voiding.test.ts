import { randomUUID } from 'node:crypto';
import { sql } from '@docent/database/sql';
import type { Caller } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { COURSE, lms as lmsOf, PROGRESS, post, QUESTION, QUIZ, request } from './testing.ts';

const database = fileDatabase();
const lms = () => lmsOf(database());

describe('voiding', () => {
  const voiding = (say: (verb: string, more?: object) => { id: string }, id: string) =>
    say('voided', { object: { objectType: 'StatementRef', id } });

  test('takes back progress, results and answers, and hides the statement', async () => {
    const { app, say, progress, userId } = await lms();
    const half = say('progressed', { result: { extensions: { [PROGRESS]: 50 } } });
    const done = say('completed');
    const passed = say('passed', { object: { id: QUIZ }, result: { success: true } });
    const answered = say('answered', { object: { id: QUESTION }, result: { success: true } });
    await post(app, [half, done, passed, answered]);
    expect(await progress()).toMatchObject({ status: 'completed' });
    await app.rows(sql`delete from docent.mastery_replays where org_id = ${app.principal.orgId}`);

    await post(
      app,
      [done, passed, answered].map(({ id }) => voiding(say, id)),
    );

    expect(await progress()).toMatchObject({
      status: 'in_progress',
      progress: 50,
      completedAt: null,
    });
    expect((await app.send('GET', `/v1/attempts?userId=${userId}`)).body.items).toEqual([]);
    const replays = await app.rows(sql`
      select user_id
        from docent.mastery_replays
       where org_id = ${app.principal.orgId}`);
    expect(replays).toEqual([{ user_id: userId }]);
    const one = await request(app, 'GET', `statements?statementId=${done.id}`);
    const voided = await request(app, 'GET', `statements?voidedStatementId=${done.id}`);
    expect([one.statusCode, voided.statusCode]).toEqual([404, 200]);
    const events = await app.rows(sql`
      select action
        from docent.audit_log
       where org_id = ${app.principal.orgId}
         and target_kind = 'learning_progress'
       order by seq`);
    expect(events).toEqual([
      { action: 'learning_progress.completed' },
      { action: 'learning_progress.completion_undone' },
    ]);
  });

  test('also works when it comes first, and never on what voids', async () => {
    const { app, say, userId, courseId } = await lms();
    const done = say('completed');
    const end = voiding(say, done.id);

    await post(app, end);
    await post(app, done);
    const again = await post(app, voiding(say, end.id));

    expect(again.statusCode).toBe(400);
    expect((await app.send('GET', `/v1/progress/${userId}/${courseId}`)).status).toBe(404);
  });
});

describe('who may void', () => {
  /** The same, with an HR manager of the learner's department, whose name statements carry as that of the actor. */
  async function company() {
    const all = await lms();
    const { app, userId, courseId, say } = all;
    const department = await app.department('Sales');
    const other = await app.department('Data');
    await app.rows(sql`
      update docent.users
         set department_id = ${department}
       where org_id = ${app.principal.orgId}
         and id = ${userId}`);
    const end = (id: string, about: Caller) =>
      say('voided', {
        actor: { mbox: `mailto:${about.principal.userId}@test.example` },
        object: { objectType: 'StatementRef', id },
      });
    return {
      ...all,
      hr: await app.member('hr_manager', department),
      otherHr: await app.member('hr_manager', other),
      stranger: await app.member('learner', other),
      end,
      status: async () => (await app.send('GET', `/v1/progress/${userId}/${courseId}`)).body.status,
      attempts: async () => {
        const { body } = await app.send('GET', `/v1/attempts?userId=${userId}`);
        return z.array(z.unknown()).parse(body.items).length;
      },
      answers: async () =>
        (
          await app.rows(sql`
            select id
              from docent.attempt_answers
             where org_id = ${app.principal.orgId}`)
        ).length,
    };
  }

  test('nobody voids what others said about them', async () => {
    const { app, say, end, learner, status, attempts } = await company();
    const done = say('completed');
    const passed = say('passed', { object: { id: QUIZ }, result: { success: true } });
    await post(app, [done, passed]);

    const answers = [
      await post(app, end(done.id, learner), learner),
      await post(app, [end(passed.id, learner), end(done.id, learner)], learner),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
    expect(await status()).toBe('completed');
    expect(await attempts()).toBe(1);
    const read = await request(app, 'GET', `statements?statementId=${done.id}`);
    expect(read.statusCode).toBe(200);
  });

  test('people take back what they sent themselves', async () => {
    const { app, say, end, learner, status } = await company();
    const done = say('completed');
    await post(app, done, learner);
    const before = await status();

    const voided = await post(app, end(done.id, learner), learner);

    expect(voided.statusCode).toBe(200);
    expect([before, await status()]).toEqual(['completed', 404]);
  });

  test('of a statement that one does not see, a void is kept like one of none, and does nothing', async () => {
    const { app, say, end, stranger, otherHr, status } = await company();
    const done = say('completed');
    await post(app, done);

    const answers = [
      await post(app, end(done.id, stranger), stranger),
      await post(app, end(done.id, otherHr), otherHr),
      await post(app, end(randomUUID(), stranger), stranger),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(await status()).toBe('completed');
  });

  test('HR managers void what was said about their people, answers that they do not see included', async () => {
    const { app, say, end, hr, status, attempts, answers } = await company();
    const done = say('completed');
    const passed = say('passed', { object: { id: QUIZ }, result: { success: true } });
    const answered = say('answered', { object: { id: QUESTION }, result: { success: true } });
    await post(app, [done, passed]);
    await post(app, answered, hr);
    const before = [await status(), await attempts(), await answers()];

    const voided = await post(
      app,
      [done, passed, answered].map(({ id }) => end(id, hr)),
      hr,
    );

    expect(voided.statusCode).toBe(200);
    expect(before).toEqual(['completed', 1, 1]);
    expect([await status(), await attempts(), await answers()]).toEqual([404, 0, 0]);
  });

  test('who sent something about somebody takes it back also when that person has left their department', async () => {
    const { app, say, end, hr, otherHr, userId, status, attempts, answers } = await company();
    const done = say('completed');
    const passed = say('passed', { object: { id: QUIZ }, result: { success: true } });
    const answered = say('answered', { object: { id: QUESTION }, result: { success: true } });
    await post(app, [done, passed, answered], hr);
    const before = [await status(), await attempts(), await answers()];
    await app.rows(sql`
      update docent.users
         set department_id = null
       where org_id = ${app.principal.orgId}
         and id = ${userId}`);
    const voids = [done, passed, answered].map(({ id }) => end(id, hr));

    const byOther = await post(app, end(done.id, otherHr), otherHr);
    const voided = await post(app, voids, hr);
    const again = await post(app, end(done.id, hr), hr);
    await app.work();

    expect([byOther, voided, again].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(before).toEqual(['completed', 1, 1]);
    expect([await status(), await attempts(), await answers()]).toEqual([404, 0, 0]);
    const ends = await app.rows(sql`
      select voided_by
        from docent.xapi_statements
       where org_id = ${app.principal.orgId}
         and id = ${done.id}`);
    expect(ends).toEqual([{ voided_by: voids[0]?.id }]);
  });

  test('a void that comes first counts when its sender may void what comes', async () => {
    const { app, say, end, learner, stranger, hr, otherHr, status } = await company();
    const steps = [1, 2, 3, 4, 5, 6].map((value) =>
      say('progressed', {
        object: { id: COURSE },
        timestamp: `2026-03-0${value}T10:00:00Z`,
        context: { registration: randomUUID() },
        result: { extensions: { [PROGRESS]: value } },
      }),
    );
    const [byLearner, byStranger, byOtherHr, byHr, own, byAdmin] = steps.map(({ id }) => id);
    await post(app, end(byLearner ?? '', learner), learner);
    await post(app, end(byStranger ?? '', stranger), stranger);
    await post(app, end(byOtherHr ?? '', otherHr), otherHr);
    await post(app, end(byHr ?? '', hr), hr);
    await post(app, end(own ?? '', learner), learner);
    await post(app, say('voided', { object: { objectType: 'StatementRef', id: byAdmin } }));

    await post(app, steps.slice(0, 4));
    await post(app, steps.slice(4), learner);

    const voided = await app.rows(sql`
      select id
        from docent.xapi_statements
       where org_id = ${app.principal.orgId}
         and voided_by is not null
       order by occurred_at`);
    expect(voided).toEqual([{ id: byHr }, { id: own }, { id: byAdmin }]);
    expect(await status()).toBe('in_progress');
  });

  test('two voids of one statement in one request are one', async () => {
    const { app, say, end, learner, status } = await company();
    const done = say('completed');
    await post(app, done, learner);

    const voided = await post(app, [end(done.id, learner), end(done.id, learner)], learner);

    expect(voided.statusCode).toBe(200);
    expect(await status()).toBe(404);
  });
});
