import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { type TestIssuer, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const database = fileDatabase();
const stranger = 'https://login.example';

test('an administrator believes an issuer, links a person, and they come in by its token', async () => {
  const { request, person } = await start();
  const issuer = await testIssuer();
  const { principal: trainer } = await person('trainer');

  const believed = await request('POST', '/v1/issuers', { body: asked(issuer) });
  const linked = await request('POST', `/v1/users/${trainer.userId}/identities`, {
    body: { issuerId: believed.json().id, subject: 'somebody' },
  });
  const me = await request('GET', '/v1/me', { key: await issuer.token() });

  expect(believed.statusCode).toBe(201);
  expect(believed.json()).toMatchObject({
    ...asked(issuer),
    status: 'active',
    createPeople: false,
  });
  expect(linked.json()).toMatchObject({
    userId: trainer.userId,
    issuer: issuer.url,
    subject: 'somebody',
    linkedBy: 'administrator',
    lastUsedAt: null,
  });
  expect(me.json()).toMatchObject({
    user: { id: trainer.userId },
    role: 'trainer',
    apiKeyId: null,
    scopes: ['*'],
    signIn: { method: 'access_token', issuerId: believed.json().id },
  });
});

test('who is unlinked, or whose issuer is believed no more, comes in no more', async () => {
  const { request, person } = await start();
  const issuer = await testIssuer();
  const { principal: trainer } = await person('trainer');
  const { id } = (await request('POST', '/v1/issuers', { body: asked(issuer) })).json();
  const url = `/v1/users/${trainer.userId}/identities`;
  const link = (subject: string) => request('POST', url, { body: { issuerId: id, subject } });
  const [first, second] = [(await link('first')).json(), (await link('second')).json()];

  const unlinked = await request('DELETE', `${url}/${first.id}`);
  const left = await request('GET', url);
  const refused = await request('GET', '/v1/me', { key: await issuer.token({ sub: 'first' }) });
  const removed = await request('DELETE', `/v1/issuers/${id}`);
  const gone = await request('GET', '/v1/me', { key: await issuer.token({ sub: 'second' }) });

  expect([unlinked.statusCode, removed.statusCode]).toEqual([204, 204]);
  expect(left.json().items).toMatchObject([{ id: second.id }]);
  expect(refused.statusCode).toBe(403);
  expect(gone.statusCode).toBe(401);
  expect((await request('GET', url)).json()).toEqual({ items: [] });
});

test('an issuer and audience lead to one organization, also when another one asks', async () => {
  const { request, secondOrganization } = await start();
  const other = await secondOrganization();
  const issuer = await testIssuer();
  await request('POST', '/v1/issuers', { body: asked(issuer) });

  const again = await request('POST', '/v1/issuers', { key: other.key, body: asked(issuer) });
  const forAnother = await request('POST', '/v1/issuers', {
    key: other.key,
    body: { ...asked(issuer), audience: 'https://other.example' },
  });
  const taken = await request('PATCH', `/v1/issuers/${forAnother.json().id}`, {
    key: other.key,
    body: { audience: issuer.audience },
  });

  expect([again.statusCode, forAnother.statusCode, taken.statusCode]).toEqual([409, 201, 409]);
});

test.each([
  ['keys by http', { jwksUri: 'http://login.example/keys' }],
  ['keys by http of this machine’s address', { jwksUri: 'http://192.0.2.1/keys' }],
  ['a password', { jwksUri: 'https://user:word@login.example/keys' }],
  ['shared secrets', { algorithms: ['HS256'] }],
  ['no signature', { algorithms: ['none'] }],
  ['no algorithm', { algorithms: [] }],
  ['an organization', { org_id: '01938c4e-7a00-7d0c-8e47-00000000de30' }],
  ['a department that is not there', { departmentId: '01938c4e-7a00-7d0c-8e47-00000000de30' }],
])('an issuer with %s is refused', async (_, wrong) => {
  const { request } = await start();

  const refused = await request('POST', '/v1/issuers', { body: { ...byHttps(), ...wrong } });

  expect(refused.statusCode).toBe(400);
});

test('an issuer changes but for its name in tokens, and only what is named changes', async () => {
  const { request } = await start();
  const made = (await request('POST', '/v1/issuers', { body: byHttps() })).json();
  const url = `/v1/issuers/${made.id}`;

  const changed = await request('PATCH', url, {
    body: { createPeople: true, emailClaim: ['user', 'mail'], status: 'disabled' },
  });
  const renamed = await request('PATCH', url, { body: { issuer: 'https://evil.example' } });
  const listed = await request('GET', '/v1/issuers');

  const expected = { createPeople: true, emailClaim: ['user', 'mail'], status: 'disabled' };
  expect(changed.json()).toEqual({ ...made, ...expected, updatedAt: expect.any(String) });
  expect(renamed.statusCode).toBe(400);
  expect(listed.json()).toEqual({ items: [changed.json()], nextCursor: null });
});

test('a narrowed key of an administrator reads issuers and changes nothing of sign-in', async () => {
  const { request, person, principal } = await start();
  const scopes = ['directory:read', 'directory:write', 'keys:write'];
  const { key } = await person('admin', { scopes });
  const { id } = (await request('POST', '/v1/issuers', { body: byHttps() })).json();
  const identities = `/v1/users/${principal.userId}/identities`;

  const read = await request('GET', `/v1/issuers/${id}`, { key });
  const answers = await Promise.all([
    request('POST', '/v1/issuers', { key, body: byHttps() }),
    request('PATCH', `/v1/issuers/${id}`, { key, body: { createPeople: true } }),
    request('DELETE', `/v1/issuers/${id}`, { key }),
    request('POST', identities, { key, body: { issuerId: id, subject: 'me' } }),
    request('DELETE', `${identities}/${id}`, { key }),
  ]);

  expect(read.statusCode).toBe(200);
  expect(answers.map((answer) => answer.json().requiredScope)).toEqual(Array(5).fill('*'));
});

test('issuers are for administrators, identities for their owners and administrators', async () => {
  const { request, person, principal } = await start();
  const [manager, learner] = [await person('hr_manager'), await person('learner')];
  const { id } = (await request('POST', '/v1/issuers', { body: byHttps() })).json();
  await request('POST', `/v1/users/${learner.principal.userId}/identities`, {
    body: { issuerId: id, subject: 'lea' },
  });

  const [list, own, others] = await Promise.all([
    request('GET', '/v1/issuers', { key: manager.key }),
    request('GET', `/v1/users/${learner.principal.userId}/identities`, { key: learner.key }),
    request('GET', `/v1/users/${principal.userId}/identities`, { key: learner.key }),
  ]);

  expect(list.statusCode).toBe(403);
  expect(own.json().items).toMatchObject([{ subject: 'lea', issuer: null }]);
  expect(others.statusCode).toBe(404);
});

test('issuers, people and identities of another organization do not exist', async () => {
  const { request, secondOrganization, principal } = await start();
  const { key, principal: theirs } = await secondOrganization();
  const { id } = (await request('POST', '/v1/issuers', { body: byHttps() })).json();
  const own = { key, body: byHttps('https://own.example') };
  const { id: theirId } = (await request('POST', '/v1/issuers', own)).json();

  const answers = await Promise.all([
    request('GET', `/v1/issuers/${id}`, { key }),
    request('PATCH', `/v1/issuers/${id}`, { key, body: { createPeople: true } }),
    request('DELETE', `/v1/issuers/${id}`, { key }),
    request('POST', `/v1/users/${principal.userId}/identities`, {
      key,
      body: { issuerId: theirId, subject: 'x' },
    }),
    request('POST', `/v1/users/${theirs.userId}/identities`, {
      key,
      body: { issuerId: id, subject: 'x' },
    }),
  ]);

  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(5).fill(404));
});

