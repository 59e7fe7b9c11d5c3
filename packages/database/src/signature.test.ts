import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemQuery } from './internal/system.ts';
import { rawQuery } from './internal/transactions.ts';
import { many, one, run, sql, type Tx } from './sql.ts';

// What somebody can do who gets a statement of their own into a transaction.

const database = fileDatabase();
const Name = z.object({ name: z.string() });
const organizations = (tx: Tx) => many(tx, Name, sql`select name from docent.organizations`);

const identity = [
  'app.org_id',
  'app.user_id',
  'app.role',
  'app.department_ids',
  'app.department_path',
  'app.scopes',
  'app.grants',
  'app.api_key_id',
  'app.issuer',
  'app.request_id',
  'app.ip',
  'app.user_agent',
];

test.each(identity)('a transaction whose %s was changed reads nothing more', async (setting) => {
  const mine = await testOrganization(database());
  const other = await testOrganization(database());
  const value = setting === 'app.org_id' ? other.orgId : setting === 'app.role' ? 'worker' : '{*}';

  const reading = database().withPrincipal(mine.principal, async (tx) => {
    await organizations(tx);
    await rawQuery(tx, `select set_config('${setting}', '${value}', true)`);
    return organizations(tx);
  });

  await expect(reading).rejects.toMatchObject({ code: '42501' });
});

test('a transaction whose settings were changed writes nothing more', async () => {
  const mine = await testOrganization(database());
  const other = await testOrganization(database());

  const writing = database().withPrincipal(mine.principal, async (tx) => {
    await rawQuery(tx, `select set_config('app.org_id', '${other.orgId}', true)`);
    return run(
      tx,
      sql`insert into docent.departments (org_id, id, name) values (${other.orgId}, ${newId()}, 'Spies')`,
    );
  });

  await expect(writing).rejects.toMatchObject({ code: '42501' });
});

test('without the seal there are no rows, and settings that were changed back hold again', async () => {
  const { principal, orgId } = await testOrganization(database(), { name: 'Mine' });

  const seen = await database().withPrincipal(principal, async (tx) => {
    await rawQuery(tx, "select set_config('app.role', 'worker', true)");
    await rawQuery(tx, "select set_config('app.role', 'admin', true)");
    const back = await organizations(tx);
    await rawQuery(tx, "select set_config('app.seal', '', true)");
    return { back, without: await organizations(tx) };
  });

  expect(seen).toEqual({ back: [{ name: 'Mine' }], without: [] });
  expect(orgId).toBe(principal.orgId);
});

test('the seal of an earlier transaction opens no later one', async () => {
  const { principal } = await testOrganization(database());
  const learner = await addUser(database(), principal, 'learner');
  const Sealed = z.object({ seal: z.string(), org: z.string(), person: z.string() });
  const earlier = await database().withPrincipal(principal, (tx) =>
    one(
      tx,
      Sealed,
      sql`
        select current_setting('app.seal') as seal, current_setting('app.org_id') as org,
               current_setting('app.user_id') as person`,
    ),
  );

  const reading = database().withPrincipal(learner, async (tx) => {
    await rawQuery(
      tx,
      `select set_config('app.seal', $1, true), set_config('app.user_id', $2, true),
         set_config('app.role', 'admin', true)`,
      [earlier.seal, earlier.person],
    );
    return organizations(tx);
  });

  expect(earlier.org).toBe(principal.orgId);
  await expect(reading).rejects.toMatchObject({ code: '42501' });
});

test('the key of a connection is given out once, and can be read by nobody', async () => {
  const { orgId, principal } = await testOrganization(database());
  const as = (text: string) => database().withPrincipal(principal, (tx) => rawQuery(tx, text));

  await expect(as('select docent.open_session()')).rejects.toMatchObject({ code: '55000' });
  await expect(as('select * from docent_private.sessions')).rejects.toMatchObject({
    code: '42501',
  });
  await expect(as('delete from docent_private.sessions')).rejects.toMatchObject({ code: '42501' });
  await expect(
    as(
      `select docent.begin_as('\\x00', concat_ws(e'\\x1f', '${orgId}', '', 'worker', '', '', '*', '', '', '', '', '', ''))`,
    ),
  ).rejects.toMatchObject({ code: '42501' });
});

test('settings that nobody signed show nothing', async () => {
  const { orgId } = await testOrganization(database());

  const { rows } = await systemQuery(database())(`
    begin;
    select set_config('app.org_id', '${orgId}', true), set_config('app.role', 'worker', true);
    select count(*)::int as seen from docent.users;
    rollback;`);

  expect(rows).toContainEqual({ seen: 0 });
});

test('a principal is the same whatever strangers write into their headers', async () => {
  const { principal, orgId } = await testOrganization(database(), { name: 'Mine' });
  const origin = { requestId: 'r', ip: '::1', userAgent: `a\x1fb\u0000c '; drop -- ${orgId}` };

  const seen = await database().withPrincipal({ ...principal, origin }, (tx) =>
    one(
      tx,
      z.object({ agent: z.string(), name: z.string() }),
      sql`
      select current_setting('app.user_agent') as agent, name from docent.organizations`,
    ),
  );

  expect(seen).toEqual({ name: 'Mine', agent: `a b c '; drop -- ${orgId}` });
});

test('a worker of one organization is none of another', async () => {
  const mine = await testOrganization(database());
  await testOrganization(database());

  const seen = await database().withPrincipal(workerPrincipal(mine.orgId), organizations);

  expect(seen).toHaveLength(1);
});
