import { notFound } from '@docent/core/errors';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  resourceType,
  resourceTypes,
  schema,
  schemas,
  serviceProviderConfig,
} from './discovery.ts';
import { sendFault } from './faults.ts';
import type { ScimGroups } from './groups.ts';
import { listQuery, projectionQuery } from './query.ts';
import { projected, type Resource } from './resources.ts';
import type { ScimUsers } from './users.ts';
import { MEDIA_TYPE } from './vocabulary.ts';

export interface ScimRoutes {
  readonly users: ScimUsers;
  readonly groups: ScimGroups;
}

/** A group is pushed with all its members: 10,000 of them have 1 MB. */
const BODY_BYTES = 4 * 1024 * 1024;

const options = {
  config: { scope: 'scim' as const, roles: ['admin'] as const },
  bodyLimit: BODY_BYTES,
};
const tags = ['scim'];
const ById = z.object({ id: z.uuid() });
const Named = z.object({ id: z.string().max(200) });
const Body = z.looseObject({ schemas: z.array(z.string().max(200)).max(20).optional() });
const Headers = z.looseObject({
  'if-match': z.string().max(1_000).optional().describe('`meta.version` of what was read'),
});
const answer = (description: string) => ({
  description,
  content: { [MEDIA_TYPE]: { schema: z.looseObject({}) } },
});
const Fault = z.looseObject({
  schemas: z.array(z.string()),
  status: z.string(),
  scimType: z.string().optional(),
  detail: z.string(),
});
const faults = Object.fromEntries(
  [
    [400, 'Not understood; `scimType` says why'],
    [401, 'No valid key'],
    [403, 'Not an administrator’s key with the scope scim'],
    [404, 'Not there'],
    [409, 'Taken (`uniqueness`), or the last administrator'],
    [412, 'Changed since it was read'],
  ].map(([status, description]) => [
    status,
    { description, content: { [MEDIA_TYPE]: { schema: Fault } } },
  ]),
);

/** SCIM 2.0 (RFC 7643, 7644): Users, Groups, ServiceProviderConfig, ResourceTypes, Schemas. */
export const scimRoutes: FastifyPluginAsyncZod<ScimRoutes> = async (app, { users, groups }) => {
  app.setErrorHandler((error, request, reply) => sendFault(request, reply, error));
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(MEDIA_TYPE, { parseAs: 'string' }, (request, body, done) => {
    // A deletion says the type of a body that it does not have.
    if (body === '') done(null);
    else parseJson(request, body, done);
  });
  app.addHook('preHandler', async (_request, reply) => {
    reply.type(`${MEDIA_TYPE}; charset=utf-8`);
  });

  for (const [plural, one, resources] of [
    ['Users', 'person', users],
    ['Groups', 'department', groups],
  ] as const) {
    const name = plural.slice(0, -1);

    app.get(
      `/${plural}`,
      {
        ...options,
        schema: {
          operationId: `scimList${plural}`,
          summary: `${plural} that match a filter`,
          tags,
          querystring: z.object(listQuery),
          response: { 200: answer('ListResponse'), ...faults },
        },
      },
      async (request) => {
        const { startIndex, count, filter, ...projection } = request.query;
        const page = { filter, offset: startIndex - 1, limit: count };
        return resources.list(request.principal, { ...page, ...projection, base: baseOf(request) });
      },
    );

    app.get(
      `/${plural}/:id`,
      {
        ...options,
        schema: {
          operationId: `scimGet${name}`,
          summary: `A ${one}`,
          tags,
          params: ById,
          querystring: z.object(projectionQuery),
          response: { 200: answer(name), ...faults },
        },
      },
      async (request, reply) => {
        const seen = { ...request.query, base: baseOf(request) };
        const resource = await resources.get(request.principal, request.params.id, seen);
        return reply.header('etag', resource.meta.version).send(resource);
      },
    );

    app.post(
      `/${plural}`,
      {
        ...options,
        schema: {
          operationId: `scimCreate${name}`,
          summary: `Add a ${one}`,
          tags,
          querystring: z.object(projectionQuery),
          body: Body,
          response: { 201: answer(name), ...faults },
        },
      },
      async (request, reply) => {
        const seen = { base: baseOf(request) };
        const resource = await resources.create(request.principal, request.body, seen);
        return reply
          .code(201)
          .headers(headersOf(resource))
          .send(projected(resource, request.query));
      },
    );

    for (const [method, verb] of [
      ['PUT', 'replace'],
      ['PATCH', 'patch'],
    ] as const) {
      app.route({
        method,
        url: `/${plural}/:id`,
        ...options,
        schema: {
          operationId: `scim${verb === 'replace' ? 'Replace' : 'Patch'}${name}`,
          summary: verb === 'replace' ? `Replace a ${one}` : `Change a ${one}`,
          tags,
          params: ById,
          headers: Headers,
          querystring: z.object(projectionQuery),
          body: Body,
          response: { 200: answer(name), ...faults },
        },
        handler: async (request, reply) => {
          const { principal, params, body } = request;
          const seen = { base: baseOf(request), ifMatch: request.headers['if-match'] };
          const resource = await resources[verb](principal, params.id, body, seen);
          return reply.headers(headersOf(resource)).send(projected(resource, request.query));
        },
      });
    }

    app.delete(
      `/${plural}/:id`,
      {
        ...options,
        schema: {
          operationId: `scimDelete${name}`,
          summary: `Delete a ${one}`,
          tags,
          params: ById,
          headers: Headers,
          response: { 204: z.null().describe('Deleted'), ...faults },
        },
      },
      async (request, reply) => {
        const seen = { base: baseOf(request), ifMatch: request.headers['if-match'] };
        await resources.remove(request.principal, request.params.id, seen);
        return reply.code(204).send(null);
      },
    );
  }

  const described = (operationId: string, summary: string) => ({
    ...options,
    schema: {
      operationId,
      summary,
      tags,
      response: { 200: answer(summary), ...faults },
    },
  });
  app.get(
    '/ServiceProviderConfig',
    described('scimServiceProviderConfig', 'What this service supports of SCIM'),
    async (request) => serviceProviderConfig(baseOf(request)),
  );
  app.get(
    '/ResourceTypes',
    described('scimResourceTypes', 'The types of resources'),
    async (request) => resourceTypes(baseOf(request)),
  );
  app.get('/Schemas', described('scimSchemas', 'The attributes that are kept'), async (request) =>
    schemas(baseOf(request)),
  );
  for (const [url, kind, find] of [
    ['/ResourceTypes/:id', 'ResourceType', resourceType],
    ['/Schemas/:id', 'Schema', schema],
  ] as const) {
    const { config, schema: description } = described(`scimGet${kind}`, `One ${kind}`);
    app.get(url, { config, schema: { ...description, params: Named } }, async (request) => {
      const found = find(baseOf(request), request.params.id);
      if (found === null) throw notFound(kind, request.params.id);
      return found;
    });
  }
};

/** The address of `/scim/v2` as the caller reached it. */
function baseOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}/scim/v2`;
}

function headersOf({ meta }: Resource): Record<string, string> {
  return { location: meta.location, etag: meta.version };
}
