import type { Database } from '@docent/database/database';
import type { FastifyPluginAsync } from 'fastify';
import { apiKeyRoutes } from './apiKeys/apiKeys.routes.ts';
import { makeApiKeys } from './apiKeys/apiKeys.ts';
import type { AccessConfig } from './config.ts';
import { identityRoutes } from './issuers/identities.routes.ts';
import { makeIdentities } from './issuers/identities.ts';
import { issuerRoutes } from './issuers/issuers.routes.ts';
import { makeIssuers } from './issuers/issuers.ts';
import { securityEventRoutes } from './securityEvents/securityEvents.routes.ts';
import { listSecurityEvents } from './securityEvents/securityEvents.ts';

export interface AccessOptions {
  readonly database: Database;
  readonly config: AccessConfig;
}

/** How people and other services come in: API keys, issuers of access tokens, identities; and who tried to. */
export const accessRoutes: FastifyPluginAsync<AccessOptions> = async (
  app,
  { database, config: { apiKeyMaxDays: maxDays, allowLocalIssuers: allowLocalHttp } },
) => {
  await app.register(apiKeyRoutes, { database, apiKeys: makeApiKeys(database, { maxDays }) });
  await app.register(issuerRoutes, {
    database,
    issuers: makeIssuers(database, { allowLocalHttp }),
  });
  await app.register(identityRoutes, { database, identities: makeIdentities(database) });
  await app.register(securityEventRoutes, {
    listSecurityEvents: (principal, query) => listSecurityEvents(database, principal, query),
  });
};
