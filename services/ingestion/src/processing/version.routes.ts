import { pageOf, pageQuery } from '@docent/contracts/common';
import { isFinal, Version } from '@docent/contracts/content';
import { MarkedText, StoredChunk, textQuery, VersionText } from '@docent/contracts/contentText';
import { AppError } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { etagOf } from '@docent/http/etag';
import { pathOf, problems, toProblem } from '@docent/http/problem';
import { openStream } from '@docent/http/sse';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readMarked } from './markedText.ts';
import {
  followVersion,
  pageOfChunks,
  pageOfVersions,
  readText,
  readVersion,
  retryVersion,
} from './versions.ts';

export interface VersionDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** Pause between two looks at a version that is followed, milliseconds. */
  readonly followEveryMs?: number;
}

const reading = { config: { scope: 'content:read' as const } };
/** Greater numbers do not fit the column; there is no such version either way. */
const VersionNumber = z.coerce.number().int().min(1).max(2_147_483_647);
const Key = z.object({ id: z.uuid(), version: VersionNumber });

/** Everything under /v1/content/{id}/versions but the file. */
export const versionRoutes: FastifyPluginAsyncZod<VersionDeps> = async (app, deps) => {
  const { database, followEveryMs = 500 } = deps;

  app.get(
    '/v1/content/:id/versions',
    {
      ...reading,
      schema: {
        operationId: 'listVersions',
        summary: 'Versions of a content, newest first',
        tags: ['content'],
        params: Key.pick({ id: true }),
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Version), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => pageOfVersions(database, principal, params.id, query),
  );

  app.get(
    '/v1/content/:id/versions/:version',
    {
      ...reading,
      schema: {
        operationId: 'getVersion',
        summary: 'State and progress of a version',
        tags: ['content'],
        params: Key,
        response: { 200: Version, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => readVersion(database, principal, params),
  );

  app.get(
    '/v1/content/:id/versions/:version/events',
    {
      ...reading,
      exposeHeadRoute: false,
      schema: {
        operationId: 'followVersion',
        summary: 'Progress of a version as server-sent events',
        description:
          'Event `progress` whenever something changed, then exactly one `done` (the final version) or `error` (a problem). `data` is a version.',
        tags: ['content'],
        params: Key,
        response: {
          200: {
            description: '`progress`* then `done` or `error`',
            content: { 'text/event-stream': { schema: Version } },
          },
          ...problems('not_found'),
        },
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      await readVersion(database, principal, params);
      const stream = openStream(request, reply);
      const stopped = new AbortController();
      const fail = (error: unknown) =>
        stream.send({ event: 'error', data: toProblem(error, pathOf(request.url), request.id) });
      stream.onShutdown(async () => {
        stopped.abort();
        await fail(new AppError('shutting_down', 'The service is stopping; follow it again.'));
      });
      const signal = AbortSignal.any([stream.signal, stopped.signal]);
      try {
        const states = followVersion(database, principal, params, {
          signal,
          everyMs: followEveryMs,
        });
        for await (const version of states) {
          await stream.send({ event: isFinal(version.state) ? 'done' : 'progress', data: version });
        }
      } catch (error) {
        if (!signal.aborted) await fail(error);
      } finally {
        if (!stopped.signal.aborted) await stream.end();
      }
    },
  );

  app.get(
    '/v1/content/:id/versions/:version/text',
    {
      ...reading,
      schema: {
        operationId: 'getVersionText',
        summary:
          'The text that was read from the file: a part of it, or a span in its surroundings',
        description:
          'Offsets are UTF-16 code units, as in passages and citations; `end` is exclusive. With `span` the text around it, with its place and whether it is still current; without, part after part (`nextStart`).',
        tags: ['content'],
        params: Key,
        querystring: z.object(textQuery),
        headers: z.looseObject({ 'if-none-match': z.string().max(1_000).optional() }),
        response: {
          200: z.union([MarkedText, VersionText]),
          304: z.null().describe('What `If-None-Match` names is what would come'),
          ...problems('not_found', 'version_not_ready'),
        },
      },
    },
    async ({ principal, params, query, headers }, reply) => {
      const { span, context, ...part } = query;
      const shown =
        span === undefined
          ? await readText(database, principal, params, part)
          : await readMarked(database, principal, params, { span, context, ...part });
      const etag = etagOf(shown);
      reply.headers({ etag, 'cache-control': 'private, no-cache' });
      if (headers['if-none-match']?.includes(etag)) return reply.code(304).send(null);
      return shown;
    },
  );

  app.get(
    '/v1/content/:id/versions/:version/chunks',
    {
      ...reading,
      schema: {
        operationId: 'listChunks',
        summary: 'Chunks of a version as retrieval sees them, in order',
        description: 'Only the current version has chunks.',
        tags: ['content'],
        params: Key,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(StoredChunk), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => pageOfChunks(database, principal, params, query),
  );

  app.post(
    '/v1/content/:id/versions/:version/retry',
    {
      config: { scope: 'content:write' as const, roles: ['trainer', 'admin'] as const },
      schema: {
        operationId: 'retryVersion',
        summary: 'Process a version again that failed',
        tags: ['content'],
        params: Key,
        response: { 202: Version, ...problems('not_found', 'forbidden', 'conflict') },
      },
    },
    async (request, reply) => {
      const version = await retryVersion(deps, request.principal, request.params);
      const location = `/v1/content/${version.contentId}/versions/${version.version}`;
      return reply.code(202).header('location', location).send(version);
    },
  );
};
