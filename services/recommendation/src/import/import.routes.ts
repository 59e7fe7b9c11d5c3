import { ImportKind, ImportResult } from '@docent/contracts/learningImport';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Imports } from './import.ts';

const CSV = ['text/csv'];
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** POST /v1/learning/import/{kind}: many rows of the learning graph at once. */
export const importRoutes: FastifyPluginAsyncZod<{ imports: Imports }> = async (
  app,
  { imports },
) => {
  app.addContentTypeParser([...CSV, ...NDJSON], { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );

  app.post(
    '/v1/learning/import/:kind',
    {
      config: { scope: 'learning:write', roles: ['trainer', 'admin'], timeoutMs: 120_000 },
      bodyLimit: 8 * 1024 * 1024,
      schema: {
        operationId: 'importLearning',
        summary:
          'Import up to 2,000 skills, courses, edges, targets, assessments or questions as CSV or NDJSON',
        description:
          'CSV has the fields’ names in its first line, `|` between the items of a list; an empty cell is a field that stays as it is. Rows refer to others by id, externalUri or name, also to rows before them. What is there already, by externalUri or else by name (a question: by its prompt), is changed. With `dryRun` the results are the same, and nothing is written.',
        tags: ['learning graph'],
        consumes: ['text/csv', 'application/x-ndjson'],
        params: z.object({ kind: ImportKind }),
        querystring: z.object({ dryRun: z.stringbool().default(false) }),
        body: z.string(),
        response: { 200: ImportResult },
      },
    },
    async ({ principal, params, query, body, headers }) => {
      const csv = CSV.some((type) => headers['content-type']?.startsWith(type));
      const format = csv ? ('csv' as const) : ('ndjson' as const);
      return imports.run(principal, params.kind, body, { format, dryRun: query.dryRun });
    },
  );
};
