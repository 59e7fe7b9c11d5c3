import { VERSION } from '@docent/core/version';
import type { Database } from '@docent/database/database';
import type { FastifyPluginAsync } from 'fastify';
import { accessRoutes } from './access.ts';
import { auditRoutes } from './audit/audit.routes.ts';
import { makeAudit } from './audit/audit.ts';
import { keepAuditPartitions } from './audit/partitions.ts';
import { type AccessConfig, accessConfigOf } from './config.ts';
import { demoSignInRoutes } from './demoSignIn/demoSignIn.routes.ts';
import { makeDemoSignIn } from './demoSignIn/demoSignIn.ts';
import { departmentRoutes } from './departments/departments.routes.ts';
import { makeDepartments } from './departments/departments.ts';
import { grantRoutes } from './grants/grants.routes.ts';
import { makeGrants } from './grants/grants.ts';
import { meRoutes } from './me.routes.ts';
import { readMe } from './me.ts';
import { organizationRoutes } from './organizations/organizations.routes.ts';
import { makeOrganizations } from './organizations/organizations.ts';
import { importRoutes } from './people/import/import.routes.ts';
import { importPeople } from './people/import/import.ts';
import { peopleRoutes } from './people/people.routes.ts';
import { makePeople } from './people/people.ts';
import { makeScimGroups } from './scim/groups.ts';
import { scimRoutes } from './scim/scim.routes.ts';
import { makeScimUsers } from './scim/users.ts';
import { statusRoutes } from './status/status.routes.ts';
import { type Installation, readStatus } from './status/status.ts';
import { makeBudgets } from './usage/budgets.ts';
import { usageRoutes } from './usage/usage.routes.ts';
import { readUsage } from './usage/usage.ts';

export interface DirectoryOptions {
  readonly database: Database;
  readonly access?: AccessConfig;
  /** Whoever is at this machine may sign in as anybody of the demo company. Never in production. */
  readonly demo?: boolean;
  /** Told to administrators. */
  readonly installation?: Installation;
}

/** A process that serves the directory alone. */
const bare: Installation = { version: VERSION, cache: null, models: null };

/** The directory service: organizations, people, API keys. */
export const directoryService: FastifyPluginAsync<DirectoryOptions> = async (
  app,
  { database, access = accessConfigOf({}), demo = false, installation = bare },
) => {
  const prefix = '/v1';
  await app.register(meRoutes, {
    prefix,
    readMe: (principal, options) => readMe(database, principal, options),
  });
  if (demo) {
    await app.register(demoSignInRoutes, { prefix, demo: makeDemoSignIn(database) });
  }
  await app.register(accessRoutes, { prefix, database, config: access });
  await app.register(organizationRoutes, { prefix, organizations: makeOrganizations(database) });
  await app.register(departmentRoutes, {
    prefix,
    database,
    departments: makeDepartments(database),
  });
  await app.register(peopleRoutes, { prefix, database, people: makePeople(database) });
  await app.register(importRoutes, {
    prefix,
    importPeople: (principal, rows, options) => importPeople(database, principal, rows, options),
  });
  await app.register(auditRoutes, { prefix, audit: makeAudit(database) });
  const stop = keepAuditPartitions(database, (err) =>
    app.log.warn({ err }, 'no partitions could be made for the audit log'),
  );
  app.addHook('preClose', stop);
  await app.register(grantRoutes, { prefix, grants: makeGrants(database) });
  await app.register(usageRoutes, {
    prefix,
    budgets: makeBudgets(database),
    readUsage: (principal, query, options) => readUsage(database, principal, query, options),
  });
  await app.register(statusRoutes, {
    prefix,
    readStatus: (principal, options) => readStatus(database, installation, principal, options),
  });
  await app.register(scimRoutes, {
    prefix: '/scim/v2',
    users: makeScimUsers(database),
    groups: makeScimGroups(database),
  });
};
