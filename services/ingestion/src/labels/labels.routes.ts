import { pageOf, pageQuery } from '@docent/contracts/common';
import { LabelReview, PassageLabel } from '@docent/contracts/content';
import type { Database } from '@docent/database/database';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pageOfLabels, review } from './labels.ts';

const looking = {
  config: { scope: 'content:write' as const, roles: ['trainer', 'admin'] as const },
};

/** GET /v1/content/{id}/labels, PATCH /v1/content/{id}/labels/{labelId}. */
export const labelRoutes: FastifyPluginAsyncZod<{ readonly database: Database }> = async (
  app,
  { database },
) => {
  app.get(
    '/v1/content/:id/labels',
    {
      ...looking,
      schema: {
        operationId: 'listLabels',
        summary: 'Passages of a content that look like instructions to a model',
        description:
          'In the order of the text; what the file hides comes first. Labelled passages are searched and quoted like any other.',
        tags: ['content'],
        params: z.object({ id: z.uuid() }),
        querystring: z.object({
          ...pageQuery,
          dismissed: z
            .stringbool()
            .optional()
            .describe('`false`: those that nobody reviewed; default: all'),
        }),
        response: { 200: pageOf(PassageLabel), ...problems('not_found', 'forbidden') },
      },
    },
    async ({ principal, params, query }) =>
      pageOfLabels(database, principal, params.id, {
        ...query,
        dismissed: query.dismissed ?? null,
      }),
  );

  app.patch(
    '/v1/content/:id/labels/:labelId',
    {
      ...looking,
      schema: {
        operationId: 'reviewLabel',
        summary: 'Note that a labelled passage is harmless, or take that back',
        tags: ['content'],
        params: z.object({ id: z.uuid(), labelId: z.uuid() }),
        body: LabelReview,
        response: { 200: PassageLabel, ...problems('not_found', 'forbidden') },
      },
    },
    async ({ principal, params, body }) =>
      review(database, principal, { contentId: params.id, labelId: params.labelId }, body),
  );
};
