import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { roles, workerPrincipal } from '@docent/core/principal';
import { many, run, sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createOrganization } from './bootstrap.ts';
import { DEMO_ORG_ID, ensureDemo } from './demo.ts';
import { directoryService } from './plugin.ts';

const nodeEnv = 'test';
const fileDb = fileDatabase();
afterEach(() => deleteDemo());

test('a new organization has an administrator whose key works at once', async () => {
  const { request, database } = await start();
  const made = await createOrganization(database, {
    name: 'Example Ltd',
    adminEmail: 'ada@example.com',
    adminName: 'Ada Admin',
  });

  const response = await request('GET', '/v1/me', { key: made.token });

  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({
    user: { id: made.adminId, name: 'Ada Admin', email: 'ada@example.com' },
    organization: { id: made.orgId, name: 'Example Ltd' },
    role: 'admin',
    departments: [],
    apiKeyId: made.keyId,
    scopes: ['*'],
    grants: [],
    signIn: { method: 'api_key', issuerId: null },
  });
});

test('the secret of a key is stored nowhere', async () => {
  const { database } = await start();
  const made = await createOrganization(database, {
    name: 'Example Ltd',
    adminEmail: 'ada@example.com',
    adminName: 'Ada Admin',
  });
  const secret = made.token.split('_')[3] ?? 'none';

  const rows = await database.withPrincipal(workerPrincipal(made.orgId), (tx) =>
    many(
      tx,
      z.object({ row: z.string() }),
      sql`select k::text as row from docent.api_keys k where org_id = ${made.orgId}`,
    ),
  );

  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toContain(secret);
  expect(rows[0]?.row).not.toContain(Buffer.from(secret).toString('hex'));
});

test('who calls is told with scopes and departments; without a key nothing is told', async () => {
  const { request, person } = await start();
  const reader = await person('learner', { scopes: ['search'] });

  const response = await request('GET', '/v1/me', { key: reader.key });
  const nobody = await request('GET', '/v1/me', { key: null });

  expect(response.json()).toMatchObject({ role: 'learner', scopes: ['search'], departments: [] });
  expect(nobody.statusCode).toBe(401);
});

test('the demo has a working key for each role, the HR manager seeing the department below', async () => {
  const { request, database } = await start();

  const demo = await ensureDemo(database, { nodeEnv });

  for (const role of roles) {
    const me = (await request('GET', '/v1/me', { key: demo.keys[role] })).json();
    expect(me).toMatchObject({ role, organization: { id: demo.orgId, name: 'Demo company' } });
    expect(me.departments.length).toBe(role === 'hr_manager' ? 2 : 1);
  }
});

test('a restart with the kept keys changes nothing', async () => {
  const { database } = await start();
  const demo = await ensureDemo(database, { nodeEnv });

  const again = await ensureDemo(database, { known: demo, nodeEnv });

  expect(again).toEqual(demo);
  expect(await counts()).toEqual({ people: 4, departments: 2, keys: 4 });
});

test('keys that were lost are replaced, and stop working', async () => {
  const { request, database } = await start();
  const demo = await ensureDemo(database, { nodeEnv });

  const again = await ensureDemo(database, { nodeEnv });

  expect(again.orgId).toBe(demo.orgId);
  expect((await request('GET', '/v1/me', { key: again.keys.admin })).statusCode).toBe(200);
  expect((await request('GET', '/v1/me', { key: demo.keys.admin })).statusCode).toBe(401);
  expect(await counts()).toEqual({ people: 4, departments: 2, keys: 8 });
});

test('a kept key that was revoked is replaced, the others stay', async () => {
  const { database } = await start();
  const demo = await ensureDemo(database, { nodeEnv });
  const id = demo.keys.trainer.split('_')[2];
  await database.withPrincipal(workerPrincipal(demo.orgId), (tx) =>
    run(
      tx,
      sql`update docent.api_keys set revoked_at = now() where org_id = ${demo.orgId} and id = ${id}`,
    ),
  );

  const again = await ensureDemo(database, { known: demo, nodeEnv });

  expect(again.keys.trainer).not.toBe(demo.keys.trainer);
  expect(again.keys.admin).toBe(demo.keys.admin);
});

test('keys kept from an installation whose data are gone are replaced', async () => {
  const { database } = await start();
  const kept = await ensureDemo(database, { nodeEnv });
  await deleteDemo();

  const demo = await ensureDemo(database, { known: kept, nodeEnv });

  expect(demo.orgId).toBe(kept.orgId);
  for (const role of roles) expect(demo.keys[role]).not.toBe(kept.keys[role]);
});

test('there is no demo in production', async () => {
  const { database } = await start();

  await expect(ensureDemo(database, { nodeEnv: 'production' })).rejects.toThrow(/production/);
});

test('the command says in sentences what it lacks', async () => {
  const main = fileURLToPath(new URL('./createOrganization.main.ts', import.meta.url));

  const failed = await promisify(execFile)(process.execPath, [main, '--email', 'nobody']).catch(
    (error: unknown) => error,
  );

  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed).toMatchObject({
    stderr: expect.stringMatching(/^--name is missing\n--email must be an e-mail address\nnpm run/),
  });
});

function start(): Promise<TestApp> {
  return testApp({
    database: fileDb(),
    plugins: (app, database) => app.register(directoryService, { database }),
  });
}

function deleteDemo(): Promise<number> {
  return fileDb().withPrincipal(workerPrincipal(DEMO_ORG_ID), (tx) =>
    run(tx, sql`delete from docent.organizations where org_id = ${DEMO_ORG_ID}`),
  );
}

async function counts() {
  const [row] = await fileDb().withPrincipal(workerPrincipal(DEMO_ORG_ID), (tx) =>
    many(
      tx,
      z.object({ people: z.number(), departments: z.number(), keys: z.number() }),
      sql`
        select (select count(*)::int from docent.users where org_id = ${DEMO_ORG_ID}) as people,
               (select count(*)::int from docent.departments where org_id = ${DEMO_ORG_ID}) as departments,
               (select count(*)::int from docent.api_keys where org_id = ${DEMO_ORG_ID}) as keys`,
    ),
  );
  return row;
}
