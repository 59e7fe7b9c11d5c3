import { newId } from '@docent/core/ids';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';
import { ENTERPRISE, ERROR, LIST, PATCH, USER } from './vocabulary.ts';

const fileDb = fileDatabase();

interface Scim extends TestApp {
  scim(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): ReturnType<TestApp['request']>;
}

async function start(): Promise<Scim> {
  const app = await testApp({
    database: fileDb(),
    plugins: (fastify, database) => fastify.register(directoryService, { database }),
  });
  const { key } = await app.person('admin', { scopes: ['scim'] });
  return {
    ...app,
    scim: (method, url, body, headers = {}) =>
      app.request(method, `/scim/v2${url}`, {
        key,
        headers: { 'content-type': 'application/scim+json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** As Entra ID sends a new person. */
const entra = (name: string, more: object = {}) => ({
  schemas: [USER, ENTERPRISE],
  externalId: `entra-${name}`,
  userName: `${name}@corp.example`,
  active: true,
  addresses: null,
  displayName: `The ${name}`,
  emails: [{ type: 'work', value: `${name}@corp.example`, primary: true }],
  meta: { resourceType: 'User' },
  name: { familyName: 'Corp', givenName: name, formatted: `${name} Corp` },
  phoneNumbers: null,
  roles: [],
  title: 'Engineer',
  [ENTERPRISE]: { department: 'Research', employeeNumber: '7' },
  ...more,
});

const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations });

async function added(app: Scim, name: string, more: object = {}) {
  const response = await app.scim('POST', '/Users', entra(name, more));
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

test('a person that Entra ID sends is there with title, department and address', async () => {
  const app = await start();

  const response = await app.scim('POST', '/Users', entra('ada'));

  const user = response.json();
  expect(response.statusCode).toBe(201);
  expect(response.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  expect(response.headers.location).toBe(user.meta.location);
  expect(response.headers.etag).toBe(user.meta.version);
  expect(user).toMatchObject({
    schemas: [USER, ENTERPRISE],
    externalId: 'entra-ada',
    userName: 'ada@corp.example',
    displayName: 'The ada',
    name: { givenName: 'ada', familyName: 'Corp' },
    title: 'Engineer',
    active: true,
    emails: [{ value: 'ada@corp.example', type: 'work', primary: true }],
    roles: [{ value: 'learner', primary: true }],
    groups: [{ display: 'Research', type: 'direct' }],
    [ENTERPRISE]: { department: 'Research' },
    meta: { resourceType: 'User' },
  });
  const person = (await app.request('GET', `/v1/users/${user.id}`)).json();
  expect(person).toMatchObject({
    name: 'The ada',
    jobTitle: 'Engineer',
    externalId: 'entra-ada',
    department: { name: 'Research' },
  });
});

test('the look-up that precedes every creation finds a person by user name whatever its letters, or nobody', async () => {
  const app = await start();
  const { id } = await added(app, 'bob');
  const find = (filter: string) =>
    app.scim('GET', `/Users?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`);

  const found = (await find('userName eq "BOB@corp.example"')).json();
  const nobody = (await find('userName eq "nobody@corp.example"')).json();

  expect(found).toMatchObject({
    schemas: [LIST],
    totalResults: 1,
    startIndex: 1,
    itemsPerPage: 1,
    Resources: [{ id }],
  });
  expect(nobody).toEqual({
    schemas: [LIST],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
});

test.each([
  ['externalId eq "entra-carl"', ['carl']],
  ['externalId eq "ENTRA-CARL"', []],
  ['emails eq "carl@corp.example"', ['carl']],
  ['emails.value eq "dora@corp.example"', ['dora']],
  ['emails[type eq "work"].value eq "dora@corp.example"', ['dora']],
  ['emails[type eq "work" and value eq "dora@corp.example"]', ['dora']],
  ['emails[type eq "home" and value eq "dora@corp.example"]', []],
  ['active eq false', ['dora']],
  ['active eq "False"', ['dora']],
  ['userName sw "c" and title eq "engineer"', ['carl']],
  ['userName sw "carl@" or userName sw "dora@"', ['carl', 'dora']],
  ['(userName sw "carl@" or userName sw "dora@") and not (active eq false)', ['carl']],
  ['name.givenName eq "CARL"', ['carl']],
  ['userName co "%"', []],
  [`${ENTERPRISE}:manager pr`, []],
  [`${USER}:userName ew "RL@CORP.EXAMPLE"`, ['carl']],
  ['externalId pr and meta.lastModified gt "2000-01-01T00:00:00Z"', ['carl', 'dora']],
  ['meta.created lt "2000-01-01T00:00:00Z"', []],
  ['id eq "nonsense"', []],
])('the filter %s finds %j', async (filter, names) => {
  const app = await start();
  await added(app, 'carl');
  await added(app, 'dora', { active: false });

  const response = await app.scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);

  const resources: { name: { givenName: string } }[] = response.json().Resources;
  expect(response.statusCode, response.body).toBe(200);
  expect(resources.map(({ name }) => name.givenName)).toEqual(names);
});

test.each(['userName', 'userName eq', 'shoeSize eq 43', '(', 'active gt true', 'title eq "a" xor'])(
  'the filter %s is refused as one',
  async (filter) => {
    const app = await start();

    const response = await app.scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);

    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      schemas: [ERROR],
      status: '400',
      scimType: 'invalidFilter',
    });
  },
);

test('a list is cut by startIndex and count, counts without results, and shows what is asked for', async () => {
  const app = await start();
  for (const name of ['eva', 'finn', 'gina']) await added(app, name);
  const list = async (query: string) =>
    (await app.scim('GET', `/Users?filter=${encodeURIComponent('externalId pr')}&${query}`)).json();

  const second = await list('startIndex=2&count=1');
  const none = await list('count=0');
  const odd = await list('startIndex=-5&count=-1');
  const few = await list('attributes=userName,name.givenName&count=1');
  const less = await list('excludedAttributes=emails,groups&count=1');

  expect(second).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
  expect(second.Resources[0].name.givenName).toBe('finn');
  expect(none).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
  expect(odd).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 0 });
  expect(Object.keys(few.Resources[0]).sort()).toEqual([
    'id',
    'meta',
    'name',
    'schemas',
    'userName',
  ]);
  expect(less.Resources[0]).not.toHaveProperty('emails');
  expect(less.Resources[0]).toHaveProperty('displayName');
});

test('a person who is there already is refused as not unique', async () => {
  const app = await start();
  await added(app, 'hugo');

  const sameName = await app.scim('POST', '/Users', entra('hugo', { externalId: 'other' }));
  const sameExternal = await app.scim('POST', '/Users', entra('ida', { externalId: 'entra-hugo' }));

  for (const response of [sameName, sameExternal]) {
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      schemas: [ERROR],
      status: '409',
      scimType: 'uniqueness',
    });
  }
});

