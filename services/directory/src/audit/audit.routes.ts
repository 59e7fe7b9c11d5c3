import { Readable } from 'node:stream';
import { AuditEntry, auditFilter, auditQuery } from '@docent/contracts/audit';
import { pageOf } from '@docent/contracts/common';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Audit } from './audit.ts';

const access = { scope: 'audit:read' as const, roles: ['admin'] as const };
const tags = ['audit'];

/** What is streamed has no type of its own. */
const lines: Record<number, object> = {
  200: {
    description: 'An entry a line, each as the list has it',
    content: { 'application/x-ndjson': { schema: z.string() } },
  },
};

/** GET /audit, /audit/export. */
export const auditRoutes: FastifyPluginAsyncZod<{ audit: Audit }> = async (app, { audit }) => {
  app.get(
    '/audit',
    {
      config: access,
      schema: {
        operationId: 'listAuditEntries',
        summary: 'Who changed what, newest first',
        description:
          'Written in the transaction of the change; nobody can change or remove an entry. Each carries the hash of the one before it.',
        tags,
        querystring: z.object(auditQuery),
        response: { 200: pageOf(AuditEntry) },
      },
    },
    async ({ principal, query }) => audit.list(principal, query),
  );

  app.get(
    '/audit/export',
    {
      config: { ...access, cost: 10 },
      schema: {
        operationId: 'exportAuditEntries',
        summary: 'The audit log as NDJSON, oldest first',
        description: 'Streamed, up to the moment of the request. The export itself is on record.',
        tags,
        querystring: z.object(auditFilter),
        response: lines,
      },
    },
    async (request, reply) =>
      sendLines(reply, await audit.export(request.principal, request.query, request.signal)),
  );
};

function sendLines(reply: FastifyReply, lines: AsyncIterable<string>): FastifyReply {
  return reply
    .type('application/x-ndjson')
    .header('content-disposition', 'attachment; filename="audit.ndjson"')
    .header('cache-control', 'no-store')
    .send(Readable.from(lines));
}
