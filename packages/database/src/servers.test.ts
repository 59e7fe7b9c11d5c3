import { AppError } from '@docent/core/errors';
import { createDatabase, testOrganization } from '@docent/test/database';
import { inEmptyDatabase } from '@docent/test/emptyDatabase';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { asAdministrator, databaseUrl } from './administrator.ts';
import { type DatabaseConfig, databaseEnv } from './config.ts';
import type { Database } from './database.ts';
import { systemQuery } from './internal/system.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { many, one, sql } from './sql.ts';

// What only a server can do: other logins, statements that are cancelled, connections that break.
const { DATABASE_URL, DATABASE_ADMIN_URL } = process.env;
const admin = DATABASE_ADMIN_URL ?? DATABASE_URL ?? '';
const onServers = test.runIf(DATABASE_URL);

const Pid = z.object({ pid: z.number() });
const Named = z.object({ name: z.string() });

async function privateDatabase(): Promise<{ database: Database; url: string; adminUrl: string }> {
  const { database, url = '', drop } = await createDatabase();
  onTestFinished(drop);
  return { database, url, adminUrl: databaseUrl(admin, new URL(url).pathname.slice(1)) };
}

function open(url: string, settings: Partial<DatabaseConfig> = {}): Promise<Database> {
  return openDatabase({ ...z.object(databaseEnv).parse({ DATABASE_URL: url }), ...settings });
}

onServers(
  'an administrator’s login acts as docent_app, for whom row-level security bites',
  async () => {
    const { adminUrl } = await privateDatabase();
    const database = await open(adminUrl);
    onTestFinished(() => database.close());
    await testOrganization(database);

    const { rows } = await systemQuery(database)(
      'select current_user::text as role, (select count(*)::int from docent.users) as users',
    );

    expect(rows).toEqual([{ role: 'docent_app', users: 0 }]);
  },
);

onServers(
  'the connection has the settings of the application, whatever the address says',
  async () => {
    const { url } = await privateDatabase();
    const database = await open(`${url}?options=-c%20role%3Dnone%20-c%20lock_timeout%3D1234`);
    onTestFinished(() => database.close());

    const { rows } = await systemQuery(database)(`
    select current_user::text as role, current_setting('search_path') as path,
      current_setting('plan_cache_mode') as plans, current_setting('hnsw.iterative_scan') as scan,
      current_setting('hnsw.ef_search') as ef, current_setting('jit') as jit,
      current_setting('statement_timeout') as timeout, current_setting('lock_timeout') as theirs`);

    expect(rows).toEqual([
      {
        role: 'docent_app',
        path: 'docent,public',
        plans: 'force_custom_plan',
        scan: 'relaxed_order',
        ef: '100',
        jit: 'off',
        timeout: '15s',
        theirs: '1234ms',
      },
    ]);
  },
);

onServers('a statement that runs often is parsed once for each connection', async () => {
  const { url } = await privateDatabase();
  const database = await open(url, { DATABASE_POOL_SIZE: 1 });
  onTestFinished(() => database.close());
  const { principal } = await testOrganization(database);
  const readName = () =>
    database.withPrincipal(principal, (tx) =>
      one(tx, Named, sql`select name from organizations where org_id = ${principal.orgId}`),
    );

  for (let time = 0; time < 20; time++) await readName();

  const { rows } = await systemQuery(database)(`
    select (generic_plans + custom_plans)::int as runs, generic_plans::int as generic
    from pg_prepared_statements
    where statement like 'select name from organizations%'`);
  expect(rows).toEqual([{ runs: 11, generic: 0 }]);
});

