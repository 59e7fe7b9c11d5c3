import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { type TestLearning, testLearning } from '../testing.ts';

const database = fileDatabase();
const learning = () => testLearning({ database: database() });

async function names(app: TestLearning, url: string): Promise<unknown[]> {
  const { body } = await app.send('GET', url);
  return (body.items as { name?: string; title?: string }[]).map((item) => item.name ?? item.title);
}

describe('skills', () => {
  test('are added by trainers, read by everybody, changed and deleted', async () => {
    const app = await learning();
    const trainer = await app.person('trainer');
    const learner = await app.person('learner');

    const made = await app.send('POST', '/v1/skills', {
      as: trainer,
      body: {
        name: ' Python ',
        category: 'Technical',
        level: 2,
        scheme: 'esco',
        externalUri: 'http://data.europa.eu/esco/skill/1',
      },
    });
    const url = `/v1/skills/${made.body.id}`;
    const read = await app.send('GET', url, { as: learner });
    const changed = await app.send('PATCH', url, { as: trainer, body: { level: 3 } });
    const deleted = await app.send('DELETE', url, { as: trainer });

    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(url);
    expect(read.body).toMatchObject({
      name: 'Python',
      level: 2,
      scheme: 'esco',
      prerequisites: [],
    });
    expect(changed.body).toMatchObject({ name: 'Python', level: 3, category: 'Technical' });
    expect(deleted.status).toBe(204);
    expect((await app.send('GET', url)).status).toBe(404);
  });

  test('are not written by learners and HR managers, nor by a key that may only read', async () => {
    const app = await learning();
    const id = await app.make('/v1/skills', { name: 'Reading' });
    const callers = [
      await app.person('learner'),
      await app.person('hr_manager'),
      await app.person('admin', { scopes: ['learning:read'] }),
    ];

    for (const as of callers) {
      const answers = await Promise.all([
        app.send('POST', '/v1/skills', { as, body: { name: 'Mine' } }),
        app.send('PATCH', `/v1/skills/${id}`, { as, body: { name: 'Mine' } }),
        app.send('DELETE', `/v1/skills/${id}`, { as }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    }
    expect((await app.send('GET', `/v1/skills/${id}`)).body.name).toBe('Reading');
  });

  test('of another organization do not exist', async () => {
    const app = await learning();
    const id = await app.make('/v1/skills', { name: 'Secret' });
    const as = await app.secondOrganization();

    expect((await app.send('GET', `/v1/skills/${id}`, { as })).status).toBe(404);
    expect((await app.send('PATCH', `/v1/skills/${id}`, { as, body: { level: 2 } })).status).toBe(
      404,
    );
    expect((await app.send('DELETE', `/v1/skills/${id}`, { as })).status).toBe(404);
    expect((await app.send('GET', '/v1/skills', { as })).body.items).toEqual([]);
  });

  test('are listed by name, page by page, each once, and found by filters', async () => {
    const app = await learning();
    await app.make('/v1/skills', { name: 'beta', category: 'Tech', level: 2 });
    await app.make('/v1/skills', { name: 'Alpha', category: 'tech', description: 'snakes 100%' });
    await app.make('/v1/skills', { name: 'gamma', status: 'archived' });

    const first = await app.send('GET', '/v1/skills?limit=1');
    const second = await app.send('GET', `/v1/skills?limit=1&cursor=${first.body.nextCursor}`);

    expect(first.body.items).toMatchObject([{ name: 'Alpha' }]);
    expect(second.body.items).toMatchObject([{ name: 'beta' }]);
    expect(second.body.nextCursor).toBeNull();
    expect(await names(app, '/v1/skills?q=SNAKES%20alp')).toEqual(['Alpha']);
    expect(await names(app, '/v1/skills?q=%25')).toEqual(['Alpha']);
    expect(await names(app, '/v1/skills?category=TECH')).toEqual(['Alpha', 'beta']);
    expect(await names(app, '/v1/skills?level=2')).toEqual(['beta']);
    expect(await names(app, '/v1/skills?status=archived')).toEqual(['gamma']);
    expect((await app.send('GET', '/v1/skills?cursor=x')).status).toBe(400);
  });

  test('have a name once, whatever its case, and a URI once', async () => {
    const app = await learning();
    await app.make('/v1/skills', { name: 'Go', externalUri: 'urn:go' });

    const name = await app.send('POST', '/v1/skills', { body: { name: 'GO' } });
    const uri = await app.send('POST', '/v1/skills', {
      body: { name: 'Golang', externalUri: 'urn:go' },
    });

    expect(name).toMatchObject({ status: 409, body: { detail: expect.stringContaining('name') } });
    expect(uri).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('externalUri') },
    });
  });

  test.each([
    { name: '' },
    { name: 'x', level: 6 },
    { name: 'x', level: 1.5 },
    { name: 'x', org_id: 'y' },
    { name: 'x', externalUri: 'not a uri' },
    { name: 'x\u0000' },
  ])('refuse %j', async (body) => {
    const app = await learning();

    expect((await app.send('POST', '/v1/skills', { body })).status).toBe(400);
  });

  test('are changed only in the state that was read, when that is asked for', async () => {
    const app = await learning();
    const id = await app.make('/v1/skills', { name: 'Etag' });
    const { etag } = (await app.send('GET', `/v1/skills/${id}`)).headers;
    const change = (level: number) =>
      app.send('PATCH', `/v1/skills/${id}`, {
        body: { level },
        headers: { 'if-match': String(etag) },
      });

    const first = await change(2);
    const second = await change(3);
    const removal = await app.send('DELETE', `/v1/skills/${id}`, {
      headers: { 'if-match': String(etag) },
    });

    expect([first.status, second.status, removal.status]).toEqual([200, 412, 412]);
  });

  test('drafts exist for those who write', async () => {
    const app = await learning();
    const learner = await app.person('learner');
    const id = await app.make('/v1/skills', { name: 'Draft', status: 'draft' });

    expect((await app.send('GET', `/v1/skills/${id}`, { as: learner })).status).toBe(404);
    expect((await app.send('GET', '/v1/skills', { as: learner })).body.items).toEqual([]);
    expect((await app.send('GET', `/v1/skills/${id}`)).status).toBe(200);
  });

  test('are added once however often the request is sent with its key', async () => {
    const app = await learning();
    const headers = { 'idempotency-key': 'once' };
    const send = () => app.send('POST', '/v1/skills', { body: { name: 'Once' }, headers });

    const [first, second] = [await send(), await send()];

    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });
});

