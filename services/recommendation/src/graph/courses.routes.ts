import { pageOf, pageQuery } from '@docent/contracts/common';
import { Course, CourseUpdate, courseFilters, NewCourse } from '@docent/contracts/learning';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Courses } from './graph.ts';

const reading = { config: { scope: 'learning:read' as const } };
const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const ById = z.object({ id: z.uuid() });

/** /v1/courses and /v1/courses/{id}: what people can take. */
export const courseRoutes: FastifyPluginAsyncZod<{ database: Database; courses: Courses }> = async (
  app,
  { database, courses },
) => {
  app.get(
    '/v1/courses',
    {
      ...reading,
      schema: {
        operationId: 'listCourses',
        summary: 'Courses by title',
        tags: ['learning graph'],
        querystring: z.object({ ...pageQuery, ...courseFilters }),
        response: { 200: pageOf(Course) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      courses.list(principal, filters, { cursor, limit }),
  );

  app.post(
    '/v1/courses',
    {
      ...writing,
      schema: {
        operationId: 'createCourse',
        summary: 'Add a course',
        tags: ['learning graph'],
        headers: IdempotencyHeaders,
        body: NewCourse,
        response: { 201: Course, ...problems('conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/courses', (tx) =>
        courses.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/courses/:id',
    {
      ...reading,
      schema: {
        operationId: 'getCourse',
        summary: 'A course',
        tags: ['learning graph'],
        params: ById,
        response: { 200: Course, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await courses.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/courses/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateCourse',
        summary: 'Change a course; fields that are not named stay',
        tags: ['learning graph'],
        params: ById,
        headers: IfMatchHeaders,
        body: CourseUpdate,
        response: { 200: Course, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await courses.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/courses/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteCourse',
        summary: 'Delete a course with its edges; refused while people have progress in it',
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
      await courses.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );
};
