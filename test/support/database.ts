import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseEnv } from '@docent/core/env';
import { newId } from '@docent/core/ids';
import { type Principal, type Role, workerPrincipal } from '@docent/core/principal';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv, IN_MEMORY } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { openDatabase } from '@docent/database/open';
import { run, sql } from '@docent/database/sql';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';

/** A private, migrated, empty database for one test; gone when the test ends. */
export async function testDatabase(): Promise<Database> {
  const { database, drop } = await createDatabase();
  onTestFinished(drop);
  return database;
}

/**
 * The same for all tests of a file, or of a `describe`: call it outside of tests.
 *
 * @returns gives the database, once `beforeAll` ran.
 */
export function fileDatabase(): () => Database {
  let made: Awaited<ReturnType<typeof createDatabase>> | undefined;
  beforeAll(async () => {
    made = await createDatabase();
  });
  afterAll(() => made?.drop());
  return () => {
    if (made === undefined)
      throw new Error('fileDatabase() gives its database inside of tests only.');
    return made.database;
  };
}

/** For tests of opening and closing: how to open the database again, and how to be rid of it. */
export async function createDatabase(): Promise<{
  database: Database;
  /** The `DATABASE_URL` of a server's test database; undefined when embedded. */
  url: string | undefined;
  drop: () => Promise<void>;
}> {
  const config = parseEnv(databaseEnv, process.env);
  const admin = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  const template = inject('databaseTemplate');
  if (config.DATABASE_URL === undefined || admin === undefined) {
    const database = await openDatabase(
      { ...config, DOCENT_DATA_DIR: IN_MEMORY },
      await readFile(template),
    );
    return { database, url: undefined, drop: () => database.close() };
  }

  const name = `docent_test_${randomUUID().replaceAll('-', '')}`;
  await statement(admin, `create database ${name} template ${template} strategy file_copy`);
  const url = databaseUrl(config.DATABASE_URL, name);
  const database = await openDatabase({
    ...config,
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: 5,
  });
  const drop = async () => {
    await database.close();
    await statement(admin, `drop database if exists ${name} with (force)`);
  };
  return { database, url, drop };
}

function statement(admin: string, text: string): Promise<unknown> {
  return asAdministrator(admin, (client) => client.query(text));
}

export interface TestOrganization {
  readonly orgId: string;
  readonly userId: string;
  /** The first user, an admin. */
  readonly principal: Principal;
}

/** A new organization with one user, who is its admin. */
export async function testOrganization(
  database: Database,
  { name = 'Example Ltd' }: { name?: string } = {},
): Promise<TestOrganization> {
  const orgId = newId();
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await run(
      tx,
      sql`
      insert into docent.organizations (org_id, name)
      values (${orgId}, ${name})`,
    );
  });
  const principal = await addUser(database, workerPrincipal(orgId), 'admin');
  return { orgId, userId: principal.userId, principal };
}

/** Another user in the organization of `principal`, as who they call. */
export async function addUser(
  database: Database,
  principal: Principal,
  role: Role,
  { departmentId }: { departmentId?: string } = {},
): Promise<Principal> {
  const { orgId } = principal;
  const userId = newId();
  await database.withPrincipal(principal, async (tx) => {
    await run(
      tx,
      sql`
      insert into docent.users (org_id, id, email, name, role, department_id)
      values (${orgId}, ${userId}, ${`${role}-${userId}@example.org`}, ${`A ${role}`}, ${role},
        ${departmentId ?? null})`,
    );
  });
  const departmentIds = departmentId === undefined ? [] : [departmentId];
  return { orgId, userId, role, departmentIds, scopes: ['*'] };
}