describe('courses', () => {
  test('tell what they teach and need; what people have progress in is not deleted', async () => {
    const app = await learning();
    const skill = await app.make('/v1/skills', { name: 'SQL' });
    const basics = await app.make('/v1/courses', { title: 'Basics', durationMinutes: 60 });
    const course = await app.make('/v1/courses', {
      title: 'Joins',
      objectives: ['left', 'right'],
      durationMinutes: 90,
    });
    const from = { kind: 'course', id: course };
    await app.make('/v1/edges', { type: 'teaches', from, to: { kind: 'skill', id: skill } });
    await app.make('/v1/edges', {
      type: 'prerequisite',
      from: { kind: 'course', id: basics },
      to: from,
    });
    await app.send('PUT', `/v1/progress/me/${course}`, { body: { progress: 10 } });

    const read = await app.send('GET', `/v1/courses/${course}`);
    const deleted = await app.send('DELETE', `/v1/courses/${course}`);

    expect(read.body).toMatchObject({
      objectives: ['left', 'right'],
      difficulty: 3,
      skills: [{ kind: 'skill', id: skill, title: 'SQL' }],
      prerequisites: [{ kind: 'course', id: basics, title: 'Basics' }],
    });
    expect(deleted).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('rchive') },
    });
    expect(await names(app, `/v1/courses?skillId=${skill}`)).toEqual(['Joins']);
    expect(await names(app, '/v1/courses?maxMinutes=60')).toEqual(['Basics']);
    expect((await app.send('DELETE', `/v1/courses/${basics}`)).status).toBe(204);
    expect((await app.send('GET', `/v1/courses/${course}`)).body.prerequisites).toEqual([]);
  });
});