onServers(
  'a column that changes while the service runs costs one request for each connection',
  async () => {
    const { url, adminUrl } = await privateDatabase();
    const database = await open(url, { DATABASE_POOL_SIZE: 1 });
    onTestFinished(() => database.close());
    const { principal } = await testOrganization(database);
    const readName = () =>
      database.withPrincipal(
        principal,
        (tx) =>
          one(tx, Named, sql`select name from organizations where org_id = ${principal.orgId}`),
        { readOnly: true },
      );
    for (let time = 0; time < 20; time++) await readName();
    await asAdministrator(adminUrl, (client) =>
      client.query('alter table docent.organizations alter name type varchar'),
    );

    const first = await readName().catch((error: unknown) => error);
    const second = await readName();

    expect(first).toBeInstanceOf(Error);
    expect(second).toEqual({ name: 'Example Ltd' });
  },
);

onServers('a statement that takes too long is given up', async () => {
  const { url } = await privateDatabase();
  const database = await open(url, { DATABASE_STATEMENT_TIMEOUT_MS: 100 });
  onTestFinished(() => database.close());
  const { principal } = await testOrganization(database);

  const asking = database.withPrincipal(principal, (tx) =>
    many(tx, z.unknown(), sql`select pg_sleep(30)`),
  );

  await expect(asking).rejects.toThrow(
    new AppError('database_unavailable', 'The database took too long for a statement.'),
  );
});

onServers('a caller who goes stops the statement on the server', async () => {
  const { database, adminUrl } = await privateDatabase();
  const { principal } = await testOrganization(database);
  const controller = new AbortController();
  const sleeping = () =>
    asAdministrator(adminUrl, async (client) => {
      const { rowCount } = await client.query(
        "select from pg_stat_activity where state = 'active' and query = 'select pg_sleep(30)'",
      );
      return rowCount;
    });

  const asking = database.withPrincipal(
    principal,
    (tx) => many(tx, z.unknown(), sql`select pg_sleep(30)`),
    { signal: controller.signal, readOnly: true },
  );
  asking.catch(() => undefined);
  await expect.poll(sleeping).toBe(1);
  controller.abort(new Error('gone'));

  await expect(asking).rejects.toThrow('gone');
  await expect.poll(sleeping).toBe(0);
  await database.ping();
});

onServers(
  'a connection that breaks in a transaction is an unavailable database, once',
  async () => {
    const { database, adminUrl } = await privateDatabase();
    const { principal } = await testOrganization(database);
    const kill = (pid: number) =>
      asAdministrator(adminUrl, (client) => client.query('select pg_terminate_backend($1)', [pid]));

    const asking = database.withPrincipal(principal, async (tx) => {
      const { pid } = await one(tx, Pid, sql`select pg_backend_pid() as pid`);
      await kill(pid);
      await one(tx, Pid, sql`select pg_backend_pid() as pid`);
    });

    await expect(asking).rejects.toMatchObject({ code: 'database_unavailable' });
    await database.ping();
  },
);

onServers('a connection that breaks while nobody uses it is replaced', async () => {
  const { database, adminUrl } = await privateDatabase();
  const { rows } = await systemQuery(database)('select pg_backend_pid() as pid');
  const [{ pid }] = z.tuple([Pid]).parse(rows);

  await asAdministrator(adminUrl, (client) =>
    client.query('select pg_terminate_backend($1)', [pid]),
  );

  await expect
    .poll(() =>
      database.ping().then(
        () => 'answers',
        () => 'does not',
      ),
    )
    .toBe('answers');
});

onServers('a pool with no free connection refuses after a while', { timeout: 20_000 }, async () => {
  const { url } = await privateDatabase();
  const database = await open(url, { DATABASE_POOL_SIZE: 1 });
  onTestFinished(() => database.close());
  const { principal } = await testOrganization(database);
  const hold = Promise.withResolvers<void>();
  const holder = database.withPrincipal(principal, () => hold.promise);

  await expect(database.ping()).rejects.toMatchObject({ code: 'database_unavailable' });

  hold.resolve();
  await holder;
  await database.ping();
});

onServers('a server that is not there is an unavailable database', async () => {
  await expect(open('postgres://docent_app@127.0.0.1:1/docent')).rejects.toMatchObject({
    code: 'database_unavailable',
  });
});

