import { newId } from '@docent/core/ids';
import { run, sql } from '@docent/database/sql';
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

async function department({ request }: TestApp, name: string): Promise<string> {
  return (await request('POST', '/v1/departments', { body: { name } })).json().id;
}

async function person({ request }: TestApp, email: string, more: object = {}): Promise<string> {
  const body = { email, name: email, ...more };
  return (await request('POST', '/v1/users', { body })).json().id;
}

const grant = (app: TestApp, userId: string, body: object, key = app.key) =>
  app.request('POST', `/v1/users/${userId}/grants`, { key, body });

test('a granted right counts: who may read people of the organization reads all of them', async () => {
  const app = await start();
  const reader = await app.person('trainer');
  const other = await person(app, 'hidden@grants.example', { visibility: 'hidden' });

  const made = await grant(app, reader.principal.userId, {
    scope: 'directory:read',
    extent: 'organization',
    reason: 'audit of the training plan',
  });
  const seen = await app.request('GET', `/v1/users/${other}`, { key: reader.key });

  expect(made.statusCode).toBe(201);
  expect(made.json()).toMatchObject({
    userId: reader.principal.userId,
    scope: 'directory:read',
    extent: 'organization',
    reason: 'audit of the training plan',
    grantedBy: app.principal.userId,
    expiresAt: null,
    revokedAt: null,
    inForce: true,
  });
  expect(seen.json()).toMatchObject({ email: 'hidden@grants.example' });
});

test('a right to change people of the own department ends at the department, at roles and at administrators', async () => {
  const app = await start();
  const kitchen = await department(app, 'Kitchen');
  const chef = await app.person('trainer');
  const url = (id: string) => `/v1/users/${id}`;
  await app.request('PATCH', url(chef.principal.userId), { body: { departmentId: kitchen } });
  await grant(app, chef.principal.userId, { scope: 'directory:write', extent: 'department' });
  const cook = await person(app, 'cook@grants.example', { departmentId: kitchen });
  const waiter = await person(app, 'waiter@grants.example');
  const admin = await person(app, 'boss@grants.example', { departmentId: kitchen, role: 'admin' });
  const { key } = chef;
  const patch = (id: string, body: object) => app.request('PATCH', url(id), { key, body });
  const add = (body: object) =>
    app.request('POST', '/v1/users', {
      key,
      body: { email: 'new@grants.example', name: 'N', ...body },
    });

  const allowed = [
    await patch(cook, { jobTitle: 'Sous-chef' }),
    await add({ departmentId: kitchen }),
  ];
  const refused = [
    await patch(waiter, { jobTitle: 'X' }),
    await patch(cook, { departmentId: null }),
    await patch(cook, { role: 'trainer' }),
    await patch(admin, { name: 'X' }),
    await patch(chef.principal.userId, { role: 'admin' }),
    await add({ email: 'n2@grants.example' }),
    await add({ email: 'n3@grants.example', departmentId: kitchen, role: 'admin' }),
    await app.request('POST', '/v1/departments', { key, body: { name: 'X' } }),
    await app.request('POST', '/v1/organizations', {
      key,
      body: { name: 'X', admin: { email: 'x@x.example', name: 'X' } },
    }),
    await grant(app, chef.principal.userId, { scope: 'audit:read', extent: 'organization' }, key),
  ];

  expect(allowed.map(({ statusCode }) => statusCode)).toEqual([200, 201]);
  expect(refused.map(({ statusCode }) => statusCode)).toEqual(refused.map(() => 403));
});