test('a subject is one person', async () => {
  const { request, person, principal } = await start();
  const { principal: other } = await person('learner');
  const { id } = (await request('POST', '/v1/issuers', { body: byHttps() })).json();
  const body = { issuerId: id, subject: 'one' };
  await request('POST', `/v1/users/${principal.userId}/identities`, { body });

  const again = await request('POST', `/v1/users/${other.userId}/identities`, { body });

  expect(again.statusCode).toBe(409);
});

test('security events are listed by kind and page for administrators', async () => {
  const { request, person } = await start();
  const manager = await person('hr_manager');
  const issuer = await testIssuer();
  await request('POST', '/v1/issuers', { body: asked(issuer) });
  await request('GET', '/v1/me', { key: await issuer.token() });
  await request('GET', '/v1/me', {
    key: await (await testIssuer()).token({ iss: issuer.url }),
  });

  await expect
    .poll(async () => (await request('GET', '/v1/security-events')).json().items.length)
    .toBe(2);
  const first = (await request('GET', '/v1/security-events?limit=1')).json();
  const second = await request('GET', `/v1/security-events?limit=1&cursor=${first.nextCursor}`);
  const refused = await request('GET', '/v1/security-events?kind=sign_in_refused');
  const forbidden = await request('GET', '/v1/security-events', { key: manager.key });

  expect(first.items).toHaveLength(1);
  expect(second.json()).toMatchObject({ items: [{ count: 1 }], nextCursor: null });
  expect(second.json().items[0].id).not.toBe(first.items[0].id);
  expect(refused.json().items).toMatchObject([{ kind: 'sign_in_refused', ip: '127.0.0.1' }]);
  expect(forbidden.json()).toMatchObject({ status: 403, requiredRoles: ['admin'] });
});

function start(): Promise<TestApp> {
  return testApp({
    database: database(),
    allowLocalIssuers: true,
    plugins: (app, db) => app.register(directoryService, { database: db }),
  });
}

function asked({ url, audience, jwksUri }: TestIssuer) {
  return { name: 'Company login', issuer: url, audience, jwksUri, algorithms: ['ES256'] };
}

let made = 0;

/** An issuer that nobody asks for keys. */
function byHttps(issuer = stranger) {
  made += 1;
  const audience = `https://docent.example/${made}`;
  return { name: 'Company login', issuer, audience, jwksUri: `${stranger}/keys` };
}
