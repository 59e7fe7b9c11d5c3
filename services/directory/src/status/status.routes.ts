import { Status } from '@docent/contracts/status';
import type { Principal } from '@docent/core/principal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

export interface StatusRoutes {
  readonly readStatus: (principal: Principal, options: { signal: AbortSignal }) => Promise<Status>;
}

/** GET /status */
export const statusRoutes: FastifyPluginAsyncZod<StatusRoutes> = async (app, { readStatus }) => {
  app.get(
    '/status',
    {
      config: { scope: 'directory:read', roles: ['admin'] },
      schema: {
        operationId: 'readStatus',
        summary: 'How this installation is set up, and how it is doing',
        description: 'Whether it is ready to work at all is told to everybody by `/ready`.',
        tags: ['directory'],
        response: { 200: Status },
      },
    },
    async (request) => readStatus(request.principal, { signal: request.signal }),
  );
};
