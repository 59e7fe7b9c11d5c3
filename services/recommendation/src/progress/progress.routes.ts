import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  PersonRef,
  Progress,
  ProgressBatchResult,
  ProgressEvent,
  ProgressEventInput,
  progressFilters,
} from '@docent/contracts/learningProgress';
import { IdempotencyHeaders } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eventIdOf, type ProgressBook, personOf } from './progress.ts';

const reading = { config: { scope: 'progress:read' as const } };
const writing = { config: { scope: 'progress:write' as const } };
const OfPerson = z.object({ userId: PersonRef });
const OfItem = z.object({ userId: PersonRef, itemId: z.uuid().describe('A course or a skill') });
const tags = ['progress'];

/** /v1/progress: what is reported about people, and where they stand. */
export const progressRoutes: FastifyPluginAsyncZod<{ progress: ProgressBook }> = async (
  app,
  { progress },
) => {
  app.addContentTypeParser(
    ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );

  app.put(
    '/v1/progress/:userId/:itemId',
    {
      ...writing,
      schema: {
        operationId: 'putProgress',
        summary: 'Report what somebody did in a course or skill',
        description:
          'Everybody for themselves; HR managers for their departments, administrators for everybody. The answer is the state that all events give, in the order of their own time, so a late event is welcome. An event that is known changes nothing (`Idempotent-Replayed: true`).',
        tags,
        params: OfItem,
        headers: IdempotencyHeaders,
        body: ProgressEventInput,
        response: { 200: Progress, ...problems('not_found', 'conflict') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const of = { userId: personOf(principal, params.userId), itemId: params.itemId };
      const event = eventIdOf(body, headers['idempotency-key']);
      const { state, duplicate } = await progress.put(principal, of, event);
      if (duplicate) reply.header('idempotent-replayed', 'true');
      return reply.send(state);
    },
  );

  app.post(
    '/v1/progress/batch',
    {
      ...writing,
      bodyLimit: 4 * 1024 * 1024,
      schema: {
        operationId: 'postProgressBatch',
        summary: 'Report up to 1,000 events, one JSON object on each line (NDJSON)',
        description:
          'A line that is refused does not hold up the others. Lines with an `eventId` may be sent again.',
        tags,
        consumes: ['application/x-ndjson'],
        body: z.string().describe('Lines of {userId, courseId | skillId, progress, status, …}'),
        response: { 200: ProgressBatchResult, ...problems('unsupported_media_type') },
      },
    },
    async ({ principal, body }) => progress.batch(principal, body),
  );

  app.get(
    '/v1/progress/:userId',
    {
      ...reading,
      schema: {
        operationId: 'listProgress',
        summary: 'Where a person stands, last active first',
        tags,
        params: OfPerson,
        querystring: z.object({ ...pageQuery, ...progressFilters }),
        response: { 200: pageOf(Progress), ...problems('not_found') },
      },
    },
    async ({ principal, params, query: { cursor, limit, ...filters } }) =>
      progress.list(principal, personOf(principal, params.userId), filters, { cursor, limit }),
  );

  app.get(
    '/v1/progress/:userId/:itemId',
    {
      ...reading,
      schema: {
        operationId: 'getProgress',
        summary: 'Where a person stands in a course or skill',
        tags,
        params: OfItem,
        response: { 200: Progress, ...problems('not_found') },
      },
    },
    async ({ principal, params: { userId, itemId } }) =>
      progress.get(principal, { userId: personOf(principal, userId), itemId }),
  );

  app.get(
    '/v1/progress/:userId/:itemId/events',
    {
      ...reading,
      schema: {
        operationId: 'listProgressEvents',
        summary: 'What was reported about it, newest first by the events’ own time',
        tags,
        params: OfItem,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(ProgressEvent), ...problems('not_found') },
      },
    },
    async ({ principal, params: { userId, itemId }, query }) =>
      progress.events(principal, { userId: personOf(principal, userId), itemId }, query),
  );
};
