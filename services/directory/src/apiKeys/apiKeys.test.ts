import { sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const database = fileDatabase();
const wanted = { name: 'Portal', scopes: ['search', 'chat'] };

test('a new key works at once, for its owner, as far as its scopes go', async () => {
  const { request, person } = await start();
  const trainer = await person('trainer');

  const made = await request('POST', '/v1/api-keys', {
    key: trainer.key,
    body: { ...wanted, description: 'The company’s portal', rateLimitPerMinute: 60 },
  });
  const me = await request('GET', '/v1/me', { key: made.json().token });

  expect(made.statusCode).toBe(201);
  expect(made.headers.location).toBe(`/v1/api-keys/${made.json().id}`);
  expect(made.json()).toMatchObject({
    prefix: `dct_live_${made.json().id}`,
    token: expect.stringMatching(/^dct_live_/),
    description: 'The company’s portal',
    userId: trainer.principal.userId,
    createdBy: trainer.principal.userId,
    status: 'active',
    scopes: ['search', 'chat'],
    rateLimitPerMinute: 60,
    lastUsedAt: null,
  });
  expect(daysUntil(made.json().expiresAt)).toBeCloseTo(90, 1);
  expect(me.json()).toMatchObject({
    role: 'trainer',
    scopes: ['search', 'chat'],
    signIn: { method: 'api_key' },
  });
});

test('a token is shown once: neither the key nor a repeated answer has it', async () => {
  const { request, principal } = await start();
  const headers = { 'idempotency-key': 'once' };

  const first = await request('POST', '/v1/api-keys', { body: wanted, headers });
  const again = await request('POST', '/v1/api-keys', { body: wanted, headers });
  const read = await request('GET', `/v1/api-keys/${first.json().id}`);

  const { token, ...shown } = first.json();
  expect(again.json()).toEqual({ ...shown, token: null });
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(read.json()).toEqual(shown);
  const secret = token.split('_')[3];
  expect(await storedText(principal.orgId)).not.toContain(secret);
});

test.each([
  [{ ...wanted, org_id: 'x' }],
  [{ ...wanted, role: 'admin' }],
  [{ ...wanted, scopes: [] }],
  [{ ...wanted, scopes: ['everything'] }],
  [{ ...wanted, expiresInDays: 366 }],
  [{ name: 'No scopes' }],
])('a request for %j is refused', async (body) => {
  const { request } = await start();

  const refused = await request('POST', '/v1/api-keys', { body });

  expect(refused.statusCode).toBe(400);
});

test('a key makes no key that may do more than itself, and none without keys:write', async () => {
  const { request, person } = await start();
  const maker = await person('admin', { scopes: ['keys:write', 'search'] });
  const reader = await person('admin', { scopes: ['search'] });

  const wider = await request('POST', '/v1/api-keys', { key: maker.key, body: wanted });
  const all = await request('POST', '/v1/api-keys', {
    key: maker.key,
    body: { ...wanted, scopes: ['*'] },
  });
  const within = await request('POST', '/v1/api-keys', {
    key: maker.key,
    body: { ...wanted, scopes: ['search'] },
  });
  const without = await request('POST', '/v1/api-keys', { key: reader.key, body: wanted });

  expect(wider.json()).toMatchObject({ status: 403, requiredScope: ['chat'] });
  expect(all.statusCode).toBe(403);
  expect(within.statusCode).toBe(201);
  expect(without.json()).toMatchObject({ status: 403, requiredScope: 'keys:write' });
});

test('a narrow key neither renames, rotates nor revokes a wider one', async () => {
  const { request, person } = await start();
  const maker = await person('admin', { scopes: ['keys:write'] });
  const { id } = (await request('POST', '/v1/api-keys', { body: wanted })).json();

  const answers = await Promise.all([
    request('PATCH', `/v1/api-keys/${id}`, { key: maker.key, body: { name: 'Mine' } }),
    request('POST', `/v1/api-keys/${id}/rotate`, { key: maker.key, body: {} }),
    request('POST', `/v1/api-keys/${id}/revoke`, { key: maker.key, body: {} }),
    request('DELETE', `/v1/api-keys/${id}`, { key: maker.key }),
  ]);

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
});

test('only administrators make keys for others; nobody for people of another organization', async () => {
  const { request, person, secondOrganization } = await start();
  const [manager, service] = [await person('hr_manager'), await person('trainer')];
  const stranger = await secondOrganization();
  const body = { ...wanted, userId: service.principal.userId };

  const refused = await request('POST', '/v1/api-keys', { key: manager.key, body });
  const made = await request('POST', '/v1/api-keys', { body });
  const foreign = await request('POST', '/v1/api-keys', {
    body: { ...wanted, userId: stranger.principal.userId },
  });
  const me = await request('GET', '/v1/me', { key: made.json().token });

  expect(refused.json()).toMatchObject({ status: 403, requiredRoles: ['admin'] });
  expect(me.json()).toMatchObject({ role: 'trainer', user: { id: service.principal.userId } });
  expect(foreign.statusCode).toBe(404);
});

test('people list their own keys, administrators everybody’s, page by page', async () => {
  const { request, person } = await start();
  const trainer = await person('trainer');
  await request('POST', '/v1/api-keys', { key: trainer.key, body: wanted });

  const own = await request('GET', '/v1/api-keys', { key: trainer.key });
  const first = await request('GET', '/v1/api-keys?limit=2');
  const second = await request('GET', `/v1/api-keys?limit=2&cursor=${first.json().nextCursor}`);
  const ofTrainer = await request('GET', `/v1/api-keys?userId=${trainer.principal.userId}`);

  expect(own.json().items.map(({ name }: { name: string }) => name)).toEqual(['Portal', 'test']);
  expect(first.json().items).toHaveLength(2);
  expect(second.json()).toMatchObject({ items: [{ name: 'first key' }], nextCursor: null });
  expect(ofTrainer.json().items).toEqual(own.json().items);
});

test('a key of somebody else does not exist, nor does one of another organization', async () => {
  const { request, person, secondOrganization, principal } = await start();
  const [learner, stranger] = [await person('learner'), await secondOrganization()];
  const id = principal.apiKeyId ?? '';

  const answers = await Promise.all(
    [learner, stranger].flatMap(({ key }) => [
      request('GET', `/v1/api-keys/${id}`, { key }),
      request('PATCH', `/v1/api-keys/${id}`, { key, body: { name: 'Mine' } }),
      request('POST', `/v1/api-keys/${id}/rotate`, { key, body: {} }),
      request('POST', `/v1/api-keys/${id}/revoke`, { key, body: {} }),
      request('DELETE', `/v1/api-keys/${id}`, { key }),
    ]),
  );

  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(404));
});

