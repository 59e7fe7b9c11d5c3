import { newId } from '@docent/core/ids';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';
import { ERROR, GROUP, PATCH } from './vocabulary.ts';

const fileDb = fileDatabase();

function start(): Promise<TestApp> {
  return testApp({
    database: fileDb(),
    plugins: (app, database) => app.register(directoryService, { database }),
  });
}

const group = (displayName: string, members: string[] = []) => ({
  schemas: [GROUP],
  displayName,
  externalId: `ext-${displayName}`,
  members: members.map((value) => ({ value })),
});
const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations });

async function people(app: TestApp, count: number): Promise<string[]> {
  const ids = [];
  for (let n = 0; n < count; n++) ids.push((await app.person('learner')).principal.userId);
  return ids;
}

async function membersOf({ request }: TestApp, id: string): Promise<string[]> {
  const { members } = (await request('GET', `/scim/v2/Groups/${id}`)).json();
  return members.map(({ value }: { value: string }) => value);
}

test('a group is a department, and its members are the people of it', async () => {
  const app = await start();
  const [ada = '', bob = ''] = await people(app, 2);

  const response = await app.request('POST', '/scim/v2/Groups', { body: group('Support', [ada]) });

  const { id, meta } = response.json();
  expect(response.statusCode, response.body).toBe(201);
  expect(response.json()).toMatchObject({
    schemas: [GROUP],
    displayName: 'Support',
    externalId: 'ext-Support',
    members: [{ value: ada, type: 'User' }],
  });
  expect(response.headers.location).toBe(meta.location);
  const person = (await app.request('GET', `/v1/users/${ada}`)).json();
  expect(person.department).toEqual({ id, name: 'Support' });
  expect((await app.request('GET', `/v1/departments/${id}`)).json()).toMatchObject({
    name: 'Support',
    parentId: null,
  });
  expect(await membersOf(app, id)).not.toContain(bob);
});

test('members are added and removed in all the ways that are sent; adding somebody moves them', async () => {
  const app = await start();
  const [ada = '', bob = '', cem = ''] = await people(app, 3);
  const first = (
    await app.request('POST', '/scim/v2/Groups', { body: group('One', [ada]) })
  ).json();
  const other = (
    await app.request('POST', '/scim/v2/Groups', { body: group('Two', [cem]) })
  ).json();
  const url = `/scim/v2/Groups/${first.id}`;
  const change = async (...operations: object[]) => {
    const response = await app.request('PATCH', url, { body: patch(...operations) });
    expect(response.statusCode, response.body).toBe(200);
    return (await membersOf(app, first.id)).sort();
  };

  const added = await change({
    op: 'Add',
    path: 'members',
    value: [{ value: bob }, { value: cem }],
  });
  const byValue = await change({ op: 'Remove', path: 'members', value: [{ value: ada }] });
  const byPath = await change({ op: 'remove', path: `members[value eq "${bob}"]` });
  const replaced = await change({ op: 'replace', path: 'members', value: [{ value: bob }] });
  const named = await change({ op: 'replace', value: { id: first.id, displayName: 'Renamed' } });
  const cleared = await change({ op: 'remove', path: 'members' });

  expect(added).toEqual([ada, bob, cem].sort());
  expect(await membersOf(app, other.id)).toEqual([]);
  expect(byValue).toEqual([bob, cem].sort());
  expect(byPath).toEqual([cem]);
  expect(replaced).toEqual([bob]);
  expect(named).toEqual([bob]);
  expect(cleared).toEqual([]);
  expect((await app.request('GET', `/v1/departments/${first.id}`)).json().name).toBe('Renamed');
});

test('groups are found by name, external id and member, without their members when these are not wanted', async () => {
  const app = await start();
  const [ada = ''] = await people(app, 1);
  const made = (
    await app.request('POST', '/scim/v2/Groups', { body: group('Legal', [ada]) })
  ).json();
  const find = async (filter: string, more = '') =>
    (
      await app.request('GET', `/scim/v2/Groups?filter=${encodeURIComponent(filter)}${more}`)
    ).json();

  const byName = await find('displayName eq "LEGAL"', '&excludedAttributes=members');
  const byExternal = await find('externalId eq "ext-Legal"');
  const byMember = await find(`members eq "${ada}"`);
  const byPath = await find(`members[value eq "${ada}"] and id eq "${made.id}"`);
  const nothing = await find(`members.value eq "${newId()}"`);

  expect(byName).toMatchObject({ totalResults: 1, Resources: [{ id: made.id }] });
  expect(byName.Resources[0]).not.toHaveProperty('members');
  expect(byExternal.Resources[0].members).toHaveLength(1);
  expect([byMember.totalResults, byPath.totalResults, nothing.totalResults]).toEqual([1, 1, 0]);
});

