import { newId } from '@docent/core/ids';
import { run, sql } from '@docent/database/sql';
import { type Caller, type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const fileDb = fileDatabase();

interface Directory extends TestApp {
  /** Another process: this one may remember for 5 seconds who a key speaks for. */
  fresh(): Promise<TestApp>;
}

async function start(): Promise<Directory> {
  const fresh = () =>
    testApp({
      database: fileDb(),
      plugins: (app, database) => app.register(directoryService, { database }),
    });
  return { ...(await fresh()), fresh };
}

let count = 0;
async function person({ request }: TestApp, body: object = {}) {
  count += 1;
  const response = await request('POST', '/v1/users', {
    body: { email: `p${count}@people.example`, name: `Person ${count}`, ...body },
  });
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

async function department({ request }: TestApp, name: string, parentId: string | null = null) {
  return (await request('POST', '/v1/departments', { body: { name, parentId } })).json().id;
}

async function put(app: TestApp, { principal }: Caller, departmentId: string): Promise<void> {
  const url = `/v1/users/${principal.userId}`;
  const response = await app.request('PATCH', url, { body: { departmentId } });
  expect(response.statusCode, response.body).toBe(200);
}

test('people are read by their ids, those that there are', async () => {
  const app = await start();
  const [one, , three] = [await person(app), await person(app), await person(app)];

  const found = await app.request('GET', `/v1/users?ids=${three.id},${newId()},${one.id}`);
  const wrong = await app.request('GET', '/v1/users?ids=one,two');

  expect(found.json().items.map(({ id }: { id: string }) => id)).toEqual([one.id, three.id]);
  expect(wrong.statusCode).toBe(400);
});

test('a person is added with everything that an administrator says', async () => {
  const app = await start();
  const research = await department(app, 'Research');
  const boss = await person(app, { name: 'Boss' });

  const response = await app.request('POST', '/v1/users', {
    body: {
      email: 'Ada@People.example',
      name: 'Ada Lovelace',
      givenName: 'Ada',
      role: 'trainer',
      departmentId: research,
      jobTitle: 'Analyst',
      externalId: 'hr-1',
      managerId: boss.id,
      visibility: 'department',
      learningProfile: { goals: ['analysis'] },
      preferences: { language: 'en' },
    },
  });

  expect(response.statusCode).toBe(201);
  expect(response.headers.location).toBe(`/v1/users/${response.json().id}`);
  expect(response.json()).toMatchObject({
    email: 'Ada@People.example',
    name: 'Ada Lovelace',
    givenName: 'Ada',
    familyName: null,
    role: 'trainer',
    status: 'active',
    department: { id: research, name: 'Research' },
    jobTitle: 'Analyst',
    externalId: 'hr-1',
    manager: { id: boss.id, name: 'Boss' },
    visibility: 'department',
    learningProfile: { goals: ['analysis'] },
    preferences: { language: 'en' },
  });
});

test('a learner reads name, title and department of colleagues and everything of themselves', async () => {
  const app = await start();
  const me = await app.person('learner');
  const other = await person(app, { jobTitle: 'Cook' });

  const colleague = await app.request('GET', `/v1/users/${other.id}`, { key: me.key });
  const self = await app.request('GET', `/v1/users/${me.principal.userId}`, { key: me.key });

  expect(colleague.json()).toEqual({
    id: other.id,
    name: other.name,
    jobTitle: 'Cook',
    department: null,
  });
  expect(self.json()).toMatchObject({ role: 'learner', status: 'active', preferences: {} });
});

test('who is hidden, of another department or deactivated does not exist for colleagues', async () => {
  const app = await start();
  const kitchen = await department(app, 'Kitchen');
  const cook = await app.person('learner');
  const waiter = await app.person('learner');
  await put(app, cook, kitchen);
  const hidden = await person(app, { visibility: 'hidden', departmentId: kitchen });
  const mate = await person(app, { visibility: 'department', departmentId: kitchen });
  const left = await person(app, { status: 'deactivated', departmentId: kitchen });
  const statuses = async (key: string) =>
    Promise.all(
      [hidden, mate, left].map(
        async ({ id }) => (await app.request('GET', `/v1/users/${id}`, { key })).statusCode,
      ),
    );

  expect(await statuses(cook.key)).toEqual([404, 200, 404]);
  expect(await statuses(waiter.key)).toEqual([404, 404, 404]);
  expect(await statuses(app.key)).toEqual([200, 200, 200]);
});

test('an HR manager reads everything of the own departments and those below, not of others', async () => {
  const app = await start();
  const operations = await department(app, 'Operations');
  const engineering = await department(app, 'Engineering', operations);
  const manager = await app.person('hr_manager');
  await put(app, manager, operations);
  const below = await person(app, { departmentId: engineering, visibility: 'hidden' });
  const beside = await person(app, { departmentId: await department(app, 'Sales') });

  const inside = await app.request('GET', `/v1/users/${below.id}`, { key: manager.key });
  const outside = await app.request('GET', `/v1/users/${beside.id}`, { key: manager.key });

  expect(inside.json()).toMatchObject({ email: below.email, visibility: 'hidden' });
  expect(outside.json()).not.toHaveProperty('email');
});

test('a list is by name, in pages, filtered by role, status and department with those below it', async () => {
  const app = await start();
  const top = await department(app, 'Top');
  const below = await department(app, 'Below', top);
  await person(app, { name: 'anna', departmentId: top });
  await person(app, { name: 'Bela', departmentId: below, role: 'trainer' });
  const cili = await person(app, { name: 'cili', departmentId: below, status: 'deactivated' });
  await person(app, { name: 'Dora', managerId: cili.id, externalId: 'ext-dora' });
  const names = async (query: string) =>
    (await app.request('GET', `/v1/users?${query}`))
      .json()
      .items.map(({ name }: { name: string }) => name);

  const first = (await app.request('GET', '/v1/users?limit=3')).json();
  const rest = (await app.request('GET', `/v1/users?limit=3&cursor=${first.nextCursor}`)).json();

  expect(first.items.map(({ name }: { name: string }) => name)).toEqual(['Admin', 'anna', 'Bela']);
  expect(rest).toMatchObject({ items: [{ name: 'cili' }, { name: 'Dora' }], nextCursor: null });
  expect(await names(`department=${top}`)).toEqual(['anna', 'Bela', 'cili']);
  expect(await names(`department=${top}&subtree=false`)).toEqual(['anna']);
  expect(await names('role=trainer')).toEqual(['Bela']);
  expect(await names('status=deactivated')).toEqual(['cili']);
  expect(await names(`manager=${cili.id}`)).toEqual(['Dora']);
  expect(await names('externalId=ext-dora')).toEqual(['Dora']);
});

test('a search finds parts of names, and of e-mail addresses only for those who may read them', async () => {
  const app = await start();
  const { key } = await app.person('learner');
  await person(app, { name: 'Zoltan', email: 'secret-address@people.example' });
  const found = async (q: string, caller: string) =>
    (await app.request('GET', `/v1/users?q=${encodeURIComponent(q)}`, { key: caller })).json().items
      .length;

  expect(await found('OLTA', key)).toBe(1);
  expect(await found('secret-address', app.key)).toBe(1);
  expect(await found('secret-address', key)).toBe(0);
  expect(await found('%', app.key)).toBe(0);
});

test('what a learner may not read of others does not filter them either', async () => {
  const app = await start();
  const { key } = await app.person('learner');
  await person(app, { role: 'trainer', externalId: 'x-1' });

  const byRole = await app.request('GET', '/v1/users?role=trainer', { key });
  const byExternal = await app.request('GET', '/v1/users?externalId=x-1', { key });

  expect([byRole.json().items, byExternal.json().items]).toEqual([[], []]);
});

test('a change keeps what it does not name, and is made only to the state that was read', async () => {
  const app = await start();
  const before = await person(app, { jobTitle: 'Cook', externalId: 'e-1' });
  const url = `/v1/users/${before.id}`;
  const headers = { 'if-match': String((await app.request('GET', url)).headers.etag) };

  const changed = await app.request('PATCH', url, { body: { jobTitle: null }, headers });
  const late = await app.request('PATCH', url, { body: { jobTitle: 'Chef' }, headers });
  const lateDelete = await app.request('DELETE', url, { headers });

  expect(changed.json()).toMatchObject({ jobTitle: null, externalId: 'e-1', name: before.name });
  expect([late.statusCode, lateDelete.statusCode]).toEqual([412, 412]);
});

test('a deactivated person cannot sign in; one who is active again can', async () => {
  const app = await start();
  const { key, principal } = await app.person('learner');
  const url = `/v1/users/${principal.userId}`;

  await app.request('PATCH', url, { body: { status: 'deactivated' } });
  const refused = await app.request('GET', '/v1/me', { key });
  await app.request('PATCH', url, { body: { status: 'active' } });
  const again = await (await app.fresh()).request('GET', '/v1/me', { key });

  expect([refused.statusCode, again.statusCode]).toEqual([401, 200]);
});

test('a deleted person is gone, cannot sign in, and leaves the e-mail address free', async () => {
  const app = await start();
  const victim = await app.person('learner');
  const url = `/v1/users/${victim.principal.userId}`;
  const { email } = (await app.request('GET', url)).json();

  const deleted = await app.request('DELETE', url);

  expect(deleted.statusCode).toBe(204);
  expect((await app.request('GET', '/v1/me', { key: victim.key })).statusCode).toBe(401);
  for (const method of ['GET', 'DELETE'] as const) {
    expect((await app.request(method, url)).statusCode).toBe(404);
  }
  expect((await app.request('PATCH', url, { body: { name: 'X' } })).statusCode).toBe(404);
  expect((await person(app, { email })).id).not.toBe(victim.principal.userId);
});

test('addresses, user names and external ids are one person’s, whatever their letters', async () => {
  const app = await start();
  const one = await person(app, { externalId: 'same', userName: 'first' });
  const post = (body: object) =>
    app.request('POST', '/v1/users', { body: { name: 'X', email: 'x@people.example', ...body } });

  const results = [
    await post({ email: one.email.toUpperCase() }),
    await post({ externalId: 'same' }),
    await post({ userName: 'FIRST' }),
  ];

  for (const result of results) {
    expect(result.statusCode).toBe(409);
    expect(result.json().detail).toMatch(/^Another person has this/);
  }
});

test('the last active administrator is neither demoted nor deactivated nor deleted', async () => {
  const app = await start();
  const url = `/v1/users/${app.principal.userId}`;

  const refused = [
    await app.request('PATCH', url, { body: { role: 'learner' } }),
    await app.request('PATCH', url, { body: { status: 'deactivated' } }),
    await app.request('DELETE', url),
  ];
  const second = await app.person('admin');
  const allowed = await app.request('PATCH', url, { body: { role: 'learner' }, key: second.key });

  for (const response of refused) {
    expect(response.statusCode).toBe(409);
    expect(response.json().detail).toMatch(/last active administrator/);
  }
  expect(allowed.statusCode).toBe(200);
});

test('an organization has at most as many active people as its plan allows', async () => {
  const app = await start();
  const made = await app.request('POST', '/v1/organizations', {
    body: {
      name: 'Small',
      admin: { email: 'a@small.example', name: 'A' },
      limits: { maxUsers: 2 },
    },
  });
  const key = made.json().apiKey.token;
  const post = (email: string) =>
    app.request('POST', '/v1/users', { key, body: { email, name: 'X' } });

  const second = await post('b@small.example');
  const third = await post('c@small.example');
  const url = `/v1/users/${second.json().id}`;
  await app.request('PATCH', url, { key, body: { status: 'deactivated' } });
  const instead = await post('c@small.example');
  const back = await app.request('PATCH', url, { key, body: { status: 'active' } });

  expect([second.statusCode, third.statusCode, instead.statusCode]).toEqual([201, 409, 201]);
  expect(third.json().detail).toMatch(/as many active people/);
  expect(back.statusCode).toBe(409);
});

test('people change their own preferences, profile and visibility, and nothing else', async () => {
  const app = await start();
  const { key, principal } = await app.person('learner');
  const patch = (body: object) => app.request('PATCH', '/v1/me', { key, body });

  const changed = await patch({
    preferences: { language: 'hu' },
    learningProfile: { pace: 'slow' },
    visibility: 'hidden',
  });
  const promoted = await patch({ role: 'admin' });
  const through = await app.request('PATCH', `/v1/users/${principal.userId}`, {
    key,
    body: { jobTitle: 'King' },
  });

  expect(changed.json()).toMatchObject({
    preferences: { language: 'hu' },
    learningProfile: { pace: 'slow' },
    visibility: 'hidden',
    role: 'learner',
  });
  expect([promoted.statusCode, through.statusCode]).toEqual([400, 403]);
});

test('only administrators add, change and delete people', async () => {
  const app = await start();
  const victim = await person(app);
  const url = `/v1/users/${victim.id}`;

  for (const role of ['learner', 'trainer', 'hr_manager'] as const) {
    const { key } = await app.person(role);
    const statuses = [
      await app.request('POST', '/v1/users', { key, body: { email: 'x@x.example', name: 'X' } }),
      await app.request('PATCH', url, { key, body: { name: 'X' } }),
      await app.request('DELETE', url, { key }),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([403, 403, 403]);
  }
});

test('people, departments and managers of another organization do not exist', async () => {
  const app = await start();
  const victim = await person(app);
  const foreign = await department(app, 'Foreign');
  const { key } = await app.secondOrganization();
  const url = `/v1/users/${victim.id}`;
  const post = (body: object) =>
    app.request('POST', '/v1/users', { key, body: { email: 'x@x.example', name: 'X', ...body } });

  const statuses = [
    await app.request('GET', url, { key }),
    await app.request('PATCH', url, { key, body: { name: 'X' } }),
    await app.request('DELETE', url, { key }),
    await post({ departmentId: foreign }),
    await post({ managerId: victim.id }),
  ].map(({ statusCode }) => statusCode);

  expect(statuses).toEqual([404, 404, 404, 400, 400]);
});

test('a creation that is sent again with its Idempotency-Key adds nobody', async () => {
  const app = await start();
  const request = {
    body: { email: 'once@people.example', name: 'Once' },
    headers: { 'idempotency-key': 'u-1' },
  };

  const first = await app.request('POST', '/v1/users', request);
  const again = await app.request('POST', '/v1/users', request);

  expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
  expect(again.json()).toEqual(first.json());
});

test.each([
  ['no name', { email: 'x@x.example' }],
  ['an address that is none', { email: 'x', name: 'X' }],
  ['an unknown role', { email: 'x@x.example', name: 'X', role: 'worker' }],
  ['a name that is a number', { email: 'x@x.example', name: 7 }],
  ['a title that is too long', { email: 'x@x.example', name: 'X', jobTitle: 'x'.repeat(201) }],
  ['an organization', { email: 'x@x.example', name: 'X', org_id: newId() }],
  ['an id of its own', { email: 'x@x.example', name: 'X', id: newId() }],
  [
    'a profile that is too large',
    { email: 'x@x.example', name: 'X', learningProfile: { a: 'x'.repeat(33_000) } },
  ],
])('a person with %s is refused', async (_what, body) => {
  const { request } = await start();

  expect((await request('POST', '/v1/users', { body })).statusCode).toBe(400);
});

test('a body that is too large is refused', async () => {
  const { request } = await start();
  const body = { email: 'x@x.example', name: 'x'.repeat(2_000_000) };

  expect((await request('POST', '/v1/users', { body })).statusCode).toBe(413);
});

test('nobody is their own manager', async () => {
  const app = await start();
  const { id } = await person(app);

  const response = await app.request('PATCH', `/v1/users/${id}`, { body: { managerId: id } });

  expect(response.statusCode).toBe(409);
});

test('the database itself refuses to lose the last administrator, also to somebody who goes around the service', async () => {
  const app = await start();

  const work = app.database.withPrincipal(app.principal, (tx) =>
    run(tx, sql`update docent.users set role = 'learner' where org_id = ${app.principal.orgId}`),
  );

  await expect(work).rejects.toMatchObject({
    code: 'conflict',
    details: { constraint: 'users_last_administrator' },
  });
});
