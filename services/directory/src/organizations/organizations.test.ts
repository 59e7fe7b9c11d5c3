import { newId } from '@docent/core/ids';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';
import { limitOrganization } from './limitOrganization.ts';

const fileDb = fileDatabase();

function start(): Promise<TestApp> {
  return testApp({
    database: fileDb(),
    plugins: (app, database) => app.register(directoryService, { database }),
  });
}

const admin = { email: 'first@child.example', name: 'First Admin' };

async function child(
  { request }: TestApp,
  options: { key?: string; name?: string; body?: object } = {},
) {
  const { key, name = 'Branch', body = {} } = options;
  const response = await request('POST', '/v1/organizations', {
    body: { name, admin, ...body },
    ...(key === undefined ? {} : { key }),
  });
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

test('a child organization has an administrator whose key works, and limits of its own', async () => {
  const app = await start();

  const made = await child(app, { body: { limits: { maxUsers: 2 }, status: 'trial' } });

  expect(made.organization).toMatchObject({
    name: 'Branch',
    parentId: app.principal.orgId,
    path: [app.principal.orgId],
    depth: 1,
    status: 'trial',
    limits: { maxUsers: 2, maxStorageBytes: null, maxTokensPerMonth: null },
  });
  const me = await app.request('GET', '/v1/me', { key: made.apiKey.token });
  expect(me.json()).toMatchObject({ role: 'admin', organization: { id: made.organization.id } });
});

test('an administrator sees the own organization and all below it, and nothing above or beside it', async () => {
  const app = await start();
  const branch = await child(app, { name: 'Branch' });
  const office = await child(app, { name: 'Office', key: branch.apiKey.token });
  const stranger = await app.secondOrganization();

  const own = (await app.request('GET', '/v1/organizations')).json();
  const fromBranch = await app.request('GET', '/v1/organizations', { key: branch.apiKey.token });
  const up = await app.request('GET', `/v1/organizations/${app.principal.orgId}`, {
    key: branch.apiKey.token,
  });
  const beside = await app.request('GET', `/v1/organizations/${branch.organization.id}`, {
    key: stranger.key,
  });
  const nothing = await app.request('GET', `/v1/organizations/${newId()}`, { key: stranger.key });

  expect(own.items.map(({ name }: { name: string }) => name)).toEqual([
    'Branch',
    'First organization',
    'Office',
  ]);
  expect(own.items[2]).toMatchObject({
    id: office.organization.id,
    path: [app.principal.orgId, branch.organization.id],
  });
  expect(fromBranch.json().items).toHaveLength(2);
  expect([up.statusCode, beside.statusCode, nothing.statusCode]).toEqual([404, 404, 404]);
});

test('a list of organizations is paged, filtered and searched', async () => {
  const app = await start();
  for (const name of ['Alpha', 'beta', 'Gamma']) await child(app, { name });
  await child(app, { name: 'Delta 100%', body: { status: 'suspended' } });

  const first = (await app.request('GET', '/v1/organizations?limit=2')).json();
  const second = (
    await app.request('GET', `/v1/organizations?limit=2&cursor=${first.nextCursor}`)
  ).json();
  const suspended = (await app.request('GET', '/v1/organizations?status=suspended')).json();
  const found = (
    await app.request('GET', `/v1/organizations?q=${encodeURIComponent('0%')}`)
  ).json();
  const wrong = await app.request('GET', '/v1/organizations?cursor=nonsense');

  const names = (page: { items: { name: string }[] }) => page.items.map(({ name }) => name);
  expect([...names(first), ...names(second)]).toEqual([
    'Alpha',
    'beta',
    'Delta 100%',
    'First organization',
  ]);
  expect(names(suspended)).toEqual(['Delta 100%']);
  expect(names(found)).toEqual(['Delta 100%']);
  expect(wrong.statusCode).toBe(400);
});

test('people who are not administrators read the name and the branding of their own organization only', async () => {
  const app = await start();
  const branch = await child(app);
  const { key } = await app.person('hr_manager');

  const list = (await app.request('GET', '/v1/organizations', { key })).json();
  const below = await app.request('GET', `/v1/organizations/${branch.organization.id}`, { key });
  const change = await app.request('PATCH', `/v1/organizations/${app.principal.orgId}`, {
    key,
    body: { name: 'Mine' },
  });

  expect(list.items).toEqual([
    {
      id: app.principal.orgId,
      name: 'First organization',
      parentId: null,
      path: [],
      depth: 0,
      branding: {},
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    },
  ]);
  expect(below.statusCode).toBe(404);
  expect(change.statusCode).toBe(403);
});

test('settings and branding are replaced as named, and only in the state that was read', async () => {
  const app = await start();
  const url = `/v1/organizations/${app.principal.orgId}`;
  const { etag } = (await app.request('GET', url)).headers;

  const changed = await app.request('PATCH', url, {
    body: { settings: { language: 'hu' }, branding: { colour: '#123456' } },
    headers: { 'if-match': String(etag) },
  });
  const late = await app.request('PATCH', url, {
    body: { name: 'Too late' },
    headers: { 'if-match': String(etag) },
  });

  expect(changed.json()).toMatchObject({
    name: 'First organization',
    settings: { language: 'hu' },
    branding: { colour: '#123456' },
  });
  expect(changed.headers.etag).toBe((await app.request('GET', url)).headers.etag);
  expect(late.statusCode).toBe(412);
});

test('nobody lifts their own limits or ends their own suspension; an organization above does', async () => {
  const app = await start();
  const branch = await child(app);
  const url = `/v1/organizations/${branch.organization.id}`;
  const { token } = branch.apiKey;

  const own = await app.request('PATCH', url, { key: token, body: { limits: { maxUsers: 99 } } });
  const status = await app.request('PATCH', url, { key: token, body: { status: 'trial' } });
  const above = await app.request('PATCH', url, {
    body: { limits: { maxUsers: 5 }, status: 'trial', name: 'Renamed' },
  });

  expect([own.statusCode, status.statusCode]).toEqual([403, 403]);
  expect(above.json()).toMatchObject({ name: 'Renamed', status: 'trial', limits: { maxUsers: 5 } });
});

test('people of a suspended organization cannot sign in, and can again when it is active', async () => {
  const app = await start();
  const branch = await child(app);
  const url = `/v1/organizations/${branch.organization.id}`;
  const key = branch.apiKey.token;

  await app.request('PATCH', url, { body: { status: 'suspended' } });
  const refused = await app.request('GET', '/v1/me', { key });
  await app.request('PATCH', url, { body: { status: 'active' } });
  // Another process: this one may remember for 5 seconds that the key was refused.
  const again = await (await start()).request('GET', '/v1/me', { key });

  expect([refused.statusCode, again.statusCode]).toEqual([401, 200]);
});

test('a request that is sent again with its Idempotency-Key makes no second organization', async () => {
  const app = await start();
  const request = { body: { name: 'Once', admin }, headers: { 'idempotency-key': 'key-1' } };

  const first = await app.request('POST', '/v1/organizations', request);
  const again = await app.request('POST', '/v1/organizations', request);

  expect([first.statusCode, again.statusCode]).toEqual([201, 409]);
  expect(again.json()).toMatchObject({ code: 'conflict', id: first.json().organization.id });
  expect((await app.request('GET', '/v1/organizations?q=Once')).json().items).toHaveLength(1);
});

test.each([
  ['an unknown field', { name: 'X', admin, orgId: newId() }],
  ['no administrator', { name: 'X' }],
  ['a wrong address', { name: 'X', admin: { ...admin, email: 'nobody' } }],
  ['a limit of nobody', { name: 'X', admin, limits: { maxUsers: 0 } }],
  ['an unknown status', { name: 'X', admin, status: 'gone' }],
  ['settings that are too large', { name: 'X', admin, settings: { a: 'x'.repeat(40_000) } }],
])('%s is refused', async (_what, body) => {
  const app = await start();

  const response = await app.request('POST', '/v1/organizations', { body });

  expect(response.statusCode).toBe(400);
});

test('an organization is added below the own one only', async () => {
  const app = await start();
  const branch = await child(app);
  const stranger = await app.secondOrganization();
  const post = (key: string, parentId: string) =>
    app.request('POST', '/v1/organizations', { key, body: { name: 'X', admin, parentId } });

  const elsewhere = await post(app.key, stranger.principal.orgId);
  const above = await post(branch.apiKey.token, app.principal.orgId);
  const deeper = await post(app.key, branch.organization.id);

  expect([elsewhere.statusCode, above.statusCode]).toEqual([404, 404]);
  expect(deeper.json().organization.depth).toBe(2);
});

test('who runs the installation sets status and limits; what is not named stays', async () => {
  const app = await start();
  const { orgId } = app.principal;
  const nothing = { status: undefined, maxStorageBytes: undefined, maxTokensPerMonth: undefined };

  await limitOrganization(app.database, orgId, { ...nothing, maxUsers: 7, status: 'trial' });
  await limitOrganization(app.database, orgId, {
    ...nothing,
    maxUsers: undefined,
    maxStorageBytes: 9,
  });

  const { status, limits } = (await app.request('GET', `/v1/organizations/${orgId}`)).json();
  expect({ status, limits }).toEqual({
    status: 'trial',
    limits: { maxUsers: 7, maxStorageBytes: 9, maxTokensPerMonth: null },
  });
  await expect(
    limitOrganization(app.database, newId(), { ...nothing, maxUsers: 1 }),
  ).rejects.toMatchObject({ code: 'not_found' });
});
