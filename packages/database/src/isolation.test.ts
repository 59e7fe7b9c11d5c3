import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { believe } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemQuery } from './internal/system.ts';
import { many, one, run, type Sql, sql, type Tx } from './sql.ts';

const database = fileDatabase();
const Name = z.object({ name: z.string() });
const Count = z.object({ count: z.number() });

const namesOf = (tx: Tx) => many(tx, Name, sql`select name from docent.organizations`);

async function apiKey({ orgId, userId }: { orgId: string; userId: string }): Promise<string> {
  const id = newId();
  await database().withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
      insert into docent.api_keys (org_id, id, user_id, name, secret_hash, last_four)
      values (${orgId}, ${id}, ${userId}, 'a key', ${Buffer.of(1)}, 'abcd')`,
    ),
  );
  return id;
}

test('a key opens the one row of that key and nothing else', async () => {
  const mine = await testOrganization(database());
  const key = await apiKey(mine);
  await apiKey(mine);
  await apiKey(await testOrganization(database()));

  const seen = await database().withApiKey(key, async (tx) => ({
    keys: await many(tx, z.object({ id: z.string() }), sql`select id from docent.api_keys`),
    organizations: await namesOf(tx),
    users: await one(tx, Count, sql`select count(*)::int as count from docent.users`),
  }));

  expect(seen).toEqual({ keys: [{ id: key }], organizations: [], users: { count: 0 } });
});

test('an issuer opens its rows and nothing else, to be read', async () => {
  const [mine, theirs] = [await testOrganization(database()), await testOrganization(database())];
  const issuer = {
    url: 'https://login.example',
    audience: 'a',
    jwksUri: 'https://login.example/keys',
  };
  await believe(database(), mine.orgId, issuer);
  await believe(database(), theirs.orgId, { ...issuer, audience: 'b' });
  await believe(database(), mine.orgId, { ...issuer, url: 'https://other.example' });

  const seen = await database().withIssuer(issuer.url, async (tx) => ({
    issuers: await many(
      tx,
      z.object({ audience: z.string() }),
      sql`select audience from docent.issuers order by 1`,
    ),
    organizations: await namesOf(tx),
    keys: await one(tx, Count, sql`select count(*)::int as count from docent.api_keys`),
  }));
  const writing = database().withIssuer(issuer.url, (tx) =>
    run(tx, sql`update docent.issuers set status = 'disabled' where issuer = ${issuer.url}`),
  );

  expect(seen).toEqual({
    issuers: [{ audience: 'a' }, { audience: 'b' }],
    organizations: [],
    keys: { count: 0 },
  });
  await expect(writing).rejects.toThrow(/read-only transaction/);
});

test('a key that is looked up cannot be written', async () => {
  const key = await apiKey(await testOrganization(database()));

  const writing = database().withApiKey(key, (tx) =>
    run(tx, sql`update docent.api_keys set name = 'changed' where id = ${key}`),
  );

  await expect(writing).rejects.toThrow(/read-only transaction/);
});

test('without a principal no table shows a row', async () => {
  const { orgId, userId } = await testOrganization(database());
  await apiKey({ orgId, userId });
  const tables = await database().withApiKey('no such key', (tx) =>
    many(
      tx,
      Name,
      sql`
      select relname as name from pg_class
      where relnamespace = 'docent'::regnamespace
        and relkind in ('r', 'p')
        and has_table_privilege(oid, 'select')`,
    ),
  );

  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await systemQuery(database())(`select 1 from docent.${name} limit 1`);
      return [name, rows.length];
    }),
  );

  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(tables.map((t) => [t.name, 0])));
});

test('the settings of a principal are gone after its transaction, and after a failed one', async () => {
  const { principal } = await testOrganization(database());
  await database().withPrincipal(principal, namesOf);
  const failing = database().withPrincipal(principal, async (tx) => {
    await namesOf(tx);
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');

  const { rows } = await systemQuery(database())(`
    select nullif(current_setting('app.org_id', true), '') as org,
      nullif(current_setting('app.user_id', true), '') as user,
      nullif(current_setting('app.department_ids', true), '') as departments`);

  expect(rows).toEqual([{ org: null, user: null, departments: null }]);
});

test('the settings say who is calling', async () => {
  const { orgId, userId } = await testOrganization(database());
  const departmentIds = [newId(), newId()];
  const principal: Principal = {
    orgId,
    userId,
    role: 'hr_manager',
    departmentIds,
    scopes: ['content:read', 'chat'],
    apiKeyId: 'dk_1',
  };

  const settings = await database().withPrincipal(principal, (tx) =>
    one(
      tx,
      z.record(z.string(), z.unknown()),
      sql`
        select current_setting('app.org_id') as org, current_setting('app.user_id') as user,
          current_setting('app.role') as role,
          current_setting('app.department_ids')::uuid[] as departments,
          current_setting('app.scopes') as scopes, current_setting('app.api_key_id') as key`,
    ),
  );

  expect(settings).toEqual({
    org: orgId,
    user: userId,
    role: 'hr_manager',
    departments: departmentIds,
    scopes: 'content:read chat',
    key: 'dk_1',
  });
});

test('nothing can be written for another organization', async () => {
  const mine = await testOrganization(database());
  const other = await testOrganization(database(), { name: 'Other' });
  const asMine = (statement: Sql) =>
    database().withPrincipal(mine.principal, (tx) => run(tx, statement));

  const inserting = asMine(sql`
    insert into docent.departments (org_id, id, name) values (${other.orgId}, ${newId()}, 'Spies')`);
  await expect(inserting).rejects.toThrow(/row-level security/);
  const moving = asMine(sql`
    update docent.users set org_id = ${other.orgId} where id = ${mine.userId}`);
  await expect(moving).rejects.toThrow(/row-level security/);
  const changed = await asMine(sql`
    update docent.organizations set name = 'Taken over' where org_id = ${other.orgId}`);
  const deleted = await asMine(sql`delete from docent.users where org_id = ${other.orgId}`);

  expect({ changed, deleted }).toEqual({ changed: 0, deleted: 0 });
  expect(await database().withPrincipal(other.principal, namesOf)).toEqual([{ name: 'Other' }]);
});

test('conversations are those of the person, also for an administrator', async () => {
  const { orgId, principal } = await testOrganization(database());
  const learner = await addUser(database(), principal, 'learner');
  await database().withPrincipal(learner, (tx) =>
    run(
      tx,
      sql`
      insert into docent.conversations (org_id, id, user_id, title)
      values (${orgId}, ${newId()}, ${learner.userId}, 'Private')`,
    ),
  );
  const titles = (who: Principal) =>
    database().withPrincipal(who, (tx) =>
      many(
        tx,
        z.object({ title: z.string() }),
        sql`
        select title from docent.conversations where org_id = ${orgId}`,
      ),
    );

  expect(await titles(learner)).toEqual([{ title: 'Private' }]);
  expect(await titles(principal)).toEqual([]);
});

test('many principals at once, some of which fail, never see each other', async () => {
  const organizations = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      testOrganization(database(), { name: `Org ${index}` }),
    ),
  );
  const wrong: string[] = [];
  const ends = { done: 0, failed: 0 };

  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const organization = organizations[index % 10];
      if (organization === undefined) return;
      const see = async (tx: Tx) => {
        const [first, ...rest] = await namesOf(tx);
        if (first?.name !== `Org ${index % 10}` || rest.length > 0)
          wrong.push(`${index}: ${first?.name}`);
      };
      const options = { readOnly: index % 3 === 0 };
      const work = database().withPrincipal(
        organization.principal,
        async (tx) => {
          await see(tx);
          if (index % 4 === 0) throw new Error('on purpose');
          if (index % 7 === 0) await run(tx, sql`select 1 / 0`);
          await Promise.all([see(tx), see(tx)]);
          if (index % 5 === 0) await delay(1);
          await see(tx);
        },
        options,
      );
      await work.then(
        () => ends.done++,
        () => ends.failed++,
      );
    }),
  );

  expect(wrong).toEqual([]);
  // 13 numbers below 50 are divisible by 4, and 6 more by 7.
  expect(ends).toEqual({ done: 31, failed: 19 });
});
