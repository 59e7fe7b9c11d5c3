import {
  ApiKey,
  ApiKeyRevocation,
  ApiKeyRotation,
  ApiKeyUpdate,
  apiKeyQuery,
  CreatedApiKey,
  NewApiKey,
} from '@docent/contracts/access';
import { pageOf } from '@docent/contracts/common';
import type { Database } from '@docent/database/database';
import {
  IdempotencyHeaders,
  type IdempotentRequest,
  type Outcome,
  type OutcomeReply,
  sendOutcome,
  withIdempotency,
} from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiKeys } from './apiKeys.ts';

const options = { config: { scope: 'keys:write' as const } };
const tags = ['API keys'];
const ById = z.object({ id: z.string().max(100) });
const created = {
  201: CreatedApiKey,
  ...problems('not_found', 'conflict', 'idempotency_key_in_flight', 'idempotency_key_reused'),
};

/** GET, POST /api-keys; GET, PATCH, DELETE /api-keys/{id}; POST …/rotate, …/revoke. */
export const apiKeyRoutes: FastifyPluginAsyncZod<{ database: Database; apiKeys: ApiKeys }> = async (
  app,
  { database, apiKeys },
) => {
  app.get(
    '/api-keys',
    {
      ...options,
      schema: {
        operationId: 'listApiKeys',
        summary: 'Own API keys, newest first; for administrators everybody’s',
        tags,
        querystring: z.object(apiKeyQuery),
        response: { 200: pageOf(ApiKey) },
      },
    },
    async ({ principal, query }) => apiKeys.list(principal, query),
  );

  app.get(
    '/api-keys/:id',
    {
      ...options,
      schema: {
        operationId: 'getApiKey',
        summary: 'An API key, without its secret',
        tags,
        params: ById,
        response: { 200: ApiKey, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => apiKeys.get(principal, params.id),
  );

  app.post(
    '/api-keys',
    {
      ...options,
      schema: {
        operationId: 'createApiKey',
        summary: 'Make an API key',
        description:
          'Its token is shown in this answer only. It acts for its owner, and has never more rights than they; nobody makes a key that may do more than the one they call with.',
        tags,
        headers: IdempotencyHeaders,
        body: NewApiKey,
        response: created,
      },
    },
    async (request, reply) =>
      answerOnce(request, reply, JSON.stringify(request.body), (tx) =>
        apiKeys.create(tx, request.principal, request.body),
      ),
  );

  app.patch(
    '/api-keys/:id',
    {
      ...options,
      schema: {
        operationId: 'updateApiKey',
        summary: 'Change name, description or limit of an API key',
        tags,
        params: ById,
        body: ApiKeyUpdate,
        response: { 200: ApiKey, ...problems('not_found') },
      },
    },
    async ({ principal, params, body }) => apiKeys.change(principal, params.id, body),
  );

  app.post(
    '/api-keys/:id/rotate',
    {
      ...options,
      schema: {
        operationId: 'rotateApiKey',
        summary: 'Replace an API key by a new one',
        description:
          'The new key has name, scopes, limit and life of the old one, whose token works on for `overlapSeconds`.',
        tags,
        headers: IdempotencyHeaders,
        params: ById,
        body: ApiKeyRotation,
        response: created,
      },
    },
    async (request, reply) =>
      answerOnce(request, reply, JSON.stringify(request.body), (tx) =>
        apiKeys.rotate(tx, request.principal, request.params.id, request.body),
      ),
  );

  app.post(
    '/api-keys/:id/revoke',
    {
      ...options,
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key: it is refused within 5 seconds',
        tags,
        params: ById,
        body: ApiKeyRevocation,
        response: { 200: ApiKey, ...problems('not_found') },
      },
    },
    async ({ principal, params, body }) =>
      apiKeys.revoke(principal, params.id, body.reason ?? null),
  );

  app.delete(
    '/api-keys/:id',
    {
      ...options,
      schema: {
        operationId: 'deleteApiKey',
        summary: 'Revoke an API key without a reason; it stays on record',
        tags,
        params: ById,
        response: { 204: z.null().describe('Revoked'), ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await apiKeys.revoke(principal, params.id, null);
      return reply.code(204).send(null);
    },
  );

  /** What is stored to repeat the answer has no token: a secret is stored nowhere. */
  async function answerOnce<R extends OutcomeReply>(
    request: IdempotentRequest,
    reply: R,
    fingerprint: string,
    effect: (tx: Parameters<Parameters<typeof withIdempotency>[3]>[0]) => Promise<CreatedApiKey>,
  ): Promise<R> {
    let token: string | null = null;
    const outcome = await withIdempotency(database, request, fingerprint, async (tx) => {
      const key = await effect(tx);
      token = key.token;
      const headers = { location: `/v1/api-keys/${key.id}` };
      return { status: 201, headers, body: { ...key, token: null } } satisfies Outcome;
    });
    const shown = outcome.replayed ? outcome.body : { ...CreatedApiKey.parse(outcome.body), token };
    return sendOutcome(reply, { ...outcome, body: shown });
  }
};
