import { newId } from '@docent/core/ids';
import { fileDatabase, testDatabase, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { many, one, run, type Sql, sql, type Tx } from './sql.ts';
import { violationOf } from './violation.ts';

const database = fileDatabase();
const Name = z.object({ name: z.string() });

const insertDepartment = (orgId: string, id: string, name: string): Sql => sql`
  insert into docent.departments (org_id, id, name)
  values (${orgId}, ${id}, ${name})`;

async function departments(): Promise<{
  names: () => Promise<string[]>;
  as: <T>(work: (tx: Tx) => Promise<T>, options?: { readOnly?: boolean }) => Promise<T>;
  orgId: string;
}> {
  const { orgId, principal } = await testOrganization(database());
  const as = <T>(work: (tx: Tx) => Promise<T>, options?: { readOnly?: boolean }) =>
    database().withPrincipal(principal, work, options);
  const names = async () => {
    const rows = await as((tx) =>
      many(
        tx,
        Name,
        sql`select name from docent.departments where org_id = ${orgId} order by name`,
      ),
    );
    return rows.map(({ name }) => name);
  };
  return { names, as, orgId };
}

test('what was written stays, and nothing of it when the work throws', async () => {
  const { as, names, orgId } = await departments();

  await as((tx) => run(tx, insertDepartment(orgId, newId(), 'Sales')));
  const failing = as(async (tx) => {
    await run(tx, insertDepartment(orgId, newId(), 'Legal'));
    throw new RangeError('not this one');
  });

  await expect(failing).rejects.toThrow(new RangeError('not this one'));
  expect(await names()).toEqual(['Sales']);
});

test('a write that the work did not wait for belongs to the transaction', async () => {
  const { as, names, orgId } = await departments();

  await as(async (tx) => {
    run(tx, insertDepartment(orgId, newId(), 'Late')).catch(() => undefined);
  });

  expect(await names()).toEqual(['Late']);
});

test('a failure that the work swallowed still fails the transaction', async () => {
  const { as, names, orgId } = await departments();
  const id = newId();

  const swallowing = as(async (tx) => {
    await run(tx, insertDepartment(orgId, id, 'First'));
    await run(tx, insertDepartment(orgId, id, 'Second')).catch(() => undefined);
  });

  await expect(swallowing).rejects.toMatchObject({ code: 'conflict' });
  expect(await names()).toEqual([]);
});

test('a read-only transaction refuses a write', async () => {
  const { as, names, orgId } = await departments();

  const writing = as((tx) => run(tx, insertDepartment(orgId, newId(), 'Sales')), {
    readOnly: true,
  });

  await expect(writing).rejects.toThrow(/read-only transaction/);
  expect(await names()).toEqual([]);
});

test('a transaction inside of another one is refused instead of waiting for itself', async () => {
  const { as, names } = await departments();

  const nested = as(async (tx) => {
    await many(tx, Name, sql`select name from docent.organizations`);
    await names();
  });

  await expect(nested).rejects.toThrow(/inside of another one/);
  expect(await names()).toEqual([]);
});

test('a transaction may be followed by another one in the same story', async () => {
  const { as, names, orgId } = await departments();

  const found = await as((tx) => run(tx, insertDepartment(orgId, newId(), 'Sales'))).then(names);

  expect(found).toEqual(['Sales']);
});

test('a tx cannot be used after its transaction', async () => {
  const { as } = await departments();
  const kept: Tx[] = [];
  await as(async (tx) => {
    kept.push(tx);
  });

  const late = Promise.all(kept.map((tx) => many(tx, Name, sql`select 'x' as name`)));

  await expect(late).rejects.toThrow('The transaction of this statement has ended.');
});

test.each([
  {
    what: 'a second row with the same key',
    statement: (orgId: string) => sql`
      insert into docent.organizations (org_id, name) values (${orgId}, 'Again')`,
    violation: { kind: 'unique', constraint: 'organizations_pkey', table: 'organizations' },
  },
  {
    what: 'a reference to what is not there',
    statement: (orgId: string) => sql`
      insert into docent.departments (org_id, id, parent_id, name)
      values (${orgId}, ${newId()}, ${newId()}, 'Orphan')`,
    violation: {
      kind: 'foreign_key',
      constraint: 'departments_org_id_parent_id_fkey',
      table: 'departments',
    },
  },
  {
    what: 'a value outside of its list',
    statement: (orgId: string) => sql`
      insert into docent.users (org_id, id, email, name, role)
      values (${orgId}, ${newId()}, 'a@example.org', 'A', 'king')`,
    violation: { kind: 'check', constraint: 'users_role_check', table: 'users' },
  },
  {
    what: 'a value that is missing',
    statement: (orgId: string) => sql`
      insert into docent.departments (org_id, id, name) values (${orgId}, ${newId()}, ${null})`,
    violation: { kind: 'not_null', constraint: 'name', table: 'departments' },
  },
])('$what is a conflict that names the constraint', async ({ statement, violation }) => {
  const { as, orgId } = await departments();

  const error: unknown = await as((tx) => run(tx, statement(orgId))).catch((e: unknown) => e);

  expect(error).toMatchObject({
    code: 'conflict',
    details: { constraint: violation.constraint, table: violation.table },
  });
  expect(violationOf(error)).toMatchObject(violation);
});

test.each([
  ['NUL in text', sql`select ${'a\u0000b'}::text as name`],
  ['NUL in JSON', sql`select (${{ a: 'x\u0000y' }}::jsonb)->>'a' as name`],
  ['half a surrogate pair in JSON', sql`select (${{ a: '\ud83d' }}::jsonb)->>'a' as name`],
])('%s is the fault of the caller', async (_, statement) => {
  const { as } = await departments();

  const asking = as((tx) => many(tx, Name, statement));

  await expect(asking).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a mistake in a statement is a bug, not an expected failure', async () => {
  const { as } = await departments();

  const asking = as((tx) => many(tx, Name, sql`select nothing from nowhere`));

  await expect(asking).rejects.toMatchObject({ name: 'error', code: '42P01' });
});

test('a principal that is none fails without showing anything', async () => {
  const { principal } = await testOrganization(database());

  const asking = database().withPrincipal({ ...principal, orgId: 'not an id' }, (tx) =>
    many(tx, Name, sql`select name from docent.organizations`),
  );

  await expect(asking).rejects.toThrow(/invalid input syntax for type uuid/);
});

test('a caller who has gone already gets no connection', async () => {
  const { principal } = await testOrganization(database());
  const reason = new Error('gone');
  let asked = false;

  const asking = database().withPrincipal(
    principal,
    async () => {
      asked = true;
    },
    { signal: AbortSignal.abort(reason) },
  );

  await expect(asking).rejects.toBe(reason);
  expect(asked).toBe(false);
});

test('a caller who goes in the middle stops the work and undoes it', async () => {
  const { names, orgId } = await departments();
  const controller = new AbortController();
  const principal = {
    orgId,
    userId: newId(),
    role: 'admin',
    departmentIds: [],
    scopes: ['*'],
  } as const;

  const working = database().withPrincipal(
    principal,
    async (tx) => {
      await run(tx, insertDepartment(orgId, newId(), 'Half'));
      controller.abort(new Error('gone'));
      await run(tx, insertDepartment(orgId, newId(), 'Whole'));
    },
    { signal: controller.signal },
  );

  await expect(working).rejects.toThrow('gone');
  expect(await names()).toEqual([]);
});

test('a caller who waits for a connection and goes gives up the place', async () => {
  const db = await testDatabase();
  const { principal } = await testOrganization(db);
  const controller = new AbortController();
  const hold = Promise.withResolvers<void>();
  // As many as any pool of a test has: the next one waits.
  const holders = Array.from({ length: db.kind === 'embedded' ? 1 : 5 }, () =>
    db.withPrincipal(principal, async (tx) => {
      await many(tx, Name, sql`select 'held' as name`);
      await hold.promise;
    }),
  );

  const waiting = db.withPrincipal(principal, async () => 'served', { signal: controller.signal });
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  hold.resolve();
  await Promise.all(holders);

  const after = await db.withPrincipal(principal, (tx) =>
    one(tx, Name, sql`select 'free again' as name`),
  );
  expect(after.name).toBe('free again');
});

test('a closed database is unavailable', async () => {
  const db = await testDatabase();
  const { principal } = await testOrganization(db);
  await db.ping();
  await db.close();

  await expect(db.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
  await expect(db.withPrincipal(principal, async () => 1)).rejects.toMatchObject({
    code: 'database_unavailable',
  });
});
