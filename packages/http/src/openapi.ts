import { Problem } from '@docent/contracts/common';
import type { ErrorCode } from '@docent/core/errors';
import { roles } from '@docent/core/principal';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyPluginAsync, FastifySchema, RouteOptions } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorsPage } from './errorsPage.ts';
import { type ProblemResponse, problems } from './problem.ts';

/** Nothing of the page comes from another host; Swagger UI styles elements inline. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const transform = createJsonSchemaTransform({});

/**
 * OpenAPI 3.1 at /openapi.json, a page for it at /docs, the error codes at /docs/errors. Every
 * route is described with what all of them share: who may call it, and the problems that any may
 * answer with.
 */
export async function registerOpenApi(
  app: FastifyInstance,
  { title, version, home }: { title: string; version: string; home: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version },
      components: {
        schemas: { Problem: problemSchema, Json: { description: 'Any JSON value' } },
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API key, `dct_<env>_<id>_<secret>_<checksum>`, or an access token (JWT) of an OpenID Connect issuer that the organization believes.',
          },
        },
      },
    },
    transform: (route) => {
      const described = transform({ ...route, schema: shared(route.schema, route.route) });
      return { ...described, schema: withJsonValues(referToProblem(described.schema)) };
    },
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { public: true } }, async () =>
    app.swagger(),
  );
  app.get(
    '/docs/errors',
    { schema: { hide: true }, config: { public: true } },
    async (_request, reply) =>
      reply
        .header('content-security-policy', DOCS_CSP)
        .type('text/html; charset=utf-8')
        .send(await errorsPage()),
  );
  // Who opens the address in a browser is looking for something to read.
  app.get('/', { config: { public: true }, schema: { hide: true } }, (_, reply) =>
    reply.redirect(home),
  );
  const docs: FastifyPluginAsync = async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true };
    });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: DOCS_CSP,
      theme: { title },
    });
  };
  await app.register(docs);
}

/** A route's schema with what every route of its kind has. */
function shared(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  if (schema?.hide === true) return schema;
  const { public: isPublic, scope, roles: allowed = roles } = route.config ?? {};
  const codes: ErrorCode[] = ['internal_error', 'request_timeout', 'shutting_down'];
  if (schema?.body !== undefined) codes.push('too_large', 'unsupported_media_type');
  if (schema?.body || schema?.querystring || schema?.params || schema?.headers) {
    codes.push('invalid_request');
  }
  if (isPublic !== true) {
    codes.push('unauthenticated', 'forbidden', 'rate_limited');
    codes.push('database_unavailable', 'issuer_unavailable', 'overloaded');
  }
  const response = mergeProblems(problems(...codes), schema?.response);
  return {
    ...schema,
    response,
    ...(isPublic === true ? {} : { security: [{ bearer: [] }], 'x-roles': [...allowed] }),
    ...(scope === undefined || scope === 'any' ? {} : { 'x-scopes': [scope] }),
  };
}

/** The route's own responses win; problems of the same status share one description. */
function mergeProblems(common: Record<number, ProblemResponse>, own: unknown) {
  const merged: Record<string, unknown> = { ...common };
  if (typeof own !== 'object' || own === null) return merged;
  for (const [status, response] of Object.entries(own)) {
    const both = common[Number(status)];
    const description = descriptionOf(response);
    const additional = both?.description
      .split('; ')
      .filter((part) => description?.includes(part) === false);
    merged[status] =
      both !== undefined && isProblem(response) && additional !== undefined
        ? { ...both, description: [description, ...additional].join('; ') }
        : response;
  }
  return merged;
}

const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

// Through JSON: what zod returns carries functions beside the schema.
const problemSchema = JSON.parse(JSON.stringify(z.toJSONSchema(Problem), withoutDialect));

function withoutDialect(key: string, value: unknown): unknown {
  return key === '$schema' ? undefined : value;
}

/** One problem schema for all: spelled out, it was half of the document. */
function referToProblem(schema: FastifySchema): FastifySchema {
  if (typeof schema.response !== 'object' || schema.response === null) return schema;
  const response = Object.fromEntries(
    Object.entries(schema.response).map(([status, answer]) => [
      status,
      isProblem(answer)
        ? { ...answer, content: { 'application/problem+json': { schema: PROBLEM_REF } } }
        : answer,
    ]),
  );
  return { ...schema, response };
}

const JSON_REF = '#/components/schemas/Json';
const UNDEFINED_REF = /^#\/components\/schemas\/schema\d+$/;

/**
 * zod takes schemas that hold themselves out of the one that they stand in, and fastify-type-provider-zod loses them:
 * their references led nowhere, and no generator of clients read the document. Ours are all `z.json()`.
 */
function withJsonValues(schema: FastifySchema): FastifySchema {
  const { body, querystring, params, headers, response } = schema;
  const parts = { body, querystring, params, headers, response };
  return {
    ...schema,
    ...JSON.parse(JSON.stringify(parts), (key, value) =>
      key === '$ref' && UNDEFINED_REF.test(value) ? JSON_REF : value,
    ),
  };
}

function descriptionOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('description' in response)) return;
  return typeof response.description === 'string' ? response.description : undefined;
}

function isProblem(response: unknown): boolean {
  if (typeof response !== 'object' || response === null || !('content' in response)) return false;
  const { content } = response;
  return typeof content === 'object' && content !== null && 'application/problem+json' in content;
}