test('a right that has expired or was revoked does not count', async () => {
  const app = await start();
  const reader = await app.person('learner');
  const { userId, orgId } = reader.principal;
  const hidden = await person(app, 'h@grants.example', { visibility: 'hidden' });
  const body = { scope: 'directory:read', extent: 'organization' };
  const status = async () => {
    // Another process: this one may remember the rights of a key for 5 seconds.
    const fresh = await start();
    return (await fresh.request('GET', `/v1/users/${hidden}`, { key: reader.key })).statusCode;
  };

  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const { id } = (await grant(app, userId, { ...body, expiresAt: soon })).json();
  expect(await status()).toBe(200);
  await app.database.withPrincipal(app.principal, (tx) =>
    run(
      tx,
      sql`update docent.grants set expires_at = now() where org_id = ${orgId} and id = ${id}`,
    ),
  );
  expect(await status()).toBe(404);
  const renewed = await grant(app, userId, body);
  expect(await status()).toBe(200);
  const revoked = await app.request('DELETE', `/v1/users/${userId}/grants/${id}`);
  expect(await status()).toBe(404);

  expect([renewed.statusCode, renewed.json().id]).toEqual([200, id]);
  expect(revoked.json()).toMatchObject({ inForce: false, revokedBy: app.principal.userId });
});

test('grants are listed newest first, those that ended only when asked for, one’s own to oneself', async () => {
  const app = await start();
  const owner = await app.person('learner');
  const other = await app.person('learner');
  const { userId } = owner.principal;
  const url = `/v1/users/${userId}/grants`;
  for (const scope of ['search', 'chat', 'analytics:read']) {
    await grant(app, userId, { scope, extent: 'own' });
  }
  const all = (await app.request('GET', url)).json().items;
  await app.request('DELETE', `${url}/${all[0].id}`);

  const standing = (await app.request('GET', url, { key: owner.key })).json();
  const ever = (await app.request('GET', `${url}?inForce=false&limit=2`)).json();
  const rest = (await app.request('GET', `${url}?inForce=false&cursor=${ever.nextCursor}`)).json();
  const stranger = await app.request('GET', url, { key: other.key });

  expect(all.map(({ scope }: { scope: string }) => scope)).toEqual([
    'analytics:read',
    'chat',
    'search',
  ]);
  expect(standing.items).toHaveLength(2);
  expect([ever.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
  expect(stranger.statusCode).toBe(404);
});

test('a key grants no more than it may itself', async () => {
  const app = await start();
  const narrow = await app.person('admin', { scopes: ['directory:write'] });
  const { userId } = (await app.person('learner')).principal;

  const more = await grant(app, userId, { scope: 'audit:read', extent: 'own' }, narrow.key);
  const same = await grant(app, userId, { scope: 'directory:write', extent: 'own' }, narrow.key);

  expect([more.statusCode, same.statusCode]).toEqual([403, 201]);
});

test.each([
  ['an unknown scope', { scope: 'everything', extent: 'own' }, 400],
  ['an unknown extent', { scope: 'search', extent: 'world' }, 400],
  [
    'an end in the past',
    { scope: 'search', extent: 'own', expiresAt: '2020-01-01T00:00:00Z' },
    400,
  ],
  ['SCIM', { scope: 'scim', extent: 'organization' }, 400],
  ['another field', { scope: 'search', extent: 'own', grantedBy: newId() }, 400],
])('a grant of %s is refused', async (_what, body, status) => {
  const app = await start();

  expect((await grant(app, app.principal.userId, body)).statusCode).toBe(status);
});

test('only administrators give and take rights, and only of people who are there', async () => {
  const app = await start();
  const { key, principal } = await app.person('hr_manager');
  const stranger = await app.secondOrganization();
  const body = { scope: 'search', extent: 'own' };
  const { id } = (await grant(app, principal.userId, body)).json();
  const url = `/v1/users/${principal.userId}/grants/${id}`;

  const statuses = [
    await grant(app, principal.userId, body, key),
    await app.request('DELETE', url, { key }),
    await grant(app, newId(), body),
    await grant(app, principal.userId, body, stranger.key),
    await app.request('DELETE', url, { key: stranger.key }),
    await app.request('DELETE', url),
    await app.request('DELETE', url),
  ].map(({ statusCode }) => statusCode);

  expect(statuses).toEqual([403, 403, 404, 404, 404, 200, 404]);
});
