import { Agent, Statement, StoredTime, XAPI_VERSIONS } from '@docent/contracts/learningXapi';
import { AppError } from '@docent/core/errors';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agentKey } from './identity.ts';
import type { Statements } from './statements.ts';

/** Statements of one request. */
const MOST = 1_000;
const BODY_BYTES = 8 * 1024 * 1024;
const tags = ['xapi'];
const writing = { config: { scope: 'progress:write' as const }, bodyLimit: BODY_BYTES };
const reading = { config: { scope: 'progress:read' as const } };
const Headers = z.looseObject({
  'x-experience-api-version': z.string().optional().describe('1.0.x or 2.0.x; needed'),
});
const StoredStatement = z
  .json()
  .describe('The statement as it was sent, with id, stored and authority');
const Page = z.object({
  statements: z.array(StoredStatement),
  more: z.string().describe('Address of the next page; empty on the last one'),
});
const Id = z.uuid().transform((id) => id.toLowerCase());
const Flag = z.enum(['true', 'false']);
const Query = z.strictObject({
  statementId: Id.optional(),
  voidedStatementId: Id.optional(),
  agent: z.string().max(3_000).optional().describe('An agent as JSON'),
  verb: z.string().max(2_000).optional(),
  activity: z.string().max(2_000).optional(),
  registration: Id.optional(),
  since: StoredTime.optional().describe('Stored after'),
  until: StoredTime.optional().describe('Stored at or before'),
  limit: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe('0, or none: as many as are given'),
  ascending: Flag.optional(),
  format: z.enum(['exact']).default('exact'),
  attachments: z.literal('false').default('false'),
  related_agents: z.literal('false').optional(),
  related_activities: z.literal('false').optional(),
  cursor: z.string().max(500).optional(),
});

/**
 * xAPI 1.0.3 and 2.0.0: statements in and out. Not a whole LRS: documents of state and profiles, attachments
 * and the canonical format are not there.
 */
export const xapiRoutes: FastifyPluginAsyncZod<{ statements: Statements }> = async (
  app,
  { statements },
) => {
  app.addHook('onRequest', async (request, reply) => {
    const version = versionOf(request.headers['x-experience-api-version']);
    reply.header('x-experience-api-version', version ?? XAPI_VERSIONS[0]);
    if (version === null && request.routeOptions.config.public !== true) {
      throw new AppError(
        'invalid_request',
        'The header X-Experience-API-Version must be 1.0.x or 2.0.x.',
      );
    }
  });

  app.get(
    '/xapi/about',
    {
      config: { public: true },
      schema: {
        operationId: 'aboutXapi',
        summary: 'Versions of xAPI that are spoken',
        tags,
        response: { 200: z.object({ version: z.array(z.string()) }) },
      },
    },
    async () => ({ version: [...XAPI_VERSIONS] }),
  );

  app.post(
    '/xapi/statements',
    {
      ...writing,
      schema: {
        operationId: 'postStatements',
        summary: 'Send one statement or up to 1,000, all or none',
        description:
          'Verbs of cmi5, ADL and the video profile about a known person (by external id, e-mail or id) and activity (`externalUri`, or an address /v1/courses/{id}, /v1/assessments/{id}, /v1/skills/{id}, /v1/questions/{id}) become progress, results and answers. All statements are kept.',
        tags,
        headers: Headers,
        body: z.unknown().describe('A statement, or an array of them'),
        response: { 200: z.array(z.uuid()), ...problems('conflict') },
      },
    },
    async ({ principal, body, headers }) => {
      const many = Array.isArray(body) ? body : [body];
      if (many.length > MOST) {
        throw new AppError('too_large', `One request takes ${MOST} statements.`);
      }
      const parsed = many.map((each, index) =>
        parseStatement(each, Array.isArray(body) ? index : null),
      );
      const version = versionOf(headers['x-experience-api-version']) ?? XAPI_VERSIONS[0];
      return statements.store(principal, parsed, version);
    },
  );

  app.put(
    '/xapi/statements',
    {
      ...writing,
      schema: {
        operationId: 'putStatement',
        summary: 'Send a statement under an id of its own',
        tags,
        headers: Headers,
        querystring: z.strictObject({ statementId: Id }),
        body: z.unknown().describe('A statement'),
        response: {
          204: z.null().describe('Stored, or known with this content'),
          ...problems('conflict'),
        },
      },
    },
    async ({ principal, body, query, headers }, reply) => {
      const statement = parseStatement(body, null);
      if (statement.id !== undefined && statement.id !== query.statementId) {
        throw new AppError('invalid_request', 'The statement has another id than statementId.');
      }
      const version = versionOf(headers['x-experience-api-version']) ?? XAPI_VERSIONS[0];
      await statements.store(principal, [{ ...statement, id: query.statementId }], version);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/xapi/statements',
    {
      ...reading,
      schema: {
        operationId: 'getStatements',
        summary: 'One statement by its id, or a page of those that are not voided',
        description:
          'With `statementId` or `voidedStatementId` nothing else is asked but `format` and `attachments`.',
        tags,
        headers: Headers,
        querystring: Query,
        response: { 200: z.union([Page, StoredStatement]), ...problems('not_found') },
      },
    },
    async ({ principal, query }, reply) => {
      const { statementId, voidedStatementId, format, attachments, ...filters } = query;
      const { agent, ...rest } = filters;
      reply.header('x-experience-api-consistent-through', new Date().toISOString());
      const one = statementId ?? voidedStatementId;
      if (one !== undefined) {
        const both = statementId !== undefined && voidedStatementId !== undefined;
        if (both || Object.values(filters).some((value) => value !== undefined)) {
          throw new AppError(
            'invalid_request',
            'statementId or voidedStatementId goes with format and attachments only.',
          );
        }
        const { raw, stored } = await statements.get(principal, one, statementId === undefined);
        return reply.header('last-modified', stored.toUTCString()).send(raw);
      }
      const page = await statements.query(principal, {
        agent: agent === undefined ? null : keyOfAgent(agent),
        verb: rest.verb ?? null,
        activity: rest.activity ?? null,
        registration: rest.registration ?? null,
        since: rest.since === undefined ? null : new Date(rest.since),
        until: rest.until === undefined ? null : new Date(rest.until),
        ascending: rest.ascending === 'true',
        limit: rest.limit || 100,
        cursor: rest.cursor ?? null,
      });
      return { statements: page.statements, more: moreOf(query, page.cursor) };
    },
  );
};

function versionOf(header: unknown): string | null {
  return typeof header === 'string' && /^(1\.0(\.\d+)?|2\.0(\.\d+)?)$/.test(header)
    ? (XAPI_VERSIONS.find((version) => version.startsWith(header.slice(0, 3))) ?? null)
    : null;
}

function parseStatement(value: unknown, index: number | null): Statement {
  const result = Statement.safeParse(value);
  if (result.success) return result.data;
  const where = index === null ? 'The statement' : `Statement ${index + 1}`;
  const problems = result.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
  throw new AppError('invalid_request', `${where} is not one: ${problems}`);
}

function keyOfAgent(json: string): string {
  const agent = Agent.safeParse(parseJson(json));
  const key = agent.success ? agentKey(agent.data) : null;
  if (key === null) {
    throw new AppError('invalid_request', 'agent must be an agent with one identifier, as JSON.');
  }
  return key;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function moreOf(query: z.output<typeof Query>, cursor: string | null): string {
  if (cursor === null) return '';
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...query, cursor })) {
    if (value !== undefined) search.set(key, String(value));
  }
  return `/xapi/statements?${search}`;
}
