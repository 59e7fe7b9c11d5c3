import { newId } from '@docent/core/ids';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const fileDb = fileDatabase();

function start(): Promise<TestApp> {
  return testApp({
    database: fileDb(),
    plugins: (app, database) => app.register(directoryService, { database }),
  });
}

async function department({ request }: TestApp, name: string, parentId: string | null = null) {
  const response = await request('POST', '/v1/departments', { body: { name, parentId } });
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

/** A → B → C, and D. */
async function tree(app: TestApp) {
  const a = await department(app, 'A');
  const b = await department(app, 'B', a.id);
  const c = await department(app, 'C', b.id);
  const d = await department(app, 'D');
  return { a, b, c, d };
}

const read = async ({ request }: TestApp, id: string) =>
  (await request('GET', `/v1/departments/${id}`)).json();

test('a department knows its place by ids and by names', async () => {
  const app = await start();

  const { a, b, c } = await tree(app);

  expect(c).toMatchObject({
    name: 'C',
    parentId: b.id,
    path: [a.id, b.id],
    pathName: 'A/B/C',
    depth: 2,
    externalId: null,
    description: null,
  });
});

test('a department that moves takes all below it along', async () => {
  const app = await start();
  const { a, b, c, d } = await tree(app);

  const moved = await app.request('PATCH', `/v1/departments/${b.id}`, { body: { parentId: d.id } });
  const top = await app.request('PATCH', `/v1/departments/${d.id}`, { body: { name: 'Delta' } });

  expect([moved.statusCode, top.statusCode]).toEqual([200, 200]);
  expect(await read(app, c.id)).toMatchObject({ path: [d.id, b.id], pathName: 'Delta/B/C' });
  expect(await read(app, a.id)).toMatchObject({ path: [], depth: 0 });
});

test('a department cannot move below itself', async () => {
  const app = await start();
  const { a, c } = await tree(app);

  const ring = await app.request('PATCH', `/v1/departments/${a.id}`, { body: { parentId: c.id } });
  const self = await app.request('PATCH', `/v1/departments/${a.id}`, { body: { parentId: a.id } });

  expect([ring.statusCode, self.statusCode]).toEqual([409, 409]);
  expect(ring.json().detail).toMatch(/below itself/);
  expect(await read(app, a.id)).toMatchObject({ parentId: null });
});

test('what an HR manager oversees follows a move at the next sign-in', async () => {
  const app = await start();
  const { a, b, d } = await tree(app);
  const manager = await app.person('hr_manager');
  const url = `/v1/users/${manager.principal.userId}`;
  await app.request('PATCH', url, { body: { departmentId: d.id } });

  await app.request('PATCH', `/v1/departments/${b.id}`, { body: { parentId: d.id } });
  const me = (await app.request('GET', '/v1/me', { key: manager.key })).json();

  const names = me.departments.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['B', 'C', 'D']);
  expect(names).not.toContain(a.name);
});

test('a list is by name, in pages, below a parent, under a department, and searched', async () => {
  const app = await start();
  const { a, b } = await tree(app);
  const names = async (query: string) =>
    (await app.request('GET', `/v1/departments?${query}`))
      .json()
      .items.map(({ name }: { name: string }) => name);

  const first = (await app.request('GET', '/v1/departments?limit=3')).json();
  const rest = (
    await app.request('GET', `/v1/departments?limit=3&cursor=${first.nextCursor}`)
  ).json();

  expect(first.items.map(({ name }: { name: string }) => name)).toEqual(['A', 'B', 'C']);
  expect(rest).toMatchObject({ items: [{ name: 'D' }], nextCursor: null });
  expect(await names(`parent=${a.id}`)).toEqual(['B']);
  expect(await names(`under=${b.id}`)).toEqual(['B', 'C']);
  expect(await names('q=d')).toEqual(['D']);
  expect(await names('externalId=none')).toEqual([]);
});

