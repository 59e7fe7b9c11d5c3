import { pageOf, pageQuery } from '@docent/contracts/common';
import { Edge, EdgeUpdate, edgeFilters, NewEdge } from '@docent/contracts/learningEdges';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Edges } from './edges.ts';

const reading = { config: { scope: 'learning:read' as const } };
const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const ById = z.object({ id: z.uuid() });

/** /v1/edges and /v1/edges/{id}: what leads where in the learning graph. */
export const edgeRoutes: FastifyPluginAsyncZod<{ database: Database; edges: Edges }> = async (
  app,
  { database, edges },
) => {
  app.get(
    '/v1/edges',
    {
      ...reading,
      schema: {
        operationId: 'listEdges',
        summary: 'Edges of the learning graph, oldest first',
        tags: ['learning graph'],
        querystring: z.object({ ...pageQuery, ...edgeFilters }),
        response: { 200: pageOf(Edge) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      edges.list(principal, filters, { cursor, limit }),
  );

  app.post(
    '/v1/edges',
    {
      ...writing,
      schema: {
        operationId: 'createEdge',
        summary: 'Add an edge; a prerequisite that closes a cycle is refused',
        tags: ['learning graph'],
        headers: IdempotencyHeaders,
        body: NewEdge,
        response: { 201: Edge, ...problems('not_found', 'conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/edges', (tx) =>
        edges.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/edges/:id',
    {
      ...reading,
      schema: {
        operationId: 'getEdge',
        summary: 'An edge',
        tags: ['learning graph'],
        params: ById,
        response: { 200: Edge, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await edges.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/edges/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateEdge',
        summary: 'Change the weight of an edge, confirm or reject a proposed one',
        tags: ['learning graph'],
        params: ById,
        headers: IfMatchHeaders,
        body: EdgeUpdate,
        response: { 200: Edge, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await edges.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/edges/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteEdge',
        summary: 'Delete an edge',
        tags: ['learning graph'],
        params: ById,
        headers: IfMatchHeaders,
        response: {
          204: z.null().describe('Deleted'),
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, headers }, reply) => {
      await edges.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );
};