test('PUT replaces name and members', async () => {
  const app = await start();
  const [ada = '', bob = ''] = await people(app, 2);
  const { id } = (
    await app.request('POST', '/scim/v2/Groups', { body: group('Old', [ada]) })
  ).json();

  const response = await app.request('PUT', `/scim/v2/Groups/${id}`, { body: group('New', [bob]) });

  expect(response.json()).toMatchObject({ displayName: 'New', members: [{ value: bob }] });
});

test('a deleted group leaves its people without a department; one with departments below stays', async () => {
  const app = await start();
  const [ada = ''] = await people(app, 1);
  const { id } = (
    await app.request('POST', '/scim/v2/Groups', { body: group('Gone', [ada]) })
  ).json();
  const parent = (await app.request('POST', '/scim/v2/Groups', { body: group('Above') })).json();
  await app.request('POST', '/v1/departments', { body: { name: 'Below', parentId: parent.id } });

  const deleted = await app.request('DELETE', `/scim/v2/Groups/${id}`);
  const again = await app.request('DELETE', `/scim/v2/Groups/${id}`);
  const kept = await app.request('DELETE', `/scim/v2/Groups/${parent.id}`);

  expect([deleted.statusCode, again.statusCode, kept.statusCode]).toEqual([204, 404, 409]);
  expect((await app.request('GET', `/v1/users/${ada}`)).json().department).toBeNull();
});

test.each([
  ['no name', { members: [] }, 400],
  ['a member who is not there', group('X', [newId()]), 400],
  ['a member that is no id', group('X', ['nobody']), 400],
  ['an unknown attribute', { ...group('X'), colour: 'red' }, 400],
])('a group with %s is refused', async (_what, body, status) => {
  const app = await start();

  const response = await app.request('POST', '/scim/v2/Groups', { body });

  expect(response.statusCode).toBe(status);
  expect(response.json().schemas).toEqual([ERROR]);
});

test('a name that is taken is not unique', async () => {
  const app = await start();
  await app.request('POST', '/scim/v2/Groups', { body: group('Twice') });

  const response = await app.request('POST', '/scim/v2/Groups', { body: group('Twice') });

  expect(response.statusCode).toBe(409);
  expect(response.json().scimType).toBe('uniqueness');
});

test('a member of another organization is nobody', async () => {
  const app = await start();
  const stranger = await app.secondOrganization();
  const { id } = (await app.request('POST', '/scim/v2/Groups', { body: group('Ours') })).json();

  const add = await app.request('PATCH', `/scim/v2/Groups/${id}`, {
    body: patch({ op: 'add', path: 'members', value: [{ value: stranger.principal.userId }] }),
  });
  const theirs = await app.request('GET', `/scim/v2/Groups/${id}`, { key: stranger.key });

  expect([add.statusCode, theirs.statusCode]).toEqual([400, 404]);
});

test('the service tells what it supports, its types and its schemas', async () => {
  const { request } = await start();

  const config = (await request('GET', '/scim/v2/ServiceProviderConfig')).json();
  const types = (await request('GET', '/scim/v2/ResourceTypes')).json();
  const schemas = (await request('GET', '/scim/v2/Schemas')).json();
  const one = await request('GET', `/scim/v2/Schemas/${GROUP}`);
  const type = await request('GET', '/scim/v2/ResourceTypes/User');
  const none = await request('GET', '/scim/v2/ResourceTypes/Shoe');

  expect(config).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 200 },
    bulk: { supported: false },
    etag: { supported: true },
  });
  expect(types.Resources.map(({ id }: { id: string }) => id)).toEqual(['User', 'Group']);
  expect(schemas.totalResults).toBe(3);
  expect(one.json().id).toBe(GROUP);
  expect([type.statusCode, none.statusCode]).toEqual([200, 404]);
});
