import { crc32 } from 'node:zlib';
import { AppError } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import { run, type Sql, sql } from '@docent/database/sql';
import { type Caller, type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createKey, parseKey } from './apiKey.ts';
import type { App } from './app.ts';

const database = fileDatabase();

test('a key says who is calling: its owner, with role, departments and scopes', async () => {
  const { request, principal } = await start();

  const response = await request('GET', '/who');

  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual(principal);
});

test.each([
  ['no header', {}],
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['no token', { authorization: 'Bearer ' }],
  ['two tokens', { authorization: 'Bearer a b' }],
  ['what is no key', { authorization: 'Bearer dct_live_x_y_z' }],
])('%s is answered 401 without asking the database', async (_, headers: Record<string, string>) => {
  const asked: string[] = [];
  const { request } = await start(watched(asked));
  asked.length = 0;

  const response = await request('GET', '/who', { key: null, headers });

  expect(response.statusCode).toBe(401);
  expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
  expect(response.json()).toMatchObject({ code: 'unauthenticated' });
  expect(asked).toEqual([]);
});

test('a key nobody has, and the id of a real key with another secret, are answered alike', async () => {
  const { request, key } = await start();
  const forged = forgeSecret(key);
  expect(parseKey(forged)?.id).toBe(parseKey(key)?.id);

  const unknown = await request('GET', '/who', { key: createKey('test').token });
  const wrong = await request('GET', '/who', { key: forged });

  expect(unknown.statusCode).toBe(401);
  expect(wrong.statusCode).toBe(401);
  expect(unknown.json().detail).toBe(wrong.json().detail);
});

test.each([
  [
    'revoked',
    (c: Caller) =>
      sql`update docent.api_keys set revoked_at = now() where org_id = ${c.principal.orgId} and id = ${c.principal.apiKeyId}`,
  ],
  [
    'expired',
    (c: Caller) =>
      sql`update docent.api_keys set expires_at = now() where org_id = ${c.principal.orgId} and id = ${c.principal.apiKeyId}`,
  ],
  [
    'of a deactivated person',
    (c: Caller) =>
      sql`update docent.users set status = 'deactivated' where org_id = ${c.principal.orgId} and id = ${c.principal.userId}`,
  ],
])('a key that is %s is answered 401', async (_, change: (caller: Caller) => Sql) => {
  const { request, person, principal } = await start();
  const caller = await person('learner');
  await database().withPrincipal(principal, (tx) => run(tx, change(caller)));

  const response = await request('GET', '/who', { key: caller.key });

  expect(response.statusCode).toBe(401);
});

test('a wrong secret is refused also while the right one is remembered', async () => {
  const { request, key } = await start();
  await request('GET', '/who');

  const response = await request('GET', '/who', { key: forgeSecret(key) });

  expect(response.statusCode).toBe(401);
});

test('a second request within 5 seconds does not look the key up again', async () => {
  const asked: string[] = [];
  const { request } = await start(watched(asked));
  await Promise.all([request('GET', '/who'), request('GET', '/who')]);
  const lookUps = asked.filter((call) => call === 'withApiKey').length;

  await request('GET', '/who');

  expect(lookUps).toBe(1);
  expect(asked.filter((call) => call === 'withApiKey')).toHaveLength(1);
});

test('a database that is down is 503, not 401, and is asked again next time', async () => {
  let down = true;
  const { request } = await start(() => ({
    ...database(),
    withApiKey: (id, work) =>
      down
        ? Promise.reject(new AppError('database_unavailable', 'The database does not answer.'))
        : database().withApiKey(id, work),
  }));

  const first = await request('GET', '/who');
  down = false;
  const second = await request('GET', '/who');

  expect(first.statusCode).toBe(503);
  expect(first.headers['retry-after']).toBe('2');
  expect(second.statusCode).toBe(200);
});

test('the use of a key is noted', async () => {
  const { request, app, principal } = await start();
  await request('GET', '/who');
  await app.close();

  const used = await database().withPrincipal(principal, (tx) =>
    tx.query(
      sql`select last_used_at is not null as used from docent.api_keys where org_id = ${principal.orgId}`,
    ),
  );

  expect(used.rows).toEqual([{ used: true }]);
});