test('a department with people or departments in it is deleted only when it is said where they go', async () => {
  const app = await start();
  const { a, b, c, d } = await tree(app);
  const person = await app.person('learner');
  await app.request('PATCH', `/v1/users/${person.principal.userId}`, {
    body: { departmentId: b.id },
  });

  const full = await app.request('DELETE', `/v1/departments/${b.id}`);
  const below = await app.request('DELETE', `/v1/departments/${a.id}?moveTo=${c.id}`);
  const nowhere = await app.request('DELETE', `/v1/departments/${b.id}?moveTo=${newId()}`);
  const moved = await app.request('DELETE', `/v1/departments/${b.id}?moveTo=${d.id}`);
  const empty = await app.request('DELETE', `/v1/departments/${a.id}`);
  const again = await app.request('DELETE', `/v1/departments/${a.id}`);

  expect(full.json()).toMatchObject({ status: 409, people: 1, departments: 1 });
  expect(full.json().detail).toContain('1 person and 1 department are in it');
  expect([below.statusCode, nowhere.statusCode]).toEqual([400, 400]);
  expect([moved.statusCode, empty.statusCode, again.statusCode]).toEqual([204, 204, 404]);
  expect(await read(app, c.id)).toMatchObject({ parentId: d.id, path: [d.id] });
  const user = (await app.request('GET', `/v1/users/${person.principal.userId}`)).json();
  expect(user.department).toEqual({ id: d.id, name: 'D' });
});

test('names are taken once at a place, external ids once at all', async () => {
  const app = await start();
  const { a, d } = await tree(app);
  const post = (body: object) => app.request('POST', '/v1/departments', { body });

  const sameTop = await post({ name: 'A' });
  const elsewhere = await post({ name: 'A', parentId: d.id, externalId: 'e1' });
  const sameId = await post({ name: 'E', externalId: 'e1' });
  const patched = await app.request('PATCH', `/v1/departments/${a.id}`, { body: { name: 'D' } });

  expect([sameTop.statusCode, elsewhere.statusCode]).toEqual([409, 201]);
  expect([sameId.statusCode, patched.statusCode]).toEqual([409, 409]);
});

test('a change is made only to the state that was read', async () => {
  const app = await start();
  const { a } = await tree(app);
  const { etag } = (await app.request('GET', `/v1/departments/${a.id}`)).headers;
  const headers = { 'if-match': String(etag) };
  const patch = (name: string) =>
    app.request('PATCH', `/v1/departments/${a.id}`, { body: { name }, headers });

  const first = await patch('First');
  const second = await patch('Second');
  const gone = await app.request('DELETE', `/v1/departments/${a.id}`, { headers });

  expect([first.statusCode, second.statusCode, gone.statusCode]).toEqual([200, 412, 412]);
  expect(first.headers.etag).not.toBe(etag);
});

test('a creation that is sent again with its Idempotency-Key gives the same department', async () => {
  const app = await start();
  const request = { body: { name: 'Once' }, headers: { 'idempotency-key': 'd-1' } };

  const first = await app.request('POST', '/v1/departments', request);
  const again = await app.request('POST', '/v1/departments', request);

  expect(again.statusCode).toBe(201);
  expect(again.json()).toEqual(first.json());
  expect(again.headers['idempotent-replayed']).toBe('true');
});

test('everybody reads departments, only administrators change them', async () => {
  const app = await start();
  const { a } = await tree(app);
  const url = `/v1/departments/${a.id}`;

  for (const role of ['learner', 'trainer', 'hr_manager'] as const) {
    const { key } = await app.person(role);
    const statuses = [
      await app.request('GET', url, { key }),
      await app.request('POST', '/v1/departments', { key, body: { name: 'X' } }),
      await app.request('PATCH', url, { key, body: { name: 'X' } }),
      await app.request('DELETE', url, { key }),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([200, 403, 403, 403]);
  }
});

test('departments of another organization do not exist, as a parent neither', async () => {
  const app = await start();
  const { a, d } = await tree(app);
  const { key } = await app.secondOrganization();
  const own = await app.request('POST', '/v1/departments', { key, body: { name: 'Own' } });
  const url = `/v1/departments/${a.id}`;

  const statuses = [
    await app.request('GET', url, { key }),
    await app.request('PATCH', url, { key, body: { name: 'X' } }),
    await app.request('DELETE', url, { key }),
    await app.request('POST', '/v1/departments', { key, body: { name: 'X', parentId: d.id } }),
    await app.request('PATCH', `/v1/departments/${own.json().id}`, {
      key,
      body: { parentId: d.id },
    }),
  ].map(({ statusCode }) => statusCode);

  expect(statuses).toEqual([404, 404, 404, 400, 400]);
});

test.each([
  ['no name', {}],
  ['an empty name', { name: '  ' }],
  ['a name that is too long', { name: 'x'.repeat(201) }],
  ['a parent that is no id', { name: 'X', parentId: 'top' }],
  ['an organization', { name: 'X', org_id: newId() }],
  ['a path of its own', { name: 'X', path: [] }],
])('a department with %s is refused', async (_what, body) => {
  const { request } = await start();

  expect((await request('POST', '/v1/departments', { body })).statusCode).toBe(400);
});
