import { randomUUID } from 'node:crypto';
import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  ADL,
  COURSE,
  lms as lmsOf,
  PROGRESS,
  post,
  QUESTION,
  QUIZ,
  request,
  VIDEO,
} from './testing.ts';

const database = fileDatabase();
const lms = () => lmsOf(database());
describe('versions', () => {
  test('about tells them to everybody; each answer names the one that was spoken', async () => {
    const { app, say } = await lms();

    const about = await app.request('GET', '/xapi/about', { key: null });
    const two = await request(app, 'POST', 'statements', say('completed'), { version: '2.0.0' });

    expect(about.json()).toEqual({ version: ['1.0.3', '2.0.0'] });
    expect(about.headers['x-experience-api-version']).toBeDefined();
    expect(two.statusCode).toBe(200);
    expect(two.headers['x-experience-api-version']).toBe('2.0.0');
  });

  test.each([null, '0.95', '1.1.0', '3.0.0', 'x'])('%s is refused', async (version) => {
    const { app, say } = await lms();

    const refused = await request(app, 'POST', 'statements', say('completed'), { version });

    expect(refused.statusCode).toBe(400);
    expect(refused.headers['x-experience-api-version']).toBe('1.0.3');
  });
});

test('a statement becomes progress and comes back as it was sent', async () => {
  const { app, say, progress } = await lms();
  const statement = say('completed', {
    verb: { id: `${ADL}completed`, display: { 'en-US': 'completed' } },
    result: { completion: true, duration: 'PT1H12M' },
    context: { contextActivities: { grouping: { id: 'https://lms.example.com/programs/7' } } },
  });

  const posted = await post(app, statement);
  const read = await request(app, 'GET', `statements?statementId=${statement.id}`);

  expect(posted.json()).toEqual([statement.id]);
  expect(await progress()).toMatchObject({
    status: 'completed',
    completedAt: '2026-03-01T10:00:00.000Z',
    source: 'xapi',
  });
  expect(read.json()).toMatchObject({
    ...statement,
    context: { contextActivities: { grouping: [{ id: 'https://lms.example.com/programs/7' }] } },
    version: '1.0.3',
    stored: expect.any(String),
    authority: { objectType: 'Agent' },
  });
});

