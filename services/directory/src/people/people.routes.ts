import { pageOf } from '@docent/contracts/common';
import { IfMatch } from '@docent/contracts/directory';
import {
  MyUpdate,
  NewPerson,
  Person,
  PersonUpdate,
  personQuery,
} from '@docent/contracts/directoryPeople';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { People } from './people.ts';

const reading = { config: { scope: 'directory:read' as const } };
const writing = { config: { scope: 'directory:write' as const, roles: ['admin'] as const } };
const tags = ['people'];
const ById = z.object({ id: z.uuid() });

/** GET, POST /users; GET, PATCH, DELETE /users/{id}; PATCH /me. */
export const peopleRoutes: FastifyPluginAsyncZod<{ database: Database; people: People }> = async (
  app,
  { database, people },
) => {
  app.get(
    '/users',
    {
      ...reading,
      schema: {
        operationId: 'listUsers',
        summary: 'People by name',
        description:
          'Everybody finds colleagues who are visible to them, with name, title and department. HR managers read all of the people of their departments, administrators of all. A filter finds only people of whom the caller may read what it asks for.',
        tags,
        querystring: z.object(personQuery),
        response: { 200: pageOf(Person) },
      },
    },
    async ({ principal, query }) => people.list(principal, query),
  );

  app.get(
    '/users/:id',
    {
      ...reading,
      schema: {
        operationId: 'getUser',
        summary: 'A person',
        tags,
        params: ById,
        response: { 200: Person, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const person = await people.get(principal, params.id);
      return reply.header('etag', etagOf(person)).send(person);
    },
  );

  app.post(
    '/users',
    {
      ...writing,
      schema: {
        operationId: 'createUser',
        summary: 'Add a person',
        tags,
        headers: IdempotencyHeaders,
        body: NewPerson,
        response: {
          201: Person,
          ...problems('conflict', 'idempotency_key_in_flight', 'idempotency_key_reused'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/users', (tx) =>
        people.create(tx, principal, body),
      );
    },
  );

  app.patch(
    '/users/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateUser',
        summary: 'Change a person',
        description:
          'Fields that are not named stay. Role, department and status take effect within 5 seconds.',
        tags,
        params: ById,
        headers: z.looseObject(IfMatch),
        body: PersonUpdate,
        response: { 200: Person, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await people.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/users/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteUser',
        summary: 'Delete a person',
        description:
          'They cannot sign in any more, within 5 seconds, and no list shows them; what they wrote and learned stays until it is erased. Their e-mail address is free again.',
        tags,
        params: ById,
        headers: z.looseObject(IfMatch),
        response: {
          204: z.null().describe('Deleted'),
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, headers }, reply) => {
      await people.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );

  app.patch(
    '/me',
    {
      config: { scope: 'directory:write' },
      schema: {
        operationId: 'updateMe',
        summary: 'Change one’s own preferences, learning profile and visibility',
        tags,
        body: MyUpdate,
        response: { 200: Person },
      },
    },
    async ({ principal, body }) => people.changeSelf(principal, body),
  );
};
