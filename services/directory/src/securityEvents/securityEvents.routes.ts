import { SecurityEvent, securityEventQuery } from '@docent/contracts/access';
import { pageOf } from '@docent/contracts/common';
import type { Principal } from '@docent/core/principal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Page, Wanted } from '../shared/page.ts';

const Filter = z.object(securityEventQuery);

export interface SecurityEventRoutes {
  readonly listSecurityEvents: (
    principal: Principal,
    query: Wanted & z.output<typeof Filter>,
  ) => Promise<Page<SecurityEvent>>;
}

/** GET /security-events. */
export const securityEventRoutes: FastifyPluginAsyncZod<SecurityEventRoutes> = async (
  app,
  { listSecurityEvents },
) => {
  app.get(
    '/security-events',
    {
      config: { scope: 'audit:read', roles: ['admin'] },
      schema: {
        operationId: 'listSecurityEvents',
        summary: 'Failed sign-ins, lock-outs, exceeded limits, newest first',
        description:
          'Equal events of one address within a minute are one, with a count. Kept for a year. Attempts with keys and issuers that nobody has belong to no organization: they are in the log and the metrics.',
        tags: ['audit'],
        querystring: Filter,
        response: { 200: pageOf(SecurityEvent) },
      },
    },
    async ({ principal, query }) => listSecurityEvents(principal, query),
  );
};
