import { SearchRequest, SearchResponse } from '@docent/contracts/search';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Search } from './interfaces.ts';

/** POST /v1/search. */
export const searchRoutes: FastifyPluginAsyncZod<{ readonly search: Search }> = async (
  app,
  { search },
) => {
  app.post(
    '/v1/search',
    {
      config: { scope: 'search' },
      schema: {
        operationId: 'search',
        summary: 'The passages that answer a query best',
        description:
          'Words (BM25, any word of the query may match) and meaning (vectors) together, or one of them. ' +
          'Only content that the caller may see. An empty list is an answer, not a failure.',
        tags: ['search'],
        body: SearchRequest,
        response: { 200: SearchResponse, ...problems('invalid_request', 'database_unavailable') },
      },
    },
    async (request) => search(request.principal, request.body, { signal: request.signal }),
  );
};
