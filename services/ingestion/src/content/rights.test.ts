import { newId } from '@docent/core/ids';
import { run, type Sql, sql } from '@docent/database/sql';
import { expect, test } from 'vitest';
import { form, testIngestion } from '../testing.ts';

const text = '# Pay\n\nThe salary bands of next year.';

/** The service with a department, two trainers and a learner. */
async function company() {
  const service = await testIngestion();
  const { database, principal, person } = service;
  const departmentId = newId();
  await database.withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        insert into docent.departments (org_id, id, name)
        values (${principal.orgId}, ${departmentId}, 'Finance')`,
    ),
  );
  const insider = await person('learner');
  await database.withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.users
           set department_id = ${departmentId}
         where org_id = ${principal.orgId}
           and id = ${insider.principal.userId}`,
    ),
  );
  return {
    ...service,
    departmentId,
    insider,
    author: await person('trainer'),
    other: await person('trainer'),
    learner: await person('learner'),
  };
}

test('content for one department is not there for others, on any of its addresses', async () => {
  const { request, work, departmentId, author, insider, learner } = await company();
  const made = await request('POST', '/v1/content', {
    key: author.key,
    body: {
      title: 'Salary bands',
      text,
      visibility: 'restricted',
      visibleTo: { departments: [departmentId] },
    },
  });
  const { id } = made.json();
  await work();
  const random = newId();
  const addresses = (of: string) => [
    `/v1/content/${of}`,
    `/v1/content/${of}/file`,
    `/v1/content/${of}/versions`,
    `/v1/content/${of}/versions/1`,
    `/v1/content/${of}/versions/1/file`,
    `/v1/content/${of}/versions/1/text`,
    `/v1/content/${of}/versions/1/chunks`,
  ];
  const answers = async (key: string, of: string) =>
    Promise.all(
      addresses(of).map(async (url) => {
        const { statusCode, body } = await request('GET', url, { key });
        const {
          requestId: _,
          instance: __,
          ...problem
        } = statusCode === 404 ? JSON.parse(body) : {};
        return { statusCode, problem: JSON.stringify(problem).replaceAll(of, 'ID') };
      }),
    );

  expect((await answers(insider.key, id)).map(({ statusCode }) => statusCode)).toEqual(
    addresses(id).map(() => 200),
  );
  expect(await answers(learner.key, id)).toEqual(await answers(learner.key, random));
  expect((await answers(learner.key, id)).every(({ statusCode }) => statusCode === 404)).toBe(true);
  const list = async (key: string) =>
    (await request('GET', '/v1/content', { key }))
      .json()
      .items.map((item: { id: string }) => item.id);
  expect(await list(insider.key)).toEqual([id]);
  expect(await list(learner.key)).toEqual([]);
});

test('rights are changed with PATCH, are in force at once, and change the ETag', async () => {
  const { request, author, learner, departmentId } = await company();
  const { id } = (
    await request('POST', '/v1/content', {
      key: author.key,
      body: { title: 'Plan', text, status: 'draft' },
    })
  ).json();
  const seen = async () =>
    (await request('GET', `/v1/content/${id}`, { key: learner.key })).statusCode;
  const patch = (body: object, headers = {}) =>
    request('PATCH', `/v1/content/${id}`, { key: author.key, body, headers });

  expect(await seen()).toBe(404);
  const published = await patch({ status: 'published', departmentId });
  expect(published.json()).toMatchObject({
    status: 'published',
    visibility: 'organization',
    visibleTo: { departments: [], roles: [], users: [] },
    departmentId,
    ownerId: author.principal.userId,
  });
  expect(await seen()).toBe(200);
  const restricted = await patch(
    { visibility: 'restricted', visibleTo: { users: [author.principal.userId] } },
    { 'if-match': published.headers.etag },
  );
  expect(restricted.statusCode).toBe(200);
  expect(await seen()).toBe(404);
  expect((await patch({ title: 'X' }, { 'if-match': published.headers.etag })).statusCode).toBe(
    412,
  );
  await patch({ visibleTo: { roles: ['learner'] }, departmentId: null });
  const shown = await request('GET', `/v1/content/${id}`, { key: learner.key });
  expect(shown.json()).toMatchObject({ visibleTo: null, departmentId: null, title: 'Plan' });
});

test('what is said wrongly about rights is refused', async () => {
  const { request } = await company();
  const upload = (more: object) =>
    request('POST', '/v1/content', { body: { title: 'A', text, ...more } });

  for (const wrong of [
    { status: 'secret' },
    { visibility: 'everybody' },
    { visibleTo: { groups: [] } },
    { visibleTo: { roles: ['worker'] } },
    { departmentId: newId() },
    { visibleTo: { departments: [newId()] } },
    { ownerId: newId() },
    { createdBy: newId() },
    { org_id: newId() },
  ]) {
    expect({ wrong, status: (await upload(wrong)).statusCode }).toEqual({ wrong, status: 400 });
  }
});