test('name, description and limit change, and only those that are named', async () => {
  const { request } = await start();
  const made = await request('POST', '/v1/api-keys', {
    body: { ...wanted, description: 'Old', rateLimitPerMinute: 5 },
  });
  const url = `/v1/api-keys/${made.json().id}`;

  const renamed = await request('PATCH', url, { body: { name: 'New' } });
  const cleared = await request('PATCH', url, {
    body: { description: null, rateLimitPerMinute: null },
  });

  expect(renamed.json()).toMatchObject({ name: 'New', description: 'Old', rateLimitPerMinute: 5 });
  expect(cleared.json()).toMatchObject({
    name: 'New',
    description: null,
    rateLimitPerMinute: null,
  });
});

test('a rotated key works beside the new one until the overlap is over, and rotates once', async () => {
  const { request } = await start();
  const made = (
    await request('POST', '/v1/api-keys', { body: { ...wanted, expiresInDays: 30 } })
  ).json();

  const rotated = await request('POST', `/v1/api-keys/${made.id}/rotate`, {
    body: { overlapSeconds: 3_600 },
  });
  const again = await request('POST', `/v1/api-keys/${made.id}/rotate`, { body: {} });
  const old = (await request('GET', `/v1/api-keys/${made.id}`)).json();

  expect(rotated.json()).toMatchObject({ ...wanted, rotatedFrom: made.id, status: 'active' });
  expect(daysUntil(rotated.json().expiresAt)).toBeCloseTo(30, 1);
  expect(daysUntil(old.expiresAt)).toBeCloseTo(1 / 24, 2);
  for (const { token } of [made, rotated.json()]) {
    expect((await request('GET', '/v1/me', { key: token })).statusCode).toBe(200);
  }
  expect(again.json()).toMatchObject({ status: 409, code: 'conflict' });
});