describe('senders', () => {
  test.each([
    ['cmi5 tells percent', 'progressed', { extensions: { [PROGRESS]: 40 } }, { progress: 40 }],
    [
      'cmi5 never tells shares: 1 is 1 %',
      'progressed',
      { extensions: { [PROGRESS]: 1 } },
      { progress: 1 },
    ],
    [
      'videos tell shares',
      'https://w3id.org/xapi/video/verbs/paused',
      { extensions: { [VIDEO]: 0.5 } },
      { progress: 50 },
    ],
    [
      'a share of 1 is all',
      'https://w3id.org/xapi/video/verbs/played',
      { extensions: { [VIDEO]: 1 } },
      { status: 'completed' },
    ],
    [
      'progress in a score is no progress',
      'completed',
      { completion: false, score: { scaled: 0.3 } },
      { status: 'in_progress', progress: 0 },
    ],
    ['initialized begins', 'initialized', undefined, { status: 'in_progress', progress: 0 }],
    [
      'waived completes',
      'https://w3id.org/xapi/adl/verbs/waived',
      { completion: true },
      { status: 'completed', startedAt: null },
    ],
    [
      'satisfied completes',
      'https://w3id.org/xapi/adl/verbs/satisfied',
      undefined,
      { status: 'completed' },
    ],
    [
      'passed completes',
      'passed',
      { success: true, score: { scaled: 0.9 } },
      { status: 'completed' },
    ],
    [
      'failed does not',
      'failed',
      { success: false, score: { scaled: 0.2 } },
      { status: 'in_progress' },
    ],
  ])('%s', async (_, verb, result, expected) => {
    const { app, say, progress } = await lms();

    await post(app, say(verb, result === undefined ? {} : { result }));

    expect(await progress()).toMatchObject(expected);
  });

  test('progress is the most within one registration, and late statements count at their own time', async () => {
    const { app, say, progress } = await lms();
    const registration = randomUUID();
    const at = (day: number, value: number) =>
      say('progressed', {
        timestamp: `2026-03-0${day}T10:00:00Z`,
        context: { registration },
        result: { extensions: { [PROGRESS]: value } },
      });

    await post(app, [at(3, 60), at(4, 30)]);
    await post(app, at(1, 90));

    expect(await progress()).toMatchObject({
      progress: 90,
      startedAt: '2026-03-01T10:00:00.000Z',
      occurredAt: '2026-03-04T10:00:00.000Z',
      registration,
    });
  });

  test('results of an assessment become attempts, and pass its course', async () => {
    const { app, say, progress, userId } = await lms();

    await post(
      app,
      say('passed', {
        object: { id: QUIZ },
        result: { success: true, score: { raw: 4, min: 0, max: 5 }, duration: 'PT90.4S' },
      }),
    );

    const attempts = await app.send('GET', `/v1/attempts?userId=${userId}`);
    expect(attempts.body.items).toMatchObject([
      { score: 80, passed: true, source: 'xapi', timeTakenSeconds: 90 },
    ]);
    expect(await progress()).toMatchObject({ status: 'completed' });
  });

  test('nobody fails after having passed in one registration, whatever came first', async () => {
    const { app, say, userId } = await lms();
    const result = (verb: string, day: number, registration: string) =>
      say(verb, {
        object: { id: QUIZ },
        context: { registration },
        timestamp: `2026-03-0${day}T10:00:00Z`,
      });
    const [first, second] = [randomUUID(), randomUUID()];
    const passed = result('passed', 2, first);
    const outcomes = async () => {
      const { body } = await app.send('GET', `/v1/attempts?userId=${userId}`);
      return z
        .array(z.object({ passed: z.boolean() }))
        .parse(body.items)
        .map((attempt) => attempt.passed);
    };

    // Newest first: failed on the third day, on the first day, and in another registration on the fourth.
    const sent = await post(app, [
      result('failed', 3, first),
      result('failed', 1, first),
      result('failed', 4, second),
    ]);
    const before = await outcomes();
    await post(app, passed);
    const after = await outcomes();
    await post(app, say('voided', { object: { objectType: 'StatementRef', id: passed.id } }));

    expect(sent.statusCode).toBe(200);
    expect(before).toEqual([false, false, false]);
    expect(after).toEqual([false, true, false]);
    expect(await outcomes()).toEqual([false, false, false]);
  });

  test('answers count for mastery without anybody reading it, also when they are taken back', async () => {
    const { app, say, userId } = await lms();
    const answered = say('answered', { object: { id: QUESTION }, result: { success: true } });
    const counted = async () => {
      await app.work();
      return app.rows(sql`
        select answer_id is not null as counted
          from docent.mastery_answers
         where org_id = ${app.principal.orgId}
           and user_id = ${userId}`);
    };

    await post(app, answered);
    const once = await counted();
    await post(app, say('voided', { object: { objectType: 'StatementRef', id: answered.id } }));

    expect(once).toEqual([{ counted: true }]);
    expect(await counted()).toEqual([]);
  });

  test('answers to known questions are evidence of their skill', async () => {
    const { app, say, skillId, userId } = await lms();

    await post(
      app,
      say('answered', {
        object: {
          objectType: 'Activity',
          id: QUESTION,
          definition: { type: 'http://adlnet.gov/expapi/activities/cmi.interaction' },
        },
        result: { score: { min: 0, max: 2, raw: 1, scaled: 0.5 }, response: 'x', success: false },
      }),
    );

    const rows = await app.rows(sql`
      select a.user_id, a.skill_id, a.score, r.from_time
        from docent.attempt_answers a
        join docent.mastery_replays r
          on r.org_id = a.org_id and r.user_id = a.user_id
       where a.org_id = ${app.principal.orgId}`);
    expect(rows).toEqual([
      {
        user_id: userId,
        skill_id: skillId,
        score: 0.5,
        from_time: new Date('2026-03-01T10:00:00Z'),
      },
    ]);
  });

  test('an e-mail, an id and addresses of ours name people and things, too', async () => {
    const { app, say, learner, courseId, progress } = await lms();
    const mbox = `mailto:${learner.principal.userId.toUpperCase()}@test.example`;

    await post(
      app,
      say('progressed', {
        actor: { mbox },
        object: { id: `https://docent.example.com/v1/courses/${courseId}` },
        result: { extensions: { [PROGRESS]: 12 } },
      }),
    );

    expect(await progress()).toMatchObject({ progress: 12 });
  });

  test.each([
    'https://lms.other.example/v1/courses/0123456789abcdef0123456789abcdef0123',
    'https://lms.other.example/v1/courses/------------------------------------',
    'https://lms.other.example/v1/courses/01938c4e-7a00-7d0c-8e47-000000000001',
  ])('%s looks like ours and is none: it is kept, and holds up nothing', async (id) => {
    const { app, say, progress } = await lms();

    const posted = await post(app, [say('completed', { object: { id } }), say('completed')]);

    expect(posted.statusCode).toBe(200);
    expect(await progress()).toMatchObject({ status: 'completed' });
  });

  test('an address is of the kind that it ends with, in whatever letters', async () => {
    const { app, say, courseId, progress } = await lms();
    const id = (kind: string) =>
      `https://docent.example.com/v1/skills/v1/${kind}/${courseId.toUpperCase()}`;

    await post(app, say('completed', { object: { id: id('skills') } }));
    const asSkill = await progress();
    await post(app, say('completed', { object: { id: id('courses') } }));

    expect(asSkill).toMatchObject({ status: 404 });
    expect(await progress()).toMatchObject({ status: 'completed' });
  });

  test('what nobody here knows is kept', async () => {
    const { app, say } = await lms();
    const stranger = say('completed', { actor: { mbox: 'mailto:who@else.example' } });
    const thing = say('completed', { object: { id: 'https://else.example/x' } });
    const verb = say('https://else.example/verbs/danced');

    const posted = await post(app, [stranger, thing, verb]);

    expect(posted.statusCode).toBe(200);
    const rows = await app.rows(sql`
      select effect
        from docent.xapi_statements
       where org_id = ${app.principal.orgId}
       order by stored`);
    expect(rows).toEqual([
      { effect: 'unknown_actor' },
      { effect: 'unknown_activity' },
      { effect: 'none' },
    ]);
  });
});