test.each([
  ['Entra ID', patch({ op: 'Replace', path: 'active', value: 'False' })],
  ['Okta', patch({ op: 'replace', value: { active: false } })],
  ['the standard', patch({ op: 'replace', path: 'active', value: false })],
])('a person whom %s deactivates cannot sign in any more', async (_who, body) => {
  const app = await start();
  const victim = await app.person('learner');
  const url = `/Users/${victim.principal.userId}`;

  const response = await app.scim('PATCH', url, body);
  const refused = await app.request('GET', '/v1/me', { key: victim.key });

  expect(response.json()).toMatchObject({ active: false });
  expect(refused.statusCode).toBe(401);
  await app.scim('PATCH', url, patch({ op: 'Replace', path: 'active', value: 'True' }));
  const status = (await app.request('GET', `/v1/users/${victim.principal.userId}`)).json().status;
  expect(status).toBe('active');
});

test('changes as Entra ID sends them, with paths and filters', async () => {
  const app = await start();
  const boss = await added(app, 'boss');
  const { id } = await added(app, 'jane');

  const response = await app.scim(
    'PATCH',
    `/Users/${id}`,
    patch(
      { op: 'Replace', path: 'displayName', value: 'Jane the Second' },
      { op: 'Add', path: 'name.givenName', value: 'Janet' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'janet@corp.example' },
      { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Sales' },
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: boss.id },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'trainer' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+36 1' },
      { op: 'Remove', path: 'title' },
    ),
  );

  expect(response.statusCode, response.body).toBe(200);
  const user = response.json();
  expect(user).toMatchObject({
    displayName: 'Jane the Second',
    userName: 'jane@corp.example',
    name: { givenName: 'Janet' },
    emails: [{ value: 'janet@corp.example' }],
    roles: [{ value: 'trainer' }],
    [ENTERPRISE]: { department: 'Sales', manager: { value: boss.id, displayName: 'The boss' } },
  });
  expect(user).not.toHaveProperty('title');
});

