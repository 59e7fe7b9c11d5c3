import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  NewSkillTarget,
  roleFilters,
  SkillTarget,
  SkillTargetUpdate,
  TargetRole,
  targetFilters,
} from '@docent/contracts/learning';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Targets } from './graph.ts';
import { targetRoles } from './roles.ts';

const reading = { config: { scope: 'learning:read' as const } };
const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const ById = z.object({ id: z.uuid() });

/** /v1/skill-targets and /v1/skill-targets/{id}: which level of a skill a job or a department needs. */
export const targetRoutes: FastifyPluginAsyncZod<{ database: Database; targets: Targets }> = async (
  app,
  { database, targets },
) => {
  app.get(
    '/v1/skill-targets',
    {
      ...reading,
      schema: {
        operationId: 'listSkillTargets',
        summary: 'Target levels, oldest first',
        tags: ['learning graph'],
        querystring: z.object({ ...pageQuery, ...targetFilters }),
        response: { 200: pageOf(SkillTarget) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      targets.list(principal, filters, { cursor, limit }),
  );

  app.post(
    '/v1/skill-targets',
    {
      ...writing,
      schema: {
        operationId: 'createSkillTarget',
        summary: 'Add a target level of a skill for a job or a department',
        tags: ['learning graph'],
        headers: IdempotencyHeaders,
        body: NewSkillTarget,
        response: { 201: SkillTarget, ...problems('conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/skill-targets', (tx) =>
        targets.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/skill-targets/roles',
    {
      ...reading,
      schema: {
        operationId: 'listTargetRoles',
        summary: 'Jobs that levels of skills are asked of, by title',
        tags: ['learning graph'],
        querystring: z.object({ ...pageQuery, ...roleFilters }),
        response: { 200: pageOf(TargetRole) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      targetRoles(database, principal, filters, { cursor, limit }),
  );

  app.get(
    '/v1/skill-targets/:id',
    {
      ...reading,
      schema: {
        operationId: 'getSkillTarget',
        summary: 'A target level of a skill for a job or a department',
        tags: ['learning graph'],
        params: ById,
        response: { 200: SkillTarget, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await targets.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/skill-targets/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateSkillTarget',
        summary:
          'Change a target level of a skill for a job or a department; fields that are not named stay',
        tags: ['learning graph'],
        params: ById,
        headers: IfMatchHeaders,
        body: SkillTargetUpdate,
        response: { 200: SkillTarget, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await targets.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/skill-targets/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteSkillTarget',
        summary: 'Delete a target level',
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
      await targets.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );
};
