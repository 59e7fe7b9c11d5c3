import { ImportResult } from '@docent/contracts/directoryPeople';
import { AppError } from '@docent/core/errors';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { importPeople } from './import.ts';
import { type ImportFormat, MAX_BYTES, MAX_ROWS, readRows } from './read.ts';

export interface ImportRoutes {
  readonly importPeople: (
    ...args: Parameters<typeof importPeople> extends [unknown, ...infer Rest] ? Rest : never
  ) => Promise<ImportResult>;
}

const FORMATS: Readonly<Record<string, ImportFormat | undefined>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

const Query = z.object({
  dryRun: z.stringbool().default(false).describe('Write nothing; the result is what it would be'),
  createDepartments: z
    .stringbool()
    .default(false)
    .describe('Make departments that a row names and that are not there'),
});

/** POST /users/import. The body is read while it arrives, so it is the handler that parses it. */
export const importRoutes: FastifyPluginAsyncZod<ImportRoutes> = async (app, { importPeople }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(Object.keys(FORMATS), (_request, _payload, done) => done(null));
  app.post(
    '/users/import',
    {
      config: {
        scope: 'directory:write' as const,
        roles: ['admin'] as const,
        timeoutMs: 300_000,
      },
      bodyLimit: MAX_BYTES,
      schema: {
        operationId: 'importUsers',
        summary: 'Add and change people from CSV or NDJSON, with a result for each row',
        description: `Up to ${MAX_ROWS} rows and ${MAX_BYTES} bytes. A row is about the person with its external id, else with its e-mail address, else somebody new. Columns or members: email, name, givenName, familyName, userName, role, status, department (name path, \`Operations/Engineering\`), departmentId, jobTitle, manager (id, external id, user name or e-mail address, also of a later row), externalId, visibility, learningProfile, preferences. What a row does not say stays as it is; in CSV an empty cell says nothing, in NDJSON null takes away. One bad row loses nothing else; the same import again changes nothing.`,
        tags: ['people'],
        consumes: ['text/csv', 'application/x-ndjson'],
        querystring: Query,
        response: {
          200: ImportResult,
          ...problems('conflict', 'too_large', 'unsupported_media_type'),
        },
      },
    },
    async (request) => {
      const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
      const format = FORMATS[type];
      if (format === undefined) {
        throw new AppError('unsupported_media_type', 'Send text/csv or application/x-ndjson.');
      }
      const rows = readRows(request.raw, format);
      return importPeople(request.principal, rows, { ...request.query, signal: request.signal });
    },
  );
};