test('changes without a path: dotted names, the extension as an object, letters as they come', async () => {
  const app = await start();
  const { id } = await added(app, 'kim');

  const response = await app.scim(
    'PATCH',
    `/Users/${id}`,
    patch({
      op: 'Add',
      value: {
        'name.familyName': 'Possible',
        TITLE: 'Lead',
        [`${ENTERPRISE}:department`]: 'First',
        [ENTERPRISE]: { Department: 'Second' },
        emails: [{ value: 'kim@home.example', primary: 'True' }],
      },
    }),
  );

  expect(response.json()).toMatchObject({
    title: 'Lead',
    name: { familyName: 'Possible' },
    emails: [{ value: 'kim@home.example' }],
    [ENTERPRISE]: { department: 'Second' },
  });
});

test('a manager may come later than those who report to them', async () => {
  const app = await start();
  const early = await added(app, 'lea', {
    [ENTERPRISE]: { manager: { value: 'entra-max' } },
  });

  const waiting = (await app.scim('GET', `/Users/${early.id}`)).json();
  const max = await added(app, 'max');
  const settled = (await app.scim('GET', `/Users/${early.id}`)).json();

  expect(waiting[ENTERPRISE].manager).toEqual({ value: 'entra-max' });
  expect(settled[ENTERPRISE].manager).toEqual({ value: max.id, displayName: 'The max' });
});

test('PUT as Okta sends it replaces names and title and keeps what it does not speak of', async () => {
  const app = await start();
  const { id } = await added(app, 'nora', { roles: [{ value: 'trainer', primary: true }] });

  const response = await app.scim('PUT', `/Users/${id}`, {
    schemas: [USER],
    id,
    userName: 'nora@corp.example',
    name: { givenName: 'Nora', familyName: 'Okta' },
    emails: [{ primary: true, value: 'nora@corp.example', type: 'work' }],
    displayName: 'Nora Okta',
    locale: 'en-US',
    externalId: 'okta-1',
    groups: [],
    password: 'not kept',
    active: true,
  });

  expect(response.statusCode, response.body).toBe(200);
  const user = response.json();
  expect(user).toMatchObject({
    displayName: 'Nora Okta',
    externalId: 'okta-1',
    roles: [{ value: 'trainer' }],
    [ENTERPRISE]: { department: 'Research' },
  });
  expect(user).not.toHaveProperty('title');
  expect(response.body).not.toContain('not kept');
});

test('a change of a state that is not there any more is refused', async () => {
  const app = await start();
  const user = await added(app, 'olga');
  const change = patch({ op: 'replace', path: 'title', value: 'Lead' });
  const ifMatch = { 'if-match': user.meta.version };

  const first = await app.scim('PATCH', `/Users/${user.id}`, change, ifMatch);
  const late = await app.scim('PATCH', `/Users/${user.id}`, change, ifMatch);
  const lateDelete = await app.scim('DELETE', `/Users/${user.id}`, undefined, ifMatch);

  expect([first.statusCode, late.statusCode, lateDelete.statusCode]).toEqual([200, 412, 412]);
  expect(late.json()).toMatchObject({ schemas: [ERROR], status: '412' });
});

test('a deleted person is gone, cannot sign in, and can be added anew', async () => {
  const app = await start();
  const user = await added(app, 'paul');

  const deleted = await app.scim('DELETE', `/Users/${user.id}`);
  const gone = await app.scim('GET', `/Users/${user.id}`);
  const again = await app.scim('DELETE', `/Users/${user.id}`);
  const anew = await added(app, 'paul');

  expect([deleted.statusCode, gone.statusCode, again.statusCode]).toEqual([204, 404, 404]);
  expect(anew.id).not.toBe(user.id);
});

test('nobody of another organization can be read, changed or deleted, and the answers tell nothing', async () => {
  const app = await start();
  const stranger = await app.secondOrganization();
  const id = stranger.principal.userId;
  const random = newId();

  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', entra('x')],
    ['PATCH', patch({ op: 'replace', path: 'active', value: false })],
    ['DELETE', undefined],
  ] as const) {
    const theirs = await app.scim(method, `/Users/${id}`, body);
    const nobodys = await app.scim(method, `/Users/${random}`, body);

    expect(theirs.statusCode).toBe(404);
    expect(theirs.body.replaceAll(id, random)).toBe(nobodys.body);
  }
});

