import { Identity, NewIdentity } from '@docent/contracts/access';
import type { Database } from '@docent/database/database';
import { IdempotencyHeaders, sendOutcome, withIdempotency } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Identities } from './identities.ts';

const reading = { config: { scope: 'directory:read' as const } };
// Whoever links an identity to a person lets its owner be that person: a key that is narrowed may not.
const writing = { config: { scope: '*' as const, roles: ['admin'] as const } };
const tags = ['sign-in'];
const OfUser = z.object({ id: z.uuid() });

/** GET, POST /users/{id}/identities; DELETE /users/{id}/identities/{identityId}. */
export const identityRoutes: FastifyPluginAsyncZod<{
  database: Database;
  identities: Identities;
}> = async (app, { database, identities }) => {
  app.get(
    '/users/:id/identities',
    {
      ...reading,
      schema: {
        operationId: 'listIdentities',
        summary: 'By which issuers’ tokens a person comes in, oldest first',
        description: 'Administrators read everybody’s, others their own.',
        tags,
        params: OfUser,
        response: { 200: z.object({ items: z.array(Identity) }), ...problems('not_found') },
      },
    },
    async ({ principal, params }) => ({ items: await identities.list(principal, params.id) }),
  );

  app.post(
    '/users/:id/identities',
    {
      ...writing,
      schema: {
        operationId: 'linkIdentity',
        summary: 'Let a person come in by tokens of an issuer',
        tags,
        headers: IdempotencyHeaders,
        params: OfUser,
        body: NewIdentity,
        response: {
          201: Identity,
          ...problems(
            'not_found',
            'conflict',
            'idempotency_key_in_flight',
            'idempotency_key_reused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { principal, params, body } = request;
      const outcome = await withIdempotency(
        database,
        request,
        JSON.stringify(body),
        async (tx) => ({
          status: 201,
          body: await identities.link(tx, principal, params.id, body),
        }),
      );
      return sendOutcome(reply, outcome);
    },
  );

  app.delete(
    '/users/:id/identities/:identityId',
    {
      ...writing,
      schema: {
        operationId: 'unlinkIdentity',
        summary: 'Let a person come in by an identity no more',
        description: 'Its tokens are refused within 5 seconds.',
        tags,
        params: OfUser.extend({ identityId: z.uuid() }),
        response: { 204: z.null().describe('Unlinked'), ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await identities.unlink(principal, params.id, params.identityId);
      return reply.code(204).send(null);
    },
  );
};
