import { pageOf, pageQuery } from '@docent/contracts/common';
import { Budget, BudgetUpdate, NewBudget, Usage, usageQuery } from '@docent/contracts/usage';
import type { Principal } from '@docent/core/principal';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Budgets } from './budgets.ts';

export interface UsageRoutes {
  readonly budgets: Budgets;
  readonly readUsage: (
    principal: Principal,
    query: { month?: string | undefined },
    options: { signal: AbortSignal },
  ) => Promise<Usage>;
}

const reading = { config: { scope: 'directory:read' as const, roles: ['admin'] as const } };
const writing = { config: { scope: 'directory:write' as const, roles: ['admin'] as const } };
const tags = ['usage'];
const ById = z.object({ id: z.uuid() });

/** GET /usage; GET, POST /budgets; PATCH, DELETE /budgets/{id}. */
export const usageRoutes: FastifyPluginAsyncZod<UsageRoutes> = async (
  app,
  { budgets, readUsage },
) => {
  app.get(
    '/usage',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'readUsage',
        summary: 'What was used of the plan in a month',
        description:
          'Tokens of chat and embedding models, stored files, people. Everybody sees what they used themselves, HR managers their departments, administrators everything.',
        tags,
        querystring: z.object(usageQuery),
        response: { 200: Usage },
      },
    },
    async ({ principal, query, signal }) => readUsage(principal, query, { signal }),
  );

  app.get(
    '/budgets',
    {
      ...reading,
      schema: {
        operationId: 'listBudgets',
        summary: 'Token budgets of people and departments',
        tags,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(Budget) },
      },
    },
    async ({ principal, query }) => budgets.list(principal, query),
  );

  app.post(
    '/budgets',
    {
      ...writing,
      schema: {
        operationId: 'addBudget',
        summary: 'Limit the tokens of a person or a department',
        description:
          'A calendar month (UTC). Of a department it counts with those below it. Over budget, questions are answered with quotes of the sources. The limit of the organization is part of its plan.',
        tags,
        body: NewBudget,
        response: { 201: Budget, ...problems('conflict', 'not_found') },
      },
    },
    async ({ principal, body }, reply) => reply.code(201).send(await budgets.add(principal, body)),
  );

  app.patch(
    '/budgets/:id',
    {
      ...writing,
      schema: {
        operationId: 'changeBudget',
        summary: 'Change a token budget',
        tags,
        params: ById,
        body: BudgetUpdate,
        response: { 200: Budget, ...problems('not_found') },
      },
    },
    async ({ principal, params, body }) =>
      budgets.change(principal, params.id, body.maxTokensPerMonth),
  );

  app.delete(
    '/budgets/:id',
    {
      ...writing,
      schema: {
        operationId: 'removeBudget',
        summary: 'Take a token budget away',
        tags,
        params: ById,
        response: { 204: z.null().describe('It is gone'), ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) => {
      await budgets.remove(principal, params.id);
      return reply.code(204).send(null);
    },
  );
};