test.each([
  ['no user name', { ...entra('q'), userName: undefined }, 'invalidValue'],
  ['a user name that is a number', { ...entra('q'), userName: 5 }, 'invalidValue'],
  ['an address that is none', { ...entra('q'), emails: [{ value: 'nobody' }] }, 'invalidValue'],
  ['an unknown role', { ...entra('q'), roles: [{ value: 'king' }] }, 'invalidValue'],
  ['an unknown attribute', { ...entra('q'), shoeSize: 43 }, 'invalidPath'],
  ['the organization', { ...entra('q'), org_id: newId() }, 'invalidPath'],
  ['a name that is too long', { ...entra('q'), displayName: 'x'.repeat(201) }, 'invalidValue'],
  ['a body that is a list', [], 'invalidValue'],
])('a person with %s is refused', async (_what, body, scimType) => {
  const app = await start();

  const response = await app.scim('POST', '/Users', body);

  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ schemas: [ERROR], status: '400', scimType });
});

test.each([
  ['no operations', { schemas: [PATCH] }, 'invalidSyntax'],
  ['an unknown operation', patch({ op: 'move', path: 'title', value: 'x' }), 'invalidSyntax'],
  ['a removal of nothing', patch({ op: 'remove' }), 'noTarget'],
  ['a path that is none', patch({ op: 'add', path: 'title[', value: 'x' }), 'invalidPath'],
  ['a path out of the object', patch({ op: 'add', path: '__proto__.x', value: 1 }), 'invalidPath'],
  ['an unknown attribute', patch({ op: 'add', path: 'shoeSize', value: 43 }), 'invalidPath'],
  ['a text for a truth', patch({ op: 'replace', path: 'active', value: 'maybe' }), 'invalidValue'],
  ['an object for a text', patch({ op: 'replace', path: 'title', value: {} }), 'invalidValue'],
])('a change with %s is refused and changes nothing', async (_what, body, scimType) => {
  const app = await start();
  const user = await added(app, 'rosa');

  const response = await app.scim('PATCH', `/Users/${user.id}`, body);

  expect(response.statusCode, response.body).toBe(400);
  expect(response.json()).toMatchObject({ schemas: [ERROR], scimType });
  expect((await app.scim('GET', `/Users/${user.id}`)).json()).toEqual(user);
});

test('the last administrator stays, whatever the identity provider says', async () => {
  const app = await start();
  const stranger = await app.secondOrganization();
  const url = `/scim/v2/Users/${stranger.principal.userId}`;
  const body = patch({ op: 'replace', path: 'active', value: false });

  const deactivated = await app.request('PATCH', url, { key: stranger.key, body });
  const deleted = await app.request('DELETE', url, { key: stranger.key });

  expect([deactivated.statusCode, deleted.statusCode]).toEqual([409, 409]);
  expect(deactivated.json().detail).toMatch(/last active administrator/);
  expect(deactivated.json()).not.toHaveProperty('scimType');
});

test('only an administrator’s key with the scope scim gets in, and errors speak SCIM', async () => {
  const app = await start();
  const trainer = await app.person('trainer');
  const narrow = await app.person('admin', { scopes: ['directory:write'] });

  const statuses = [];
  for (const key of [null, trainer.key, narrow.key]) {
    const response = await app.request('GET', '/scim/v2/Users', { key });
    statuses.push(response.statusCode);
    expect(response.json()).toMatchObject({
      schemas: [ERROR],
      status: String(response.statusCode),
    });
  }

  expect(statuses).toEqual([401, 403, 403]);
});

test('plain JSON is taken as well, other types are not, and a body that is too large is refused', async () => {
  const app = await start();
  const json = { 'content-type': 'application/json' };

  const plain = await app.scim('POST', '/Users', entra('sam'), json);
  const xml = await app.scim('POST', '/Users', entra('tim'), { 'content-type': 'text/xml' });
  const broken = await app.request('POST', '/scim/v2/Users', {
    body: '{"userName":',
    headers: { 'content-type': 'application/scim+json' },
  });
  const large = await app.scim('POST', '/Users', { userName: 'x'.repeat(5_000_000) });

  expect([plain.statusCode, xml.statusCode, broken.statusCode, large.statusCode]).toEqual([
    201, 415, 400, 413,
  ]);
  expect(large.json().schemas).toEqual([ERROR]);
});