describe('edges', () => {
  test('that close a cycle of prerequisites are refused, the cycle named by titles', async () => {
    const app = await learning();
    const a = { kind: 'skill', id: await app.make('/v1/skills', { name: 'Anna' }) };
    const b = { kind: 'course', id: await app.make('/v1/courses', { title: 'Bert' }) };
    const c = { kind: 'skill', id: await app.make('/v1/skills', { name: 'Cleo' }) };
    const need = (from: object, to: object) =>
      app.send('POST', '/v1/edges', { body: { type: 'prerequisite', from, to } });
    await need(a, b);
    await need(b, c);

    const closing = await need(c, a);
    const itself = await need(a, a);

    expect(closing).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('“Cleo” → “Anna” → “Bert” → “Cleo”'),
        cycle: [`skill:${c.id}`, `skill:${a.id}`, `course:${b.id}`, `skill:${c.id}`],
      },
    });
    expect(itself.status).toBe(400);
  });

  test.each([
    ['teaches', 'prerequisite'],
    ['prerequisite', 'teaches'],
  ])('that make a course need what only it teaches are refused (%s, then %s)', async (...types) => {
    const app = await learning();
    const skill = { kind: 'skill', id: await app.make('/v1/skills', { name: 'S' }) };
    const course = { kind: 'course', id: await app.make('/v1/courses', { title: 'C' }) };
    const [first, second] = types.map((type) =>
      type === 'teaches' ? { type, from: course, to: skill } : { type, from: skill, to: course },
    );

    await app.make('/v1/edges', first ?? {});
    const refused = await app.send('POST', '/v1/edges', { body: second ?? {} });

    expect(refused).toMatchObject({
      status: 409,
      body: {
        cycle: expect.arrayContaining([`skill:${skill.id}`, `course:${course.id}`]),
        detail: expect.stringMatching(/“S” → “C” → “S”|“C” → “S” → “C”/),
      },
    });
  });

  test('are there once, lead to what exists, and go with it', async () => {
    const app = await learning();
    const from = { kind: 'course', id: await app.make('/v1/courses', { title: 'From' }) };
    const to = { kind: 'skill', id: await app.make('/v1/skills', { name: 'To' }) };
    const edge = { type: 'teaches', from, to, weight: 0.5 };
    const id = await app.make('/v1/edges', edge);

    const again = await app.send('POST', '/v1/edges', { body: edge });
    const nowhere = await app.send('POST', '/v1/edges', {
      body: { ...edge, to: { kind: 'skill', id: from.id } },
    });
    const wrongKind = await app.send('POST', '/v1/edges', {
      body: { type: 'assesses', from, to },
    });
    const heavier = await app.send('PATCH', `/v1/edges/${id}`, { body: { weight: 1 } });
    await app.send('DELETE', `/v1/skills/${to.id}`);

    expect(again.status).toBe(409);
    expect(nowhere.status).toBe(404);
    expect(wrongKind.status).toBe(400);
    expect(heavier.body).toMatchObject({ weight: 1, from: { title: 'From' }, to: { title: 'To' } });
    expect((await app.send('GET', `/v1/edges/${id}`)).status).toBe(404);
  });

  test('that were rejected are shown to those who write only, and can be confirmed', async () => {
    const app = await learning();
    const learner = await app.person('learner');
    const from = { kind: 'course', id: await app.make('/v1/courses', { title: 'A' }) };
    const to = { kind: 'skill', id: await app.make('/v1/skills', { name: 'B' }) };
    const id = await app.make('/v1/edges', { type: 'teaches', from, to });
    const list = async (as = learner, status = 'rejected') =>
      (await app.send('GET', `/v1/edges?status=${status}`, { as })).body.items;

    await app.send('PATCH', `/v1/edges/${id}`, { body: { status: 'rejected' } });

    expect(await list()).toEqual([]);
    expect(await list(app)).toMatchObject([{ id }]);
    expect((await app.send('GET', `/v1/edges/${id}`, { as: learner })).status).toBe(404);
    await app.send('PATCH', `/v1/edges/${id}`, { body: { status: 'confirmed' } });
    expect(await list(learner, 'confirmed')).toMatchObject([{ id }]);
  });

  test('two at once never close a cycle together', async () => {
    const app = await learning();
    const a = { kind: 'skill', id: await app.make('/v1/skills', { name: 'A' }) };
    const b = { kind: 'skill', id: await app.make('/v1/skills', { name: 'B' }) };
    const need = (from: object, to: object) =>
      app.send('POST', '/v1/edges', { body: { type: 'prerequisite', from, to } });

    const answers = await Promise.all([need(a, b), need(b, a)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('target levels', () => {
  test('are of a job, of a department, or both, each once', async () => {
    const app = await learning();
    const skillId = await app.make('/v1/skills', { name: 'SQL' });
    const departmentId = await app.department('Data');
    const add = (body: object) =>
      app.send('POST', '/v1/skill-targets', { body: { skillId, level: 3, ...body } });

    const statuses = [
      await add({ jobRole: 'Analyst' }),
      await add({ jobRole: 'analyst' }),
      await add({ departmentId }),
      await add({ departmentId, jobRole: 'Analyst', importance: 0.5 }),
      await add({}),
      await add({ departmentId: skillId }),
    ].map(({ status }) => status);
    const found = await app.send('GET', '/v1/skill-targets?jobRole=ANALYST');

    expect(statuses).toEqual([201, 409, 201, 201, 400, 409]);
    expect(found.body.items).toMatchObject([
      { jobRole: 'Analyst', departmentId: null, skillName: 'SQL', importance: 1 },
      { jobRole: 'Analyst', departmentId, importance: 0.5 },
    ]);
  });

  test('name the jobs that can be a goal, page by page, and the own one', async () => {
    const app = await learning();
    const [one, two] = [
      await app.make('/v1/skills', { name: 'One' }),
      await app.make('/v1/skills', { name: 'Two' }),
    ];
    const elsewhere = await app.department('Elsewhere');
    const add = (body: object) => app.make('/v1/skill-targets', { level: 3, ...body });
    await add({ skillId: one, jobRole: 'Analyst' });
    await add({ skillId: two, jobRole: 'ANALYST' });
    await add({ skillId: one, jobRole: 'Baker' });
    await add({ skillId: one, jobRole: 'Clerk', departmentId: elsewhere });
    const { principal } = app;
    await app.database.withPrincipal(workerPrincipal(principal.orgId), (tx) =>
      run(
        tx,
        sql`
          update docent.users
             set job_title = 'baker'
           where org_id = ${principal.orgId}
             and id = ${principal.userId}`,
      ),
    );

    const first = await app.send('GET', '/v1/skill-targets/roles?limit=1');
    const second = await app.send(
      'GET',
      `/v1/skill-targets/roles?limit=1&cursor=${first.body.nextCursor}`,
    );
    const found = await app.send('GET', '/v1/skill-targets/roles?q=bak');

    expect(first.body.items).toMatchObject([{ skills: 2, own: false }]);
    expect(second.body).toEqual({
      items: [{ title: 'Baker', skills: 1, own: true }],
      nextCursor: null,
    });
    expect(found.body.items).toEqual(second.body.items);
  });
});

test('who changed the graph is on record', async () => {
  const app = await learning();
  const trainer = await app.person('trainer');
  const id = await app.make('/v1/skills', { name: 'Recorded' }, trainer);

  const rows = await app.rows(sql`
    select action, actor
      from docent.audit_log
     where org_id = ${app.principal.orgId}
       and target_id = ${id}`);

  expect(rows).toEqual([{ action: 'skill.created', actor: `key:${trainer.principal.apiKeyId}` }]);
});