test('a key without the scope of a route is told which one is missing', async () => {
  const { request, person } = await start();
  const reader = await person('admin', { scopes: ['content:read', 'search'] });

  const refused = await request('POST', '/write', { key: reader.key });
  const allowed = await request('GET', '/find', { key: reader.key });

  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({ code: 'forbidden', requiredScope: 'content:write' });
  expect(allowed.statusCode).toBe(200);
});

test('a person without the role of a route is told which ones would do', async () => {
  const { request, person } = await start();
  const [learner, trainer] = [await person('learner'), await person('trainer')];

  const refused = await request('GET', '/trainers', { key: learner.key });
  const allowed = await request('GET', '/trainers', { key: trainer.key });

  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({ code: 'forbidden', requiredRoles: ['trainer', 'admin'] });
  expect(allowed.statusCode).toBe(200);
});

test('an HR manager’s departments include those below their own, a learner’s do not', async () => {
  const { request, person, principal } = await start();
  const manager = await person('hr_manager');
  const learner = await person('learner');
  const [top, middle, bottom] = [uuid(1), uuid(2), uuid(3)];
  await database().withPrincipal(principal, async (tx) => {
    for (const [id, parent] of [
      [top, null],
      [middle, top],
      [bottom, middle],
      [uuid(4), null],
    ]) {
      await run(
        tx,
        sql`insert into docent.departments (org_id, id, parent_id, name) values (${principal.orgId}, ${id}, ${parent}, ${id})`,
      );
    }
    await run(
      tx,
      sql`update docent.users set department_id = ${top} where org_id = ${principal.orgId} and role in ('hr_manager', 'learner')`,
    );
  });

  const managers = await request('GET', '/who', { key: manager.key });
  const learners = await request('GET', '/who', { key: learner.key });

  expect(managers.json().departmentIds).toEqual([top, middle, bottom]);
  expect(learners.json().departmentIds).toEqual([top]);
});

test('an app whose route does not say who may call it does not start', async () => {
  const started = testApp({
    database: database(),
    plugins: (app) => app.get('/forgotten', async () => 'everything'),
  });

  await expect(started).rejects.toThrow(/GET \/forgotten/);
});

function start(instead: () => Database = database): Promise<TestApp> {
  return testApp({ database: instead(), plugins: routes });
}

function routes(app: App): void {
  const who = z.object({
    orgId: z.uuid(),
    userId: z.uuid(),
    role: z.string(),
    departmentIds: z.array(z.uuid()),
    apiKeyId: z.string().optional(),
    scopes: z.array(z.string()),
  });
  app.get(
    '/who',
    { config: { scope: 'any' }, schema: { response: { 200: who } } },
    async (request) => ({
      ...request.principal,
      departmentIds: [...request.principal.departmentIds],
      scopes: [...request.principal.scopes],
    }),
  );
  app.get('/find', { config: { scope: 'search' } }, async () => 'found');
  app.post('/write', { config: { scope: 'content:write' } }, async () => 'written');
  app.get(
    '/trainers',
    { config: { scope: 'any', roles: ['trainer', 'admin'] } },
    async () => 'welcome',
  );
}

/** The database, writing down what is asked of it. */
function watched(asked: string[]): () => Database {
  return () => ({
    ...database(),
    withApiKey: (id, work) => {
      asked.push('withApiKey');
      return database().withApiKey(id, work);
    },
    withPrincipal: (principal, work, options) => {
      asked.push('withPrincipal');
      return database().withPrincipal(principal, work, options);
    },
  });
}

/** A well-formed token with the id of `token` and another secret, its checksum made independently. */
function forgeSecret(token: string): string {
  const body = token.split('_').with(3, 'x'.repeat(43)).slice(0, 4).join('_');
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let rest = BigInt(crc32(body));
  let checksum = '';
  while (checksum.length < 6) {
    checksum = `${digits[Number(rest % 62n)]}${checksum}`;
    rest /= 62n;
  }
  return `${body}_${checksum}`;
}

function uuid(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
