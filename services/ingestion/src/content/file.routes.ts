import { basename, dirname } from 'node:path';
import type { Database } from '@docent/database/database';
import { problems } from '@docent/http/problem';
import send from '@fastify/send';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FileStore } from '../files.ts';
import { locateFile } from './file.ts';

export interface FileDeps {
  readonly database: Database;
  readonly files: FileStore;
}

const schema = {
  description:
    'Takes `Range` and `If-None-Match`. Always an attachment: it is never shown in place.',
  tags: ['content'],
  response: {
    200: {
      description: 'The original bytes',
      content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...problems('not_found'),
  },
};
const Id = z.object({ id: z.uuid() });

/** GET /v1/content/{id}/file, GET /v1/content/{id}/versions/{n}/file. */
export const fileRoutes: FastifyPluginAsyncZod<FileDeps> = async (app, deps) => {
  app.get(
    '/v1/content/:id/file',
    {
      config: { scope: 'content:read' },
      schema: {
        ...schema,
        operationId: 'getContentFile',
        summary: 'The original file of the version that searches see, else of the newest',
        params: Id,
      },
    },
    async (request, reply) => sendFile(request, reply, request.params.id, null),
  );

  app.get(
    '/v1/content/:id/versions/:version/file',
    {
      config: { scope: 'content:read' },
      schema: {
        ...schema,
        operationId: 'getVersionFile',
        summary: 'The original file of a version',
        params: Id.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
      },
    },
    async (request, reply) => {
      const { id, version } = request.params;
      return sendFile(request, reply, id, version);
    },
  );

  async function sendFile(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    version: number | null,
  ): Promise<FastifyReply> {
    const file = await locateFile(deps, request.principal, id, version);
    const etag = `"${file.sha256}"`;
    reply.headers({
      etag,
      'cache-control': 'private, no-cache',
      'content-disposition': contentDisposition(file.fileName),
      // Should a browser show it after all, nothing in it runs.
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const { 'if-none-match': known, 'if-range': ifRange } = request.headers;
    if (known !== undefined && (known.trim() === '*' || known.includes(etag))) {
      return reply.code(304).send();
    }
    // The name on disk is a hash: there is nothing in it that could leave its folder.
    const result = await send(request.raw, `/${basename(file.path)}`, {
      root: dirname(file.path),
      acceptRanges: ifRange === undefined || ifRange === etag,
      etag: false,
      lastModified: false,
      cacheControl: false,
      contentType: false,
    });
    if (result.type !== 'file') {
      if (result.statusCode !== 416) throw new Error(`the file of ${id} is not in its place`);
      const { 'Content-Range': range } = result.headers;
      return reply
        .code(416)
        .headers({ ...(range && { 'content-range': range }) })
        .send();
    }
    return reply
      .code(result.statusCode)
      .headers(result.headers)
      .type(file.mediaType)
      .send(result.stream);
  }
};
