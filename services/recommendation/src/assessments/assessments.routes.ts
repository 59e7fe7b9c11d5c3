import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  Assessment,
  AssessmentUpdate,
  assessmentFilters,
  KeyedQuestion,
  NewAssessment,
  Questions,
} from '@docent/contracts/learningAssessments';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Assessments } from './assessments.ts';

const reading = { config: { scope: 'learning:read' as const } };
const writing = {
  config: { scope: 'learning:write' as const, roles: ['trainer', 'admin'] as const },
};
const ById = z.object({ id: z.uuid() });
const Keyed = z.object({ questions: z.array(KeyedQuestion) });

/** /v1/assessments and /v1/assessments/{id}: tests, written by trainers. */
export const assessmentRoutes: FastifyPluginAsyncZod<{
  database: Database;
  assessments: Assessments;
}> = async (app, { database, assessments }) => {
  app.get(
    '/v1/assessments',
    {
      ...reading,
      schema: {
        operationId: 'listAssessments',
        summary: 'Assessments by title',
        tags: ['assessments'],
        querystring: z.object({ ...pageQuery, ...assessmentFilters }),
        response: { 200: pageOf(Assessment) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      assessments.list(principal, filters, { cursor, limit }),
  );

  app.post(
    '/v1/assessments',
    {
      ...writing,
      schema: {
        operationId: 'createAssessment',
        summary: 'Add an assessment',
        tags: ['assessments'],
        headers: IdempotencyHeaders,
        body: NewAssessment,
        response: { 201: Assessment, ...problems('conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/assessments', (tx) =>
        assessments.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/assessments/:id',
    {
      ...reading,
      schema: {
        operationId: 'getAssessment',
        summary: 'An assessment; its questions come with an attempt',
        tags: ['assessments'],
        params: ById,
        response: { 200: Assessment, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await assessments.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/assessments/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateAssessment',
        summary: 'Change an assessment; fields that are not named stay',
        tags: ['assessments'],
        params: ById,
        headers: IfMatchHeaders,
        body: AssessmentUpdate,
        response: { 200: Assessment, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await assessments.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/assessments/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteAssessment',
        summary: 'Delete an assessment with its questions; refused once somebody has taken it',
        tags: ['assessments'],
        params: ById,
        headers: IfMatchHeaders,
        response: {
          204: z.null().describe('Deleted'),
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, headers }, reply) => {
      await assessments.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/assessments/:id/questions',
    {
      ...writing,
      schema: {
        operationId: 'listQuestions',
        summary: 'The questions of an assessment with their answers, retired ones last',
        tags: ['assessments'],
        params: ById,
        response: { 200: Keyed, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const questions = await assessments.questions(principal, params.id);
      return reply.header('etag', etagOf({ id: params.id, questions })).send({ questions });
    },
  );

  app.put(
    '/v1/assessments/:id/questions',
    {
      ...writing,
      schema: {
        operationId: 'replaceQuestions',
        summary: 'Replace the questions of an assessment',
        description:
          'Questions with the id of an existing one are changed, others are new. One that is not named is deleted, or retired when somebody has answered it.',
        tags: ['assessments'],
        params: ById,
        headers: IfMatchHeaders,
        body: Questions,
        response: { 200: Keyed, ...problems('not_found', 'conflict', 'precondition_failed') },
      },
    },
    async ({ principal, params: { id }, body, headers }, reply) => {
      const ifMatch = headers['if-match'];
      const questions = await assessments.replaceQuestions(principal, id, body.questions, ifMatch);
      return reply.header('etag', etagOf({ id, questions })).send({ questions });
    },
  );
};
