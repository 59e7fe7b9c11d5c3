import { Me } from '@docent/contracts/directory';
import type { Principal } from '@docent/core/principal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

export interface MeRoutes {
  readonly readMe: (principal: Principal, options: { signal: AbortSignal }) => Promise<Me>;
}

/** GET /me */
export const meRoutes: FastifyPluginAsyncZod<MeRoutes> = async (app, { readMe }) => {
  app.get(
    '/me',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'readMe',
        summary: 'Who is calling, how they signed in, and what they may do',
        tags: ['directory'],
        response: { 200: Me },
      },
    },
    async (request) => readMe(request.principal, { signal: request.signal }),
  );
};
