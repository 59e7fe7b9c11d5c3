import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordSecurityEvent } from './securityEvents.ts';

const OrganizationPath = z.object({ id: z.string() });

/**
 * Keeps what looks like a look over the wall between organizations: a request for an organization that is
 * not there for the caller, and a row that row-level security refused although the service let it pass. Ids of
 * anything else do not tell whose they are: what belongs to others does not exist.
 */
export function registerDenials(app: FastifyInstance): void {
  app.addHook('onError', async (request, _reply, error) => {
    if (Reflect.get(error, 'code') !== '42501' || !isKnown(request)) return;
    recordSecurityEvent(request, 'cross_organization_denied', { by: 'row-level security' });
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode !== 404 || !isKnown(request)) return;
    const url = request.routeOptions.url ?? '';
    if (!/\/organizations\/:id(\/|$)/.test(url)) return;
    const { data } = OrganizationPath.safeParse(request.params);
    if (data === undefined || data.id === request.principal.orgId) return;
    recordSecurityEvent(request, 'cross_organization_denied', {
      organization: data.id.slice(0, 36),
    });
  });
}

function isKnown(request: FastifyRequest): boolean {
  return request.caller.orgId !== undefined;
}