test('a trainer reads the content of others and changes only the own', async () => {
  const { request, author, other, filesOnDisk } = await company();
  const { id } = (
    await request('POST', '/v1/content', { key: author.key, body: { title: 'Mine', text } })
  ).json();
  const url = `/v1/content/${id}`;
  const file = form([{ name: 'file', value: 'other text', fileName: 'b.md' }]);

  expect((await request('GET', url, { key: other.key })).statusCode).toBe(200);
  const refused = [
    await request('PATCH', url, { key: other.key, body: { title: 'Theirs' } }),
    await request('DELETE', url, { key: other.key }),
    await request('PUT', `${url}/file`, { key: other.key, ...file }),
    await request('POST', `${url}/versions/1/retry`, { key: other.key }),
  ];
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
  expect(await filesOnDisk()).toHaveLength(1);
  expect(
    (await request('PATCH', url, { key: author.key, body: { title: 'Still' } })).json(),
  ).toMatchObject({ title: 'Still' });
  expect((await request('DELETE', url, { key: author.key })).statusCode).toBe(204);
});

test('somebody else’s draft is not there for a trainer who would change it', async () => {
  const { request, author, other } = await company();
  const { id } = (
    await request('POST', '/v1/content', {
      key: author.key,
      body: { title: 'Mine', text, status: 'draft' },
    })
  ).json();
  const url = `/v1/content/${id}`;

  const answers = [
    await request('PATCH', url, { key: other.key, body: { title: 'Theirs' } }),
    await request('DELETE', url, { key: other.key }),
    await request('POST', `${url}/versions/1/retry`, { key: other.key }),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
});

test('the external id of somebody else’s content is taken, and says nothing about the content', async () => {
  const { request, author, other } = await company();
  const body = { title: 'Mine', text, sourceService: 'lms', externalId: '7', status: 'draft' };
  const first = await request('POST', '/v1/content', { key: author.key, body });

  const second = await request('POST', '/v1/content', { key: other.key, body });
  const batch = await request('POST', '/v1/content/batch', {
    key: other.key,
    body: { items: [body, { title: 'Fine', text: 'Another text' }] },
  });
  const again = await request('POST', '/v1/content', { key: author.key, body });

  expect(second.statusCode).toBe(409);
  expect(second.body).not.toContain(first.json().id);
  expect(batch.json().items.map((item: { status: number }) => item.status)).toEqual([409, 202]);
  expect(again.json()).toMatchObject({ id: first.json().id, unchanged: true });
});

test('deleting content keeps the file that hidden content of somebody else stands on', async () => {
  const { request, author, other, filesOnDisk } = await company();
  const upload = async (key: string, status: string) =>
    (await request('POST', '/v1/content', { key, body: { title: 'Same', text, status } })).json()
      .id;
  const hidden = await upload(author.key, 'draft');
  const mine = await upload(other.key, 'published');

  await request('DELETE', `/v1/content/${mine}`, { key: other.key });

  expect(await filesOnDisk()).toHaveLength(1);
  const file = await request('GET', `/v1/content/${hidden}/file`, { key: author.key });
  expect(file.body).toContain('salary bands');
});

test('the list is narrowed by status, visibility, department and owner', async () => {
  const { request, author, departmentId } = await company();
  const upload = (key: string, body: object) =>
    request('POST', '/v1/content', { key, body: { text: JSON.stringify(body), ...body } });
  await upload(author.key, { title: 'Draft', status: 'draft' });
  await upload(author.key, { title: 'Open', departmentId });
  await upload(author.key, { title: 'Closed', visibility: 'restricted' });
  const titles = async (query: string) =>
    (await request('GET', `/v1/content?${query}`))
      .json()
      .items.map((item: { title: string }) => item.title);

  expect(await titles('status=draft')).toEqual(['Draft']);
  expect(await titles('visibility=restricted')).toEqual(['Closed']);
  expect(await titles(`departmentId=${departmentId}`)).toEqual(['Open']);
  expect(await titles(`ownerId=${author.principal.userId}&status=published`)).toEqual([
    'Closed',
    'Open',
  ]);
});

test('content for a department follows its tree: those below see it, and no more when they move away', async () => {
  const { request, database, principal, person, departmentId, author } = await company();
  const [team, elsewhere] = [newId(), newId()];
  const change = (statement: Sql) => database.withPrincipal(principal, (tx) => run(tx, statement));
  for (const [id, parentId, name] of [
    [team, departmentId, 'Payroll'],
    [elsewhere, null, 'Elsewhere'],
  ]) {
    await change(sql`
      insert into docent.departments (org_id, id, parent_id, name)
      values (${principal.orgId}, ${id}, ${parentId}, ${name})`);
  }
  const member = async () => {
    const { key, principal: who } = await person('learner');
    await change(sql`
      update docent.users
         set department_id = ${team}
       where org_id = ${principal.orgId}
         and id = ${who.userId}`);
    return key;
  };
  const [early, late] = [await member(), await member()];
  const { id } = (
    await request('POST', '/v1/content', {
      key: author.key,
      body: {
        title: 'A',
        text,
        visibility: 'restricted',
        visibleTo: { departments: [departmentId] },
      },
    })
  ).json();
  const seen = async (key: string) =>
    (await request('GET', `/v1/content/${id}`, { key })).statusCode;

  const before = await seen(early);
  await change(sql`
    update docent.departments
       set parent_id = ${elsewhere}
     where org_id = ${principal.orgId}
       and id = ${team}`);

  // Whose department is, is known for five seconds: this one has not asked before.
  expect({ before, after: await seen(late) }).toEqual({ before: 200, after: 404 });
});
