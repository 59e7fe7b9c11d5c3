import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  Attempt,
  GradedAttempt,
  OpenAttempt,
  ShownAttempt,
  Submission,
} from '@docent/contracts/learningAssessments';
import { PersonRef } from '@docent/contracts/learningProgress';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { personOf } from '../progress/progress.ts';
import type { Attempts } from './attempts.ts';

const reading = { config: { scope: 'progress:read' as const } };
const writing = { config: { scope: 'progress:write' as const } };
const ById = z.object({ id: z.uuid() });
const tags = ['assessments'];

/** Taking assessments: /v1/assessments/{id}/attempts, /v1/attempts. */
export const attemptRoutes: FastifyPluginAsyncZod<{ attempts: Attempts }> = async (
  app,
  { attempts },
) => {
  app.post(
    '/v1/assessments/:id/attempts',
    {
      ...writing,
      schema: {
        operationId: 'startAttempt',
        summary: 'Begin an assessment, or go on with the attempt that is open',
        description:
          'The answer has the questions, without answers. Hand in until `deadlineAt` at /v1/attempts/{id}/submit.',
        tags,
        params: ById,
        response: { 201: OpenAttempt, ...problems('not_found', 'conflict') },
      },
    },
    async ({ principal, params }, reply) => {
      const attempt = await attempts.start(principal, params.id);
      return reply.code(201).header('location', `/v1/attempts/${attempt.id}`).send(attempt);
    },
  );

  app.get(
    '/v1/assessments/:id/attempts',
    {
      ...reading,
      schema: {
        operationId: 'listAssessmentAttempts',
        summary: 'Attempts of an assessment that one may see, newest first',
        description:
          'One’s own; trainers see those of the assessments they made, HR managers those of their departments.',
        tags,
        params: ById,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Attempt), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) =>
      attempts.list(principal, { assessmentId: params.id }, query),
  );

  app.get(
    '/v1/attempts',
    {
      ...reading,
      schema: {
        operationId: 'listAttempts',
        summary: 'Attempts of a person, newest first',
        tags,
        querystring: z.object({ ...pageQuery, userId: PersonRef.default('me') }),
        response: { 200: pageOf(Attempt) },
      },
    },
    async ({ principal, query: { userId, ...page } }) =>
      attempts.list(principal, { userId: personOf(principal, userId) }, page),
  );

  app.get(
    '/v1/attempts/:id',
    {
      ...reading,
      schema: {
        operationId: 'getAttempt',
        summary:
          'An attempt with its results, as far as its assessment tells them, and the skills it changed',
        tags,
        params: ById,
        response: { 200: ShownAttempt, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => attempts.get(principal, params.id),
  );

  app.post(
    '/v1/attempts/:id/submit',
    {
      ...writing,
      schema: {
        operationId: 'submitAttempt',
        summary: 'Hand in an attempt; it is graded at once',
        tags,
        params: ById,
        body: Submission,
        response: { 200: GradedAttempt, ...problems('not_found', 'conflict') },
      },
    },
    async ({ principal, params, body }) => attempts.submit(principal, params.id, body),
  );
};