test('without an overlap the old token is refused at once', async () => {
  const { request } = await start();
  const made = (await request('POST', '/v1/api-keys', { body: wanted })).json();

  await request('POST', `/v1/api-keys/${made.id}/rotate`, { body: { overlapSeconds: 0 } });

  expect((await request('GET', '/v1/me', { key: made.token })).statusCode).toBe(401);
});

test('a revoked key is refused, and says by whom and why', async () => {
  const { request, principal } = await start();
  const made = (await request('POST', '/v1/api-keys', { body: wanted })).json();

  const revoked = await request('POST', `/v1/api-keys/${made.id}/revoke`, {
    body: { reason: 'It was in a screenshot' },
  });
  const again = await request('DELETE', `/v1/api-keys/${made.id}`);
  const rotated = await request('POST', `/v1/api-keys/${made.id}/rotate`, { body: {} });
  const read = await request('GET', `/v1/api-keys/${made.id}`);

  expect(revoked.json()).toMatchObject({
    status: 'revoked',
    revokedBy: principal.userId,
    revokeReason: 'It was in a screenshot',
  });
  expect(again.statusCode).toBe(204);
  expect(read.json()).toEqual(revoked.json());
  expect(rotated.statusCode).toBe(409);
  expect((await request('GET', '/v1/me', { key: made.token })).statusCode).toBe(401);
});

test('a key that is in use is refused soon after it was revoked', async () => {
  const { request } = await start();
  const made = (await request('POST', '/v1/api-keys', { body: wanted })).json();
  const before = await request('GET', '/v1/me', { key: made.token });
  await request('DELETE', `/v1/api-keys/${made.id}`);

  const status = async () => (await request('GET', '/v1/me', { key: made.token })).statusCode;

  expect(before.statusCode).toBe(200);
  await expect.poll(status, { timeout: 10_000, interval: 250 }).toBe(401);
});

test('when and from where a key was used last is on record', async () => {
  const { request, app } = await start();
  const made = (await request('POST', '/v1/api-keys', { body: wanted })).json();
  await app.inject({
    url: '/v1/me',
    headers: { authorization: `Bearer ${made.token}` },
    remoteAddress: '203.0.113.9',
  });

  await expect
    .poll(async () => (await request('GET', `/v1/api-keys/${made.id}`)).json())
    .toMatchObject({ lastUsedIp: '203.0.113.9', lastUsedAt: expect.any(String) });
});

function start(): Promise<TestApp> {
  return testApp({
    database: database(),
    plugins: (app, db) => app.register(directoryService, { database: db }),
  });
}

function daysUntil(time: string): number {
  return (Date.parse(time) - Date.now()) / 86_400_000;
}

/** Everything that is stored of keys and repeated answers. */
async function storedText(orgId: string): Promise<string> {
  const principal = { orgId, userId: orgId, departmentIds: [], scopes: ['*'] };
  return database().withPrincipal({ ...principal, role: 'worker' }, async (tx) => {
    const keys = await tx.query(
      sql`select k::text as row from docent.api_keys k where org_id = ${orgId}`,
    );
    const outcomes = await tx.query(
      sql`select k::text as row from docent.idempotency_keys k where org_id = ${orgId}`,
    );
    return JSON.stringify([keys.rows, outcomes.rows]);
  });
}
