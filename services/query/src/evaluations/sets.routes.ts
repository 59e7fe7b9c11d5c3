import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  EvaluationQuestion,
  EvaluationQuestionUpdate,
  EvaluationSet,
  EvaluationSetUpdate,
  NewEvaluationQuestion,
  NewEvaluationSet,
  ProposalRequest,
  ProposalResult,
  QuestionDecision,
  questionFilters,
} from '@docent/contracts/evaluationSets';
import { ImportResult } from '@docent/contracts/learningImport';
import type { Database } from '@docent/database/database';
import { sendCreated } from '@docent/http/created';
import { etagOf, IfMatchHeaders } from '@docent/http/etag';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { proposeQuestions } from './proposals.ts';
import type { Questions, Sets } from './sets.ts';
import { uploadQuestions } from './upload.ts';

const roles = ['trainer', 'admin'] as const;
const reading = { config: { scope: 'evaluations:read', roles } } as const;
const writing = { config: { scope: 'evaluations:write', roles } } as const;
const ById = z.object({ id: z.uuid() });
const tags = ['evaluations'];
const deleted = z.null().describe('Deleted');
const CSV = ['text/csv'];
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** /v1/evaluation-sets and /v1/evaluation-questions: what answers are measured with. */
export const evaluationSetRoutes: FastifyPluginAsyncZod<{
  database: Database;
  sets: Sets;
  questions: Questions;
}> = async (app, { database, sets, questions }) => {
  app.addContentTypeParser([...CSV, ...NDJSON], { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );

  app.get(
    '/v1/evaluation-sets',
    {
      ...reading,
      schema: {
        operationId: 'listEvaluationSets',
        summary: 'Sets of golden questions by name',
        tags,
        querystring: z.object({ ...pageQuery, q: questionFilters.q }),
        response: { 200: pageOf(EvaluationSet) },
      },
    },
    async ({ principal, query: { q, ...page } }) => sets.list(principal, { q }, page),
  );

  app.post(
    '/v1/evaluation-sets',
    {
      ...writing,
      schema: {
        operationId: 'createEvaluationSet',
        summary: 'Add a set of golden questions',
        tags,
        headers: IdempotencyHeaders,
        body: NewEvaluationSet,
        response: { 201: EvaluationSet, ...problems('conflict', 'idempotency_key_reused') },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      return sendCreated(database, request, reply, '/v1/evaluation-sets', (tx) =>
        sets.create(tx, principal, body),
      );
    },
  );

  app.get(
    '/v1/evaluation-sets/:id',
    {
      ...reading,
      schema: {
        operationId: 'getEvaluationSet',
        summary: 'A set of golden questions',
        tags,
        params: ById,
        response: { 200: EvaluationSet, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await sets.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/evaluation-sets/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateEvaluationSet',
        summary: 'Rename or describe a set; fields that are not named stay',
        tags,
        params: ById,
        headers: IfMatchHeaders,
        body: EvaluationSetUpdate,
        response: {
          200: EvaluationSet,
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await sets.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/evaluation-sets/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteEvaluationSet',
        summary: 'Delete a set with its questions; runs keep theirs',
        tags,
        params: ById,
        headers: IfMatchHeaders,
        response: { 204: deleted, ...problems('not_found', 'precondition_failed') },
      },
    },
    async ({ principal, params, headers }, reply) => {
      await sets.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/evaluation-sets/:id/questions',
    {
      ...reading,
      schema: {
        operationId: 'listEvaluationQuestions',
        summary: 'Questions of a set, oldest first',
        tags,
        params: ById,
        querystring: z.object({ ...pageQuery, ...questionFilters }),
        response: { 200: pageOf(EvaluationQuestion), ...problems('not_found') },
      },
    },
    async ({ principal, params, query: { cursor, limit, ...filters } }) =>
      questions.list(principal, { ...filters, setId: params.id }, { cursor, limit }),
  );

  app.post(
    '/v1/evaluation-sets/:id/questions',
    {
      ...writing,
      schema: {
        operationId: 'createEvaluationQuestion',
        summary: 'Add a question by hand; it is confirmed by that',
        tags,
        params: ById,
        headers: IdempotencyHeaders,
        body: NewEvaluationQuestion,
        response: {
          201: EvaluationQuestion,
          ...problems('not_found', 'conflict', 'too_large', 'idempotency_key_reused'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body, params } = request;
      return sendCreated(database, request, reply, '/v1/evaluation-questions', (tx) =>
        questions.create(tx, principal, params.id, body),
      );
    },
  );

  app.post(
    '/v1/evaluation-sets/:id/import',
    {
      config: { ...writing.config, timeoutMs: 120_000 },
      bodyLimit: 8 * 1024 * 1024,
      schema: {
        operationId: 'importEvaluationQuestions',
        summary: 'Upload up to 2,000 questions as CSV or NDJSON',
        description:
          'Fields: `question`, `answerable`, `expectedContents` (ids or exact titles), `page` and `heading` (of the one expected content), `expectedAnswers`, `language`, `note`. CSV has their names in its first line, `|` between the items of a list. A question that the set has becomes what the line says of it. With `dryRun` the results are the same, and nothing is written.',
        tags,
        consumes: ['text/csv', 'application/x-ndjson'],
        params: ById,
        querystring: z.object({ dryRun: z.stringbool().default(false) }),
        body: z.string(),
        response: { 200: ImportResult, ...problems('not_found') },
      },
    },
    async ({ principal, params, query, body, headers }) => {
      const csv = CSV.some((type) => headers['content-type']?.startsWith(type));
      const format = csv ? ('csv' as const) : ('ndjson' as const);
      return uploadQuestions(database, principal, params.id, body, {
        format,
        dryRun: query.dryRun,
      });
    },
  );

  app.post(
    '/v1/evaluation-sets/:id/proposals',
    {
      ...writing,
      schema: {
        operationId: 'proposeEvaluationQuestions',
        summary: 'Propose questions from ratings or from assessments; none is asked unconfirmed',
        tags,
        params: ById,
        body: ProposalRequest,
        response: { 200: ProposalResult, ...problems('not_found', 'too_large') },
      },
    },
    async ({ principal, params, body }) => proposeQuestions(database, principal, params.id, body),
  );

  app.post(
    '/v1/evaluation-sets/:id/decisions',
    {
      ...writing,
      schema: {
        operationId: 'decideEvaluationQuestions',
        summary: 'Confirm or reject several questions of a set',
        tags,
        params: ById,
        body: QuestionDecision,
        response: {
          200: z.object({ decided: z.int().nonnegative().describe('Those that are in the set') }),
          ...problems('not_found'),
        },
      },
    },
    async ({ principal, params, body }) => questions.decide(principal, params.id, body),
  );

  app.get(
    '/v1/evaluation-questions/:id',
    {
      ...reading,
      schema: {
        operationId: 'getEvaluationQuestion',
        summary: 'A golden question',
        tags,
        params: ById,
        response: { 200: EvaluationQuestion, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const found = await questions.get(principal, params.id);
      return reply.header('etag', etagOf(found)).send(found);
    },
  );

  app.patch(
    '/v1/evaluation-questions/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateEvaluationQuestion',
        summary: 'Change, confirm or reject a question; fields that are not named stay',
        tags,
        params: ById,
        headers: IfMatchHeaders,
        body: EvaluationQuestionUpdate,
        response: {
          200: EvaluationQuestion,
          ...problems('not_found', 'conflict', 'precondition_failed'),
        },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await questions.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.delete(
    '/v1/evaluation-questions/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteEvaluationQuestion',
        summary: 'Delete a question; runs that asked it keep it',
        tags,
        params: ById,
        headers: IfMatchHeaders,
        response: { 204: deleted, ...problems('not_found', 'precondition_failed') },
      },
    },
    async ({ principal, params, headers }, reply) => {
      await questions.remove(principal, params.id, headers['if-match']);
      return reply.code(204).send(null);
    },
  );
};
