import { newId } from '@docent/core/ids';
import type { Principal, Role } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { createOrganization } from '@docent/directory/bootstrap';
import { ensureUser, insertKey } from '@docent/directory/people.store';
import { createKey } from '@docent/http/apiKey';
import { type App, type AppOptions, createApp } from '@docent/http/app';
import { testDatabase } from '@docent/test/database';
import type { LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';

export interface Caller {
  readonly principal: Principal;
  /** Bearer token. */
  readonly key: string;
}

export interface TestApp extends Caller {
  readonly app: App;
  readonly database: Database;
  /** A request with the administrator's key; `key: null` sends none. */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS',
    url: string,
    options?: {
      body?: object | string | Buffer;
      headers?: Record<string, string>;
      key?: string | null;
    },
  ): Promise<LightMyRequestResponse>;
  /** A person of this role in the same organization. */
  person(role: Role, options?: { scopes?: string[] }): Promise<Caller>;
  /** The administrator of another organization, to whom nothing of the first one exists. */
  secondOrganization(): Promise<Caller>;
}

/**
 * An app on a database of its own with an organization and its administrator; closed when the test
 * ends.
 *
 * @param options.plugins registers what is tested: `(app, database) => app.register(…)`.
 */
export async function testApp(
  options: Partial<AppOptions> & {
    plugins?: (app: App, database: Database) => Promise<unknown> | unknown;
  } = {},
): Promise<TestApp> {
  const { plugins, ...appOptions } = options;
  const database = appOptions.database ?? (await testDatabase());
  const first = await organization(database, 'First organization');
  const app = await createApp({ title: 'Test', log: false, ...appOptions, database });
  onTestFinished(() => app.close());
  await plugins?.(app, database);
  await app.ready();

  return {
    app,
    database,
    ...first,
    async request(method, url, { body, headers = {}, key = first.key } = {}) {
      return app.inject({
        method,
        url,
        headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
        ...(body === undefined ? {} : { payload: body }),
      });
    },
    person: (role, { scopes = ['*'] } = {}) => person(database, first.principal, role, scopes),
    secondOrganization: () => organization(database, 'Second organization'),
  };
}

async function organization(database: Database, name: string): Promise<Caller> {
  const { orgId, adminId, keyId, token } = await createOrganization(database, {
    name,
    adminEmail: 'admin@test.example',
    adminName: 'Admin',
    env: 'test',
  });
  return {
    key: token,
    principal: {
      orgId,
      userId: adminId,
      role: 'admin',
      departmentIds: [],
      apiKeyId: keyId,
      scopes: ['*'],
    },
  };
}

async function person(
  database: Database,
  admin: Principal,
  role: Role,
  scopes: string[],
): Promise<Caller> {
  const { orgId } = admin;
  const key = createKey('test');
  const userId = await database.withPrincipal(admin, async (tx) => {
    const id = newId();
    const email = `${id}@test.example`;
    await ensureUser(tx, { orgId, id, email, name: role, role, departmentId: null });
    await insertKey(tx, orgId, { ...key, userId: id, name: 'test', scopes });
    return id;
  });
  return {
    key: key.token,
    principal: { orgId, userId, role, departmentIds: [], apiKeyId: key.id, scopes },
  };
}