describe('a statement that comes again', () => {
  test('changes nothing with the same content, and is a conflict with another', async () => {
    const { app, say } = await lms();
    const statement = say('progressed', { result: { extensions: { [PROGRESS]: 20 } } });
    const put = (body: object) =>
      request(app, 'PUT', `statements?statementId=${statement.id}`, body);

    const answers = [
      await put(statement),
      await put({ ...statement, id: undefined, timestamp: '2026-03-01T11:00:00+01:00' }),
      await put({ ...statement, result: { extensions: { [PROGRESS]: 21 } } }),
      await post(app, { ...statement, verb: { ...statement.verb, display: { en: 'went on' } } }),
      await post(app, { ...statement, object: { id: 'https://else.example' } }),
    ].map(({ statusCode }) => statusCode);

    expect(answers).toEqual([204, 204, 409, 200, 409]);
  });

  test('twice in one request is refused, and nothing of it is stored', async () => {
    const { app, say } = await lms();
    const statement = say('completed');

    const refused = await post(app, [say('completed'), statement, statement]);
    const all = await request(app, 'GET', 'statements');

    expect(refused.statusCode).toBe(400);
    expect(all.json()).toMatchObject({ statements: [], more: '' });
  });

  test('under another id than the address says is refused', async () => {
    const { app, say } = await lms();

    const refused = await request(
      app,
      'PUT',
      `statements?statementId=${randomUUID()}`,
      say('completed'),
    );

    expect(refused.statusCode).toBe(400);
  });
});

test.each<[string, object]>([
  [
    'two identifiers',
    {
      actor: { mbox: 'mailto:a@b.example', account: { homePage: 'https://x.example', name: 'a' } },
    },
  ],
  ['no identifier', { actor: { name: 'Somebody' } }],
  ['a bare address', { actor: { mbox: 'a@b.example' } }],
  ['a verb that is no IRI', { verb: { id: 'completed' } }],
  ['a score above 1', { result: { score: { scaled: 1.1 } } }],
  ['raw below a min of 0', { result: { score: { raw: -1, min: 0, max: 10 } } }],
  ['raw above a max of 0', { result: { score: { raw: 1, min: -5, max: 0 } } }],
  ['max below min', { result: { score: { min: 3, max: 2 } } }],
  ['a broken duration', { result: { duration: '1h' } }],
  ['an extension that is no IRI', { result: { extensions: { progress: 1 } } }],
  ['a field that there is not', { results: {} }],
  ['a time that is none', { timestamp: 'yesterday' }],
  ['a time to come', { timestamp: '2999-01-01T00:00:00Z' }],
  ['a time of an unknown zone', { timestamp: '2026-03-01T10:00:00-00:00' }],
  ['a void of something else than a statement', { verb: { id: `${ADL}voided` } }],
])('%s is refused', async (_, more) => {
  const { app, say } = await lms();

  expect((await post(app, say('completed', more))).statusCode).toBe(400);
});