onServers('a database without the schema says what to run', async () => {
  await inEmptyDatabase(async (_, url = '') => {
    await expect(open(url)).rejects.toThrow(/lacks the migration.* Run: npm run migrate/);
  });
});

onServers('a schema that is newer than the code is refused', async () => {
  const { url, adminUrl } = await privateDatabase();
  await asAdministrator(adminUrl, (client) =>
    client.query("insert into docent_meta.checksums (name, sha256) values ('0999_future', 'x')"),
  );

  await expect(open(url)).rejects.toThrow(
    'The database has the migration 0999_future, which this version of Docent does not know.',
  );
});

onServers('a search operator that is not leakproof is refused, unless it is accepted', async () => {
  const { url, adminUrl } = await privateDatabase();
  await asAdministrator(adminUrl, (client) =>
    client.query('alter function pg_catalog.ts_match_vq(tsvector, tsquery) not leakproof'),
  );

  await expect(open(url)).rejects.toThrow(/ACCEPT_SLOW_WORD_SEARCH=true/);
  const accepted = await open(url, { ACCEPT_SLOW_WORD_SEARCH: true });
  await accepted.close();
  await asAdministrator(adminUrl, migrate);
  const repaired = await open(url);
  await repaired.close();
});

onServers('a role that owns tables of Docent is refused', async () => {
  const { url, adminUrl } = await privateDatabase();
  await asAdministrator(adminUrl, (client) =>
    client.query('alter table docent.feedback owner to docent_app'),
  );

  await expect(open(url)).rejects.toThrow(
    'The database role docent_app owns tables of Docent: row-level security would not hold.',
  );
});

onServers('a login that is no member of docent_app is told how to become one', async () => {
  const { url, adminUrl } = await privateDatabase();
  const login = `docent_test_login_${process.pid}`;
  await asAdministrator(adminUrl, (client) =>
    client.query(`create role ${login} login password 'secret'`),
  );
  onTestFinished(() =>
    asAdministrator(adminUrl, async (client) => {
      await client.query(`drop role ${login}`);
    }),
  );
  const stranger = new URL(url);
  stranger.username = login;
  stranger.password = 'secret';

  await expect(open(stranger.href)).rejects.toThrow(/grant docent_app to/);
  await asAdministrator(adminUrl, (client) => client.query(`grant docent_app to ${login}`));
  const member = await open(stranger.href);
  await member.close();
});

onServers.each([
  ['organization on docent.organizations', 'an organization sees another one’s rows'],
  ['signed on docent.organizations', 'a principal can be forged'],
])('without the policy %s nothing starts', async (policy, sentence) => {
  const { url, adminUrl } = await privateDatabase();
  await asAdministrator(adminUrl, (client) => client.query(`drop policy ${policy}`));

  await expect(open(url)).rejects.toThrow(`Row-level security does not hold: ${sentence}.`);
});

onServers('the test of the walls leaves nothing behind', async () => {
  const { adminUrl } = await privateDatabase();

  const counts = await asAdministrator(adminUrl, (client) =>
    client.query('select count(*)::int as count from docent.organizations'),
  );

  expect(counts.rows).toEqual([{ count: 0 }]);
});

onServers(
  'each connection of a pool has a key of its own, and one that breaks is replaced',
  async () => {
    const { database, adminUrl } = await privateDatabase();
    const { principal } = await testOrganization(database);
    const see = () =>
      database.withPrincipal(principal, (tx) =>
        one(tx, Pid, sql`select pg_backend_pid() as pid from docent.organizations, pg_sleep(0.05)`),
      );
    const before = await Promise.all(Array.from({ length: 5 }, see));
    await asAdministrator(adminUrl, (client) =>
      client.query('select pg_terminate_backend(pid) from docent_private.sessions'),
    );
    await database.ping().catch(() => undefined);

    const after = await Promise.all(Array.from({ length: 5 }, () => see().catch(see)));

    expect(new Set(before.map(({ pid }) => pid)).size).toBe(5);
    expect(after).toHaveLength(5);
  },
);
