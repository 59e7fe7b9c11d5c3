import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  Content,
  ContentSort,
  ContentUpdate,
  contentFilters,
  UploadLimits,
} from '@docent/contracts/content';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { IngestionConfig } from '../config.ts';
import { extensions, SUPPORTED } from '../extract/kind.ts';
import type { FileStore } from '../files.ts';
import { changeContent, etagOf, pageOfContent, readContent, removeContent } from './content.ts';

export interface ContentDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly files: FileStore;
  readonly config: Pick<IngestionConfig, 'maxFileBytes'>;
}

const reading = { config: { scope: 'content:read' as const } };
const writing = {
  config: { scope: 'content:write' as const, roles: ['trainer', 'admin'] as const },
};
const Id = z.object({ id: z.uuid() });

/** GET /v1/content and its limits, GET, PATCH, DELETE /v1/content/{id}. */
export const contentRoutes: FastifyPluginAsyncZod<ContentDeps> = async (app, deps) => {
  app.get(
    '/v1/content',
    {
      ...reading,
      schema: {
        operationId: 'listContent',
        summary: 'Content, newest first unless told otherwise',
        tags: ['content'],
        querystring: z.object({
          ...pageQuery,
          ...contentFilters,
          sort: ContentSort.default('newest'),
        }),
        response: { 200: pageOf(Content) },
      },
    },
    async (request) => {
      const { cursor, limit, sort, ...filters } = request.query;
      return pageOfContent(deps.database, request.principal, filters, { cursor, limit, sort });
    },
  );

  app.get(
    '/v1/content/limits',
    {
      ...writing,
      schema: {
        operationId: 'getUploadLimits',
        summary: 'How large an uploaded file may be, and what can be read',
        tags: ['content'],
        response: { 200: UploadLimits },
      },
    },
    async () => ({
      maxFileBytes: deps.config.maxFileBytes,
      extensions: [...extensions],
      formats: SUPPORTED,
    }),
  );

  app.get(
    '/v1/content/:id',
    {
      ...reading,
      schema: {
        operationId: 'getContent',
        summary: 'One content with its latest version',
        tags: ['content'],
        params: Id,
        response: { 200: Content, ...problems('not_found') },
      },
    },
    async (request, reply) => {
      const content = await readContent(deps.database, request.principal, request.params.id);
      return reply.header('etag', etagOf(content)).send(content);
    },
  );

  app.patch(
    '/v1/content/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateContent',
        summary: 'Change the metadata of a content',
        description:
          'Fields that are not named stay. A new title is searched by at once; vectors follow in the background. Rights are in force at once. Trainers change what they uploaded.',
        tags: ['content'],
        params: Id,
        headers: z.looseObject({
          'if-match': z
            .string()
            .max(1_000)
            .optional()
            .describe('The ETag that was read: 412 when the metadata has changed since'),
        }),
        body: ContentUpdate,
        response: { 200: Content, ...problems('not_found', 'forbidden', 'precondition_failed') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const ifMatch = request.headers['if-match'];
      const content = await changeContent(deps, request.principal, id, request.body, ifMatch);
      return reply.header('etag', etagOf(content)).send(content);
    },
  );

  app.delete(
    '/v1/content/:id',
    {
      ...writing,
      schema: {
        operationId: 'deleteContent',
        summary: 'Delete a content with its versions, chunks, vectors and files',
        tags: ['content'],
        params: Id,
        response: { 204: z.null().describe('Deleted'), ...problems('not_found', 'forbidden') },
      },
    },
    async (request, reply) => {
      await removeContent(deps, request.principal, request.params.id);
      return reply.code(204).send(null);
    },
  );
};
