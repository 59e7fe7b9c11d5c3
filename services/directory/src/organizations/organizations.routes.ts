import { pageOf } from '@docent/contracts/common';
import { IfMatch } from '@docent/contracts/directory';
import {
  CreatedOrganization,
  NewChildOrganization,
  Organization,
  OrganizationUpdate,
  organizationQuery,
} from '@docent/contracts/directoryOrganizations';
import { etagOf } from '@docent/http/etag';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Organizations } from './organizations.ts';

const reading = { config: { scope: 'directory:read' as const } };
const writing = { config: { scope: 'directory:write' as const, roles: ['admin'] as const } };
const tags = ['organizations'];
const ById = z.object({ id: z.uuid() });

/** GET, POST /organizations; GET, PATCH /organizations/{id}. */
export const organizationRoutes: FastifyPluginAsyncZod<{ organizations: Organizations }> = async (
  app,
  { organizations },
) => {
  app.get(
    '/organizations',
    {
      ...reading,
      schema: {
        operationId: 'listOrganizations',
        summary: 'The own organization and, for administrators, those below it, by name',
        tags,
        querystring: z.object(organizationQuery),
        response: { 200: pageOf(Organization) },
      },
    },
    async ({ principal, query }) => organizations.list(principal, query),
  );

  app.get(
    '/organizations/:id',
    {
      ...reading,
      schema: {
        operationId: 'getOrganization',
        summary: 'An organization',
        tags,
        params: ById,
        response: { 200: Organization, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      const organization = await organizations.get(principal, params.id);
      return reply.header('etag', etagOf(organization)).send(organization);
    },
  );

  app.patch(
    '/organizations/:id',
    {
      ...writing,
      schema: {
        operationId: 'updateOrganization',
        summary: 'Change an organization',
        description:
          'Fields that are not named stay. Status and limits are changed by administrators of an organization above. People of a suspended or inactive organization cannot sign in, within 5 seconds.',
        tags,
        params: ById,
        headers: z.looseObject(IfMatch),
        body: OrganizationUpdate,
        response: { 200: Organization, ...problems('not_found', 'precondition_failed') },
      },
    },
    async ({ principal, params, body, headers }, reply) => {
      const changed = await organizations.change(principal, params.id, body, headers['if-match']);
      return reply.header('etag', etagOf(changed)).send(changed);
    },
  );

  app.post(
    '/organizations',
    {
      ...writing,
      schema: {
        operationId: 'createOrganization',
        summary: 'Add an organization below the own one, with its first administrator',
        description:
          'The administrator’s API key is in this answer and nowhere else. With an Idempotency-Key a second request makes no second organization: it is refused with `conflict`.',
        tags,
        headers: z.looseObject({
          'idempotency-key': z
            .string()
            .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters')
            .optional(),
        }),
        body: NewChildOrganization,
        response: { 201: CreatedOrganization, ...problems('not_found', 'conflict') },
      },
    },
    async ({ principal, body, headers }, reply) => {
      const created = await organizations.create(principal, body, headers['idempotency-key']);
      return reply
        .code(201)
        .headers({
          location: `/v1/organizations/${created.organization.id}`,
          'cache-control': 'no-store',
        })
        .send(created);
    },
  );
};
