import { pageOf, pageQuery, Timestamp } from '@docent/contracts/common';
import { NodeRef } from '@docent/contracts/learning';
import { Edge } from '@docent/contracts/learningEdges';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Edges } from '../graph/edges.ts';
import type { Links } from './links.ts';

const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const tags = ['learning graph'];
const ById = z.object({ id: z.uuid() });
const Proposal = z.object({
  id: z.uuid().describe('Also the id of the edge'),
  content: NodeRef,
  to: NodeRef,
  score: z.number().min(0).max(1).describe('How sure it is, half by meaning, half by words'),
  evidence: z.object({
    similarity: z.number().nullable().describe('Cosine of the nearest passage, −1 to 1'),
    words: z.number().describe('Share of the words, by how much they tell, 0 to 1'),
  }),
  createdAt: Timestamp,
});

/** /v1/links: which content belongs to which skill or course, proposed and decided. */
export const linkRoutes: FastifyPluginAsyncZod<{ links: Links; edges: Edges }> = async (
  app,
  { links, edges },
) => {
  app.post(
    '/v1/links/propose',
    {
      ...writing,
      schema: {
        operationId: 'proposeLinks',
        summary: 'Compare content with skills and courses, and propose which belong together',
        description: 'Worked out in the background. What was confirmed or rejected stays.',
        tags,
        response: { 202: z.object({ queued: z.literal(true) }) },
      },
    },
    async ({ principal }, reply) => {
      await links.ask(principal);
      return reply.code(202).send({ queued: true as const });
    },
  );

  app.get(
    '/v1/links',
    {
      ...writing,
      schema: {
        operationId: 'listLinks',
        summary: 'Open proposals, surest first',
        tags,
        querystring: z.object({
          ...pageQuery,
          contentId: z.uuid().optional(),
          toId: z.uuid().optional().describe('A skill or course'),
        }),
        response: { 200: pageOf(Proposal) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      links.list(principal, filters, { cursor, limit }),
  );

  for (const [action, status] of [
    ['confirm', 'confirmed'],
    ['reject', 'rejected'],
  ] as const) {
    app.post(
      `/v1/links/:id/${action}`,
      {
        ...writing,
        schema: {
          operationId: `${action}Link`,
          summary:
            action === 'confirm'
              ? 'Confirm a proposal: the edge counts from now on'
              : 'Reject a proposal: it is not proposed again',
          tags,
          params: ById,
          response: { 200: Edge, ...problems('not_found', 'conflict') },
        },
      },
      async ({ principal, params }) => edges.change(principal, params.id, { status }, undefined),
    );
  }
};
