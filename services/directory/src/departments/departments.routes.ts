import { pageOf } from '@docent/contracts/common';
import { IfMatch } from '@docent/contracts/directory';
import {
  Department,
  DepartmentUpdate,
  departmentQuery,
  NewDepartment,
} from '@docent/contracts/directoryDepartments';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Departments } from './departments.ts';

const reading = { config: { scope: 'directory:read' as const } };
const writing = { config: { scope: 'directory:write' as const, roles: ['admin'] as const } };
const tags = ['departments'];
const ById = z.object({ id: z.uuid() });

/** GET, POST /departments; GET, PATCH, DELETE /departments/{id}. */
export const departmentRoutes: FastifyPluginAsyncZod<{
  database: Database;
  departments: Departments;
}> = async (app, { database, departments }) => {
  app.get(
    '/departments',
    {
      ...reading,
      schema: {
        operationId: 'listDepartments',
        summary: 'Departments by name',
        tags,
        querystring: z.object(departmentQuery),
        response: { 200: pageOf(Department) },
      },
    },
    async ({ principal, query }) => departments.list(principal, query),
  );

  app.get(
    '/departments/:id',
    {
      ...reading,
      schema: {
        operationId: 'getDepartment',
        summary: 'A department',
        tags,
        params: ById,
        response: { 200: Department, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const department = await departments.get(principal, params.id);
      return reply.header('etag', etagOf(department)).send(department);
    },
  );

  app.post(
    '/departments',
    {
      ...writing,
      schema: {
        operationId: 'createDepartment',
        summary: 'Add a department',
        tags,
        headers: IdempotencyHeaders,
        body: NewDepartment,
        response: {
          201: Department,
          ...problems('conflict', 'idempotency_key_in_flight', 'idempotency_key_reused'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/departments', (tx) =>
        departments.create(tx, principal, body),
      );
    },
  );

  app.patch(
    '/departments/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateDepartment',
        summary: 'Change or move a department',
        description:
          'Fields that are not named stay. Another `parentId` moves it with all below; rights that come with a department follow within 5 seconds.',
        tags,
        params: ById,
        headers: z.looseObject(IfMatch),
        body: DepartmentUpdate,
        response: { 200: Department, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await departments.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/departments/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteDepartment',
        summary: 'Delete a department',
        description:
          'One that is not empty is deleted when `moveTo` says where its people and departments go.',
        tags,
        params: ById,
        headers: z.looseObject(IfMatch),
        querystring: z.object({
          moveTo: z
            .uuid()
            .optional()
            .describe(
              'Where its people and the departments below it go; without it, it must be empty',
            ),
        }),
        response: {
          204: z.null().describe('Deleted'),
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, query, headers }, reply) => {
      await departments.remove(principal, params.id, {
        moveTo: query.moveTo,
        ifMatch: headers['if-match'],
      });
      return reply.code(204).send(null);
    },
  );
};
