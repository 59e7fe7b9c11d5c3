import { createHash } from 'node:crypto';
import { ContentAccepted, ContentBatch, ContentBatchResult } from '@docent/contracts/content';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { IdempotencyHeaders, sendOutcome, withIdempotency } from '@docent/http/idempotency';
import { problems } from '@docent/http/problem';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { IngestionConfig } from '../config.ts';
import type { FileStore } from '../files.ts';
import { acceptBatch, discardBatch, stageBatch } from './batch.ts';
import { GivenText, parseForm, parseGiven, UploadForm } from './given.ts';
import { type ReceivedFile, receiveForm } from './receive.ts';
import { stageText } from './text.ts';
import { acceptUpload, replaceFile, type Upload } from './upload.ts';

export interface UploadDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly files: FileStore;
  readonly config: Pick<IngestionConfig, 'maxFileBytes'>;
}

/** A large file over a slow line. */
const UPLOAD_TIMEOUT_MS = 600_000;
/** JSON bodies: five million characters of text, each up to six bytes when it is escaped. */
const JSON_BODY_BYTES = 32 * 1024 * 1024;

const writing = {
  config: {
    scope: 'content:write' as const,
    roles: ['trainer', 'admin'] as const,
    timeoutMs: UPLOAD_TIMEOUT_MS,
    cost: 5,
  },
  bodyLimit: JSON_BODY_BYTES,
};
const accepted = {
  200: ContentAccepted.describe('The same bytes were there already: no version was made'),
  202: ContentAccepted.describe('`Location` tells where to follow the processing'),
};
const Id = z.object({ id: z.uuid() });
/** Two forms of a body share a route: the handler parses the one that came, and the path with it. */
const parsedByHandler = () => (value: unknown) => ({ value });

/** POST /v1/content, POST /v1/content/batch, PUT /v1/content/{id}/file. */
export const uploadRoutes: FastifyPluginAsyncZod<UploadDeps> = async (app, deps) => {
  const { database, jobs, files, config } = deps;
  const limits = { maxBytes: config.maxFileBytes };
  // The file store counts and refuses; the parser only cuts.
  await app.register(multipart, { throwFileSizeLimit: false });

  app.post(
    '/v1/content',
    {
      ...writing,
      schema: {
        operationId: 'uploadContent',
        summary: 'Upload material: a file with its metadata (multipart), or text (JSON)',
        description:
          'An `externalId` that its `sourceService` has pushed before makes a new version of the same content and changes the fields that are given. The same bytes as the newest version make nothing (`unchanged`). An empty file is refused.',
        tags: ['content'],
        consumes: ['multipart/form-data', 'application/json'],
        headers: IdempotencyHeaders,
        body: z.union([UploadForm, GivenText]),
        response: {
          ...accepted,
          ...problems('conflict', 'idempotency_key_reused', 'overloaded'),
        },
      },
      validatorCompiler: parsedByHandler,
    },
    async (request, reply) => {
      const upload = await receive(request);
      try {
        const { principal } = request;
        const outcome = await withIdempotency(database, request, fingerprint(upload), async (tx) =>
          answer(await acceptUpload(tx, jobs, principal, upload)),
        );
        return sendOutcome(reply, outcome);
      } finally {
        await upload.file.staged.discard();
      }
    },
  );

  app.post(
    '/v1/content/batch',
    {
      ...writing,
      schema: {
        operationId: 'uploadContentBatch',
        summary: 'Upload up to 100 texts at once, with a result for each',
        tags: ['content'],
        headers: IdempotencyHeaders,
        body: ContentBatch,
        response: {
          200: ContentBatchResult,
          ...problems('conflict', 'idempotency_key_reused', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const items = await stageBatch(files, principal.orgId, body.items, limits);
      try {
        const print = createHash('sha256').update(JSON.stringify(body)).digest();
        const outcome = await withIdempotency(database, request, print, async (tx) => ({
          status: 200,
          body: await acceptBatch(tx, jobs, principal, items),
        }));
        return sendOutcome(reply, outcome);
      } finally {
        await discardBatch(items);
      }
    },
  );

  app.put(
    '/v1/content/:id/file',
    {
      ...writing,
      schema: {
        operationId: 'replaceContentFile',
        summary: 'Replace the file of a content: makes a new version',
        description: 'Metadata is changed with PATCH. The same bytes make nothing.',
        tags: ['content'],
        consumes: ['multipart/form-data'],
        params: Id,
        body: UploadForm.pick({ file: true }),
        response: { ...accepted, ...problems('not_found', 'forbidden', 'overloaded') },
      },
      validatorCompiler: parsedByHandler,
    },
    async (request, reply) => {
      const { id } = parseGiven(Id, request.params);
      const { file, fields } = await receiveForm(request, files, limits);
      try {
        const { principal } = request;
        parseGiven(z.strictObject({}), Object.fromEntries(fields));
        const made = await database.withPrincipal(principal, (tx) =>
          replaceFile(tx, jobs, principal, id, file),
        );
        const { status, headers, body } = answer(made);
        return reply.code(status).headers(headers).send(body);
      } finally {
        await file.staged.discard();
      }
    },
  );

  async function receive(request: FastifyRequest): Promise<Upload> {
    if (!request.isMultipart()) {
      const item = parseGiven(GivenText, request.body);
      return stageText(files, request.principal.orgId, item, limits);
    }
    const { file, fields } = await receiveForm(request, files, limits);
    try {
      return { given: parseForm(fields), file };
    } catch (error) {
      await file.staged.discard();
      throw error;
    }
  }
};

function answer(body: ContentAccepted) {
  const location = `/v1/content/${body.id}/versions/${body.version}`;
  return { status: body.unchanged ? (200 as const) : (202 as const), headers: { location }, body };
}

/** What makes two uploads the same: what was said, and the bytes. */
function fingerprint({ given, file }: { given: object; file: ReceivedFile }): string {
  const sorted = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, file.fileName, file.mediaType, file.staged.sha256]);
}
