import { pageOf, pageQuery } from '@docent/contracts/common';
import { Grant, NewGrant } from '@docent/contracts/directory';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Grants } from './grants.ts';

const reading = { config: { scope: 'directory:read' as const } };
const writing = { config: { scope: 'directory:write' as const, roles: ['admin'] as const } };
const tags = ['grants'];
const OfUser = z.object({ id: z.uuid() });

/** GET, POST /users/{id}/grants; DELETE /users/{id}/grants/{grantId}. */
export const grantRoutes: FastifyPluginAsyncZod<{ grants: Grants }> = async (app, { grants }) => {
  app.get(
    '/users/:id/grants',
    {
      ...reading,
      schema: {
        operationId: 'listGrants',
        summary: 'Rights of a person beyond their role, newest first',
        description: 'Administrators read everybody’s, others their own.',
        tags,
        params: OfUser,
        querystring: z.object({
          ...pageQuery,
          inForce: z
            .stringbool()
            .default(true)
            .describe('`false`: also what was revoked or has expired'),
        }),
        response: { 200: pageOf(Grant), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => grants.list(principal, params.id, query),
  );

  app.post(
    '/users/:id/grants',
    {
      ...writing,
      schema: {
        operationId: 'addGrant',
        summary: 'Give a person a right beyond their role',
        description:
          'The same right again is renewed: its reason and expiry are those of the last request. It counts within 5 seconds. `scim` and `keys:write` cannot be granted; departments, organizations, grants and roles are changed by administrators only.',
        tags,
        params: OfUser,
        body: NewGrant,
        response: {
          200: Grant.describe('Renewed'),
          201: Grant.describe('Given'),
          ...problems('not_found'),
        },
      },
    },
    async ({ principal, params, body }, reply) => {
      const { grant, created } = await grants.add(principal, params.id, body);
      return reply.code(created ? 201 : 200).send(grant);
    },
  );

  app.delete(
    '/users/:id/grants/:grantId',
    {
      ...writing,
      schema: {
        operationId: 'revokeGrant',
        summary: 'Take a right back',
        tags,
        params: OfUser.extend({ grantId: z.uuid() }),
        response: { 200: Grant, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => grants.revoke(principal, params.id, params.grantId),
  );
};
