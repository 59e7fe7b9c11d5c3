import type { Database } from '@docent/database/database';
import type { FastifyPluginAsync } from 'fastify';
import { meRoutes } from './me.routes.ts';
import { readMe } from './me.ts';

export interface DirectoryOptions {
  readonly database: Database;
}

/** The directory service: organizations, people, API keys. */
export const directoryService: FastifyPluginAsync<DirectoryOptions> = async (app, { database }) => {
  await app.register(meRoutes, {
    prefix: '/v1',
    readMe: (principal, options) => readMe(database, principal, options),
  });
};
