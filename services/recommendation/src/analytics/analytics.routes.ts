import {
  Analytics,
  AnalyticsRange,
  AnalyticsSettings,
  AnalyticsTable,
  AtRiskPerson,
  UserAnalytics,
} from '@docent/contracts/analytics';
import { problems } from '@docent/http/problem';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AnalyticsStory } from './analytics.ts';
import type { CsvFile } from './csv.ts';
import type { PeopleStory } from './people.ts';

const ById = z.object({ id: z.uuid() });
const ExportQuery = AnalyticsRange.extend({ table: AnalyticsTable }).strict();
const tags = ['analytics'];
const ofDepartments = { scope: 'analytics:read', roles: ['hr_manager', 'admin'] } as const;
const ofOrganization = { scope: 'analytics:read', roles: ['trainer', 'admin'] } as const;
const csv = {
  200: {
    description: 'UTF-8 with a byte order mark; nothing in it is a formula',
    content: { 'text/csv': { schema: z.string() } },
  },
};

/** What is published about groups, what is known about one person, and how it is published. */
export const analyticsRoutes: FastifyPluginAsyncZod<{
  analytics: AnalyticsStory;
  people: PeopleStory;
}> = async (app, { analytics, people }) => {
  app.get(
    '/v1/analytics/departments/:id',
    {
      config: ofDepartments,
      schema: {
        operationId: 'getDepartmentAnalytics',
        summary: 'A department with those below it: skill gaps, completion, risks, what is missing',
        description:
          'Groups of fewer than `k` people are hidden, and so is what would give them away.',
        tags,
        params: ById,
        querystring: AnalyticsRange,
        response: { 200: Analytics, ...problems('not_found', 'overloaded') },
      },
    },
    async ({ principal, params, query }) => analytics.ofDepartment(principal, params.id, query),
  );

  app.get(
    '/v1/analytics/departments/:id/export',
    {
      config: ofDepartments,
      schema: {
        operationId: 'exportDepartmentAnalytics',
        summary: 'A table of a department as CSV',
        tags,
        params: ById,
        querystring: ExportQuery,
        response: { ...csv, ...problems('not_found', 'overloaded') },
      },
    },
    async ({ principal, params, query: { table, ...range } }, reply) =>
      sendCsv(reply, await analytics.export(principal, params.id, table, range)),
  );

  app.get(
    '/v1/analytics/overview',
    {
      config: ofOrganization,
      schema: {
        operationId: 'getAnalyticsOverview',
        summary: 'The organization; for trainers only what is about skills and content',
        tags,
        querystring: AnalyticsRange,
        response: { 200: Analytics, ...problems('overloaded') },
      },
    },
    async ({ principal, query }) => analytics.ofOrganization(principal, query),
  );

  app.get(
    '/v1/analytics/overview/export',
    {
      config: ofOrganization,
      schema: {
        operationId: 'exportAnalyticsOverview',
        summary: 'A table of the organization as CSV',
        tags,
        querystring: ExportQuery,
        response: { ...csv, ...problems('overloaded') },
      },
    },
    async ({ principal, query: { table, ...range } }, reply) =>
      sendCsv(reply, await analytics.export(principal, null, table, range)),
  );

  app.get(
    '/v1/analytics/users/:id',
    {
      config: { scope: 'analytics:read' },
      schema: {
        operationId: 'getUserAnalytics',
        summary: 'Learning of one person: oneself, people of own departments, anybody for admins',
        tags,
        params: ById,
        response: { 200: UserAnalytics, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => people.analyticsOf(principal, params.id),
  );

  app.get(
    '/v1/analytics/departments/:id/at-risk',
    {
      config: ofDepartments,
      schema: {
        operationId: 'listPeopleAtRisk',
        summary: 'Who is at risk, where the organization allows to read it; goes on record',
        tags,
        params: ById,
        response: { 200: z.object({ items: z.array(AtRiskPerson) }), ...problems('not_found') },
      },
    },
    async ({ principal, params }) => ({ items: await people.atRisk(principal, params.id) }),
  );

  app.get(
    '/v1/analytics/settings',
    {
      config: { scope: 'analytics:read', roles: ['hr_manager', 'trainer', 'admin'] },
      schema: {
        operationId: 'getAnalyticsSettings',
        summary: 'How analytics are published',
        tags,
        response: { 200: AnalyticsSettings },
      },
    },
    async ({ principal }) => analytics.settings(principal),
  );

  app.put(
    '/v1/analytics/settings',
    {
      config: { scope: 'directory:write', roles: ['admin'] },
      schema: {
        operationId: 'changeAnalyticsSettings',
        summary: 'Larger groups, and whether people at risk may be listed',
        tags,
        body: AnalyticsSettings,
        response: { 200: AnalyticsSettings },
      },
    },
    async ({ principal, body }) => analytics.changeSettings(principal, body),
  );
};

function sendCsv(reply: FastifyReply, { name, text }: CsvFile): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .type('text/csv; charset=utf-8')
    .serializer((body: unknown) => String(body))
    .send(text);
}
