import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  Evaluation,
  EvaluationComparison,
  EvaluationResult,
  EvaluationStatus,
  NewEvaluation,
  resultFilters,
} from '@docent/contracts/evaluations';
import type { Database } from '@docent/database/database';
import { IdempotencyHeaders, sendOutcome, withIdempotency } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Evaluations } from './evaluations.ts';

const roles = ['trainer', 'admin'] as const;
const reading = { config: { scope: 'evaluations:read', roles } } as const;
const writing = { config: { scope: 'evaluations:write', roles } } as const;
const ById = z.object({ id: z.uuid() });
const tags = ['evaluations'];

/** /v1/evaluations: golden questions asked in the background, what came of them, and comparisons. */
export const evaluationRoutes: FastifyPluginAsyncZod<{
  database: Database;
  evaluations: Evaluations;
}> = async (app, { database, evaluations }) => {
  app.post(
    '/v1/evaluations',
    {
      ...writing,
      schema: {
        operationId: 'startEvaluation',
        summary: 'Ask the confirmed questions of a set in the background',
        description:
          'As chat would answer them for the caller, with the caller’s rights and on the caller’s token budgets, in no conversation. `settings` names what to try; the rest is as it is for the organization. The run keeps its questions: what becomes of the set meanwhile does not matter to it.',
        tags,
        headers: IdempotencyHeaders,
        body: NewEvaluation,
        response: {
          202: Evaluation,
          ...problems('not_found', 'conflict', 'idempotency_key_reused'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const outcome = await withIdempotency(database, request, JSON.stringify(body), async (tx) => {
        const made = await evaluations.start(tx, principal, body);
        return { status: 202, headers: { location: `/v1/evaluations/${made.id}` }, body: made };
      });
      return sendOutcome(reply, outcome);
    },
  );

  app.get(
    '/v1/evaluations',
    {
      ...reading,
      schema: {
        operationId: 'listEvaluations',
        summary: 'Runs, newest first: the own; for administrators all',
        tags,
        querystring: z.object({
          ...pageQuery,
          setId: z.uuid().optional(),
          status: EvaluationStatus.optional(),
        }),
        response: { 200: pageOf(Evaluation) },
      },
    },
    async ({ principal, query: { cursor, limit, ...filters } }) =>
      evaluations.list(principal, filters, { cursor, limit }),
  );

  app.get(
    '/v1/evaluations/:id',
    {
      ...reading,
      schema: {
        operationId: 'getEvaluation',
        summary: 'A run: how far it is, and its figures when it ended',
        tags,
        params: ById,
        response: { 200: Evaluation, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => evaluations.get(principal, params.id),
  );

  app.post(
    '/v1/evaluations/:id/cancel',
    {
      ...writing,
      schema: {
        operationId: 'cancelEvaluation',
        summary: 'End a run; what was answered stays. One that has ended stays as it is',
        tags,
        params: ById,
        response: { 200: Evaluation, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => evaluations.cancel(principal, params.id),
  );

  app.delete(
    '/v1/evaluations/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteEvaluation',
        summary: 'Delete a run with its results; one that runs ends',
        tags,
        params: ById,
        response: { 204: z.null().describe('Deleted'), ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await evaluations.remove(principal, params.id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/evaluations/:id/results',
    {
      ...reading,
      schema: {
        operationId: 'listEvaluationResults',
        summary: 'What came of each question, in the order of the set',
        tags,
        params: ById,
        querystring: z.object({ ...pageQuery, ...resultFilters }),
        response: { 200: pageOf(EvaluationResult), ...problems('not_found') },
      },
    },
    async ({ principal, params, query: { cursor, limit, ...filters } }) =>
      evaluations.results(principal, params.id, filters, { cursor, limit }),
  );

  app.get(
    '/v1/evaluations/:id/compare',
    {
      ...reading,
      schema: {
        operationId: 'compareEvaluations',
        summary: 'A run against another one, question by question',
        description:
          'Only questions that both asked alike and answered count. A difference counts as more than noise beyond two standard errors of the paired differences, when at least six questions differ.',
        tags,
        params: ById,
        querystring: z.object({ with: z.uuid().describe('The run to compare with') }),
        response: { 200: EvaluationComparison, ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => evaluations.compare(principal, params.id, query.with),
  );

  app.get(
    '/v1/evaluations/:id/export',
    {
      ...reading,
      schema: {
        operationId: 'exportEvaluation',
        summary: 'The results of a run as CSV',
        tags,
        params: ById,
        response: {
          200: {
            description: 'UTF-8 with a byte order mark; nothing in it is a formula',
            content: { 'text/csv': { schema: z.string() } },
          },
          ...problems('not_found'),
        },
      },
    },
    async ({ principal, params }, reply) => {
      const { name, text } = await evaluations.export(principal, params.id);
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .type('text/csv; charset=utf-8')
        .serializer((body: unknown) => String(body))
        .send(text);
    },
  );
};