test.each([
  'statementId=ID&voidedStatementId=ID',
  'statementId=ID&limit=3',
  'voidedStatementId=ID&ascending=false',
  'statementId=ID&since=2026-03-01T10:00:00Z',
  'since=2026-03-01T10:00:00-00:00',
])('GET statements?%s is refused', async (query) => {
  const { app, say } = await lms();
  const statement = say('completed');
  await post(app, statement);
  const of = (text: string) => request(app, 'GET', `statements?${text}`);

  const refused = await of(query.replaceAll('ID', statement.id));
  const plain = await of(`statementId=${statement.id}&format=exact&attachments=false`);

  expect([refused.statusCode, plain.statusCode]).toEqual([400, 200]);
});

test('statements are found by agent, verb, activity and time, page by page', async () => {
  const { app, say } = await lms();
  const all = [1, 2, 3, 4, 5].map((value) =>
    say('progressed', { result: { extensions: { [PROGRESS]: value } } }),
  );
  const other = say('experienced', { actor: { mbox: 'mailto:Who@else.example' } });
  await post(app, [...all, other]);
  const Page = z.object({
    statements: z.array(z.looseObject({ id: z.string() })),
    more: z.string(),
  });
  const ids = async (path: string) => {
    const page = Page.parse((await request(app, 'GET', path)).json());
    return { ids: page.statements.map(({ id }) => id), more: page.more };
  };
  const agent = encodeURIComponent(JSON.stringify({ mbox: 'mailto:who@ELSE.example' }));
  const verb = encodeURIComponent(`${ADL}progressed`);

  const first = await ids(`statements?verb=${verb}&limit=3&ascending=true`);
  const second = await ids(first.more.replace('/xapi/', ''));
  const newest = await ids('statements?limit=1');
  const byAgent = await ids(`statements?agent=${agent}`);
  const byActivity = await ids(`statements?activity=${encodeURIComponent(COURSE)}`);
  const later = await ids('statements?since=2999-01-01T00:00:00Z');
  const unknown = await request(app, 'GET', 'statements?colour=blue');

  expect([...first.ids, ...second.ids]).toEqual(all.map(({ id }) => id));
  expect(second.more).toBe('');
  expect(newest.ids).toEqual([other.id]);
  expect(byAgent.ids).toEqual([other.id]);
  expect(byActivity.ids).toHaveLength(6);
  expect(later.ids).toEqual([]);
  expect(unknown.statusCode).toBe(400);
});

describe('rights', () => {
  test('learners send what they did, not what they achieved; nobody sends about others', async () => {
    const { app, say, learner, progress } = await lms();
    const other = await app.person('learner');

    const own = await post(
      app,
      say('progressed', { result: { extensions: { [PROGRESS]: 5 } } }),
      learner,
    );
    const passed = await post(app, say('passed', { result: { success: true } }), learner);
    const answered = await post(
      app,
      say('answered', { object: { id: QUESTION }, result: { success: true } }),
      learner,
    );
    const foreign = await post(app, say('progressed'), other);
    const stranger = await post(
      app,
      say('progressed', { actor: { mbox: 'mailto:x@y.example' } }),
      learner,
    );

    expect([own, passed, answered].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(await progress()).toMatchObject({ status: 'in_progress', progress: 5 });
    expect([foreign, stranger].map(({ statusCode }) => statusCode)).toEqual([403, 403]);
    const seen = await request(app, 'GET', 'statements', undefined, { as: other });
    expect(seen.json()).toMatchObject({ statements: [] });
    const answers = await app.rows(sql`
      select id
        from docent.attempt_answers
       where org_id = ${app.principal.orgId}`);
    expect(answers).toEqual([]);
  });

  test('results of their own tests are believed of nobody, whatever their role', async () => {
    const { app, say } = await lms();
    const hr = await app.member('hr_manager', await app.department('Sales'));

    for (const as of [hr, app]) {
      const actor = { account: { homePage: 'urn:x', name: as.principal.userId } };
      const about = (object: object) =>
        say('answered', { actor, object, result: { success: true } });
      await post(
        app,
        [say('passed', { actor, object: { id: QUIZ } }), about({ id: QUESTION })],
        as,
      );
    }

    const effects = await app.rows(sql`
      select effect
        from docent.xapi_statements
       where org_id = ${app.principal.orgId}`);
    expect(effects).toEqual(Array(4).fill({ effect: 'not_trusted' }));
  });
});
