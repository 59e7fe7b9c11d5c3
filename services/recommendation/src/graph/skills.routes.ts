import { pageOf, pageQuery } from '@docent/contracts/common';
import { NewSkill, Skill, SkillUpdate, skillFilters } from '@docent/contracts/learning';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Skills } from './graph.ts';

const reading = { config: { scope: 'learning:read' as const } };
const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const ById = z.object({ id: z.uuid() });

/** /v1/skills and /v1/skills/{id}: what people can be able to do. */
export const skillRoutes: FastifyPluginAsyncZod<{ database: Database; skills: Skills }> = async (
  app,
  { database, skills },
) => {
  app.get(
    '/v1/skills',
    {
      ...reading,
      schema: {
        operationId: 'listSkills',
        summary: 'Skills by name',
        tags: ['learning graph'],
        querystring: z.object({ ...pageQuery, ...skillFilters }),
        response: { 200: pageOf(Skill) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      skills.list(principal, filters, { cursor, limit }),
  );

  app.post(
    '/v1/skills',
    {
      ...writing,
      schema: {
        operationId: 'createSkill',
        summary: 'Add a skill',
        tags: ['learning graph'],
        headers: IdempotencyHeaders,
        body: NewSkill,
        response: { 201: Skill, ...problems('conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/skills', (tx) =>
        skills.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/skills/:id',
    {
      ...reading,
      schema: {
        operationId: 'getSkill',
        summary: 'A skill',
        tags: ['learning graph'],
        params: ById,
        response: { 200: Skill, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await skills.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/skills/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateSkill',
        summary: 'Change a skill; fields that are not named stay',
        tags: ['learning graph'],
        params: ById,
        headers: IfMatchHeaders,
        body: SkillUpdate,
        response: { 200: Skill, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await skills.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/skills/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteSkill',
        summary:
          'Delete a skill with its edges and targets; refused while people have progress in it',
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
      await skills.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );
};
