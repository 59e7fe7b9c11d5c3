import { Issuer, IssuerUpdate, NewIssuer } from '@docent/contracts/access';
import { pageOf, pageQuery } from '@docent/contracts/common';
import type { Database } from '@docent/database/database';
import { IdempotencyHeaders, sendOutcome, withIdempotency } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Issuers } from './issuers.ts';

const reading = { config: { scope: 'directory:read' as const, roles: ['admin'] as const } };
// Whoever says whose tokens are believed can become anybody: a key that is narrowed may not.
const writing = { config: { scope: '*' as const, roles: ['admin'] as const } };
const tags = ['sign-in'];
const ById = z.object({ id: z.uuid() });

/** GET, POST /issuers; GET, PATCH, DELETE /issuers/{id}. */
export const issuerRoutes: FastifyPluginAsyncZod<{ database: Database; issuers: Issuers }> = async (
  app,
  { database, issuers },
) => {
  app.get(
    '/issuers',
    {
      ...reading,
      schema: {
        operationId: 'listIssuers',
        summary: 'Whose access tokens are believed, newest first',
        tags,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Issuer) },
      },
    },
    async ({ principal, query }) => issuers.list(principal, query),
  );

  app.get(
    '/issuers/:id',
    {
      ...reading,
      schema: {
        operationId: 'getIssuer',
        summary: 'An issuer of access tokens',
        tags,
        params: ById,
        response: { 200: Issuer, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => issuers.get(principal, params.id),
  );

  app.post(
    '/issuers',
    {
      ...writing,
      schema: {
        operationId: 'createIssuer',
        summary: 'Believe the access tokens of an issuer',
        description:
          'Tokens (JWT) of this issuer for this audience let people in whose identity is linked. An issuer and audience lead to one organization only. The audience should be one that the issuer gives to tokens for this service alone.',
        tags,
        headers: IdempotencyHeaders,
        body: NewIssuer,
        response: {
          201: Issuer,
          ...problems('conflict', 'idempotency_key_in_flight', 'idempotency_key_reused'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const outcome = await withIdempotency(database, request, JSON.stringify(body), async (tx) => {
        const created = await issuers.create(tx, principal, body);
        return { status: 201, headers: { location: `/v1/issuers/${created.id}` }, body: created };
      });
      return sendOutcome(reply, outcome);
    },
  );

  app.patch(
    '/issuers/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateIssuer',
        summary: 'Change an issuer',
        description:
          'Fields that are not named stay; `issuer` cannot be changed, because people are linked to what it says. It counts within 5 seconds.',
        tags,
        params: ById,
        body: IssuerUpdate,
        response: { 200: Issuer, ...problems('not_found', 'conflict') },
      },
    },
    async ({ principal, params, body }) => issuers.change(principal, params.id, body),
  );

  app.delete(
    '/issuers/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteIssuer',
        summary: 'Believe an issuer no more; whom its identities were linked to is forgotten',
        tags,
        params: ById,
        response: { 204: z.null().describe('Deleted'), ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await issuers.remove(principal, params.id);
      return reply.code(204).send(null);
    },
  );
};
