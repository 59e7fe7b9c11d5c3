import { crc32 } from 'node:zlib';
import { workerPrincipal } from '@docent/core/principal';
import { many, run, sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { testCache } from '@docent/test/cache';
import { fileDatabase } from '@docent/test/database';
import { believe, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createKey } from './apiKey.ts';
import type { App } from './app.ts';
import { recordSecurityEvent } from './securityEvents.ts';

const database = fileDatabase();
const ip = '203.0.113.7';

test('a wrong secret for a key is kept: which key, from where, never the secret', async () => {
  const { who, events, key, principal } = await start();

  await who(forgeSecret(key), ip, 'guesser/1.0');

  expect(await events()).toEqual([
    expect.objectContaining({
      kind: 'sign_in_failed',
      count: 1,
      apiKeyId: principal.apiKeyId,
      ip,
      userAgent: 'guesser/1.0',
      requestId: expect.any(String),
    }),
  ]);
});

test('a key that nobody has is counted and logged, and is no organization’s event', async () => {
  const lines: string[] = [];
  const { who, events, app } = await start({ lines });
  const unknown = createKey('test');

  await who(unknown.token);

  const metrics = await app.inject({ url: '/metrics' });
  expect(metrics.body).toContain('security_events_total{kind="sign_in_failed"} 1');
  expect(lines.join('')).toContain('"msg":"security"');
  expect(lines.join('')).not.toContain(unknown.token);
  expect(await events()).toEqual([]);
});

test.each([
  ['revoked_key_used', sql`revoked_at = now()`],
  ['expired_key_used', sql`expires_at = now()`],
])('%s is kept for who knows the secret', async (kind, change) => {
  const { who, events, person, principal } = await start();
  const { key, principal: owner } = await person('learner');
  await database().withPrincipal(workerPrincipal(principal.orgId), (tx) =>
    run(
      tx,
      sql`update docent.api_keys set ${change} where org_id = ${owner.orgId} and id = ${owner.apiKeyId}`,
    ),
  );

  const answer = await who(key);

  expect(answer.statusCode).toBe(401);
  expect(await events()).toMatchObject([{ kind, apiKeyId: owner.apiKeyId }]);
});

test('ten wrong secrets lock the pair of key and address, and nobody else', async () => {
  const { who, events, key, person } = await start();
  const neighbour = await person('learner');
  const victim = await person('trainer');

  for (let n = 0; n < 9; n++) await who(forgeSecret(victim.key), ip);
  const before = await who(victim.key, ip);
  await who(forgeSecret(victim.key), ip);
  const guessed = await who(forgeSecret(victim.key), ip);
  const right = await who(victim.key, ip);

  expect(before.statusCode).toBe(200);
  expect([guessed.statusCode, right.statusCode]).toEqual([429, 429]);
  expect(Number(right.headers['retry-after'])).toBeGreaterThan(50);
  expect((await who(victim.key, '203.0.113.8')).statusCode).toBe(200);
  expect((await who(neighbour.key, ip)).statusCode).toBe(200);
  expect((await who(key, ip)).statusCode).toBe(200);
  expect(await events()).toContainEqual(
    expect.objectContaining({
      kind: 'locked_out',
      apiKeyId: victim.principal.apiKeyId,
      ip,
      details: { seconds: 60 },
    }),
  );
});

test('guessing from many addresses does not lock out who knows the secret', async () => {
  const { who, person } = await start();
  const victim = await person('learner');

  for (let n = 0; n < 100; n++) await who(forgeSecret(victim.key), `198.51.100.${n}`);

  expect((await who(victim.key, ip)).statusCode).toBe(200);
});

test('a flood is one row at once and one with the rest', async () => {
  const { who, events, app, key } = await start();
  await Promise.all(Array.from({ length: 8 }, () => who(forgeSecret(key), ip)));

  await app.close();

  expect((await events()).map(({ count }) => count).sort()).toEqual([1, 7]);
});

test('a token that its issuer did not sign is kept under a hash of who it claims to be', async () => {
  const { who, events, principal } = await start();
  const [issuer, evil] = [await testIssuer(), await testIssuer()];
  const { id } = await believe(database(), principal.orgId, issuer);

  await who(await evil.token({ iss: issuer.url, sub: 'the boss' }));

  expect(await events()).toMatchObject([
    { kind: 'sign_in_failed', issuerId: id, identityHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});

test('a good token of nobody who may come in is kept as refused', async () => {
  const { who, events, principal } = await start();
  const issuer = await testIssuer();
  const { id } = await believe(database(), principal.orgId, issuer);

  await who(await issuer.token());

  expect(await events()).toMatchObject([{ kind: 'sign_in_refused', issuerId: id }]);
});

test('a look at another organization is kept, one at the own is not', async () => {
  const { app, events, key, principal, secondOrganization } = await start();
  const foreign = await secondOrganization();
  const headers = { authorization: `Bearer ${key}` };

  for (const { orgId } of [foreign.principal, principal]) {
    await app.inject({ url: `/organizations/${orgId}`, headers });
  }

  expect(await events()).toMatchObject([
    {
      kind: 'cross_organization_denied',
      userId: principal.userId,
      details: { organization: foreign.principal.orgId },
    },
  ]);
});

test('a row that row-level security refused is kept', async () => {
  const { app, events, key, secondOrganization } = await start();
  const foreign = await secondOrganization();
  const headers = { authorization: `Bearer ${key}` };

  const answer = await app.inject({ url: `/trespass/${foreign.principal.orgId}`, headers });

  expect(answer.statusCode).toBe(500);
  expect(await events()).toMatchObject([
    { kind: 'cross_organization_denied', details: { by: 'row-level security' } },
  ]);
});

test('a route keeps an event of its caller', async () => {
  const { app, events, key, principal } = await start();

  await app.inject({ url: '/limited', headers: { authorization: `Bearer ${key}` } });

  expect(await events()).toMatchObject([
    {
      kind: 'limit_exceeded',
      userId: principal.userId,
      apiKeyId: principal.apiKeyId,
      details: { limit: 60 },
    },
  ]);
});

test('an organization cannot change what was kept, nor remove it', async () => {
  const { who, events, key, principal } = await start();
  await who(forgeSecret(key));
  await events();
  const { orgId } = principal;

  const changed = await database()
    .withPrincipal(principal, (tx) =>
      run(tx, sql`update docent.security_events set ip = 'x' where org_id = ${orgId}`),
    )
    .catch(String);
  const removed = await database().withPrincipal(workerPrincipal(orgId), (tx) =>
    run(tx, sql`delete from docent.security_events where org_id = ${orgId}`),
  );

  expect(changed).toMatch(/permission denied/);
  expect(removed).toBe(0);
});

interface Started extends TestApp {
  who(token: string, ip?: string, userAgent?: string): ReturnType<TestApp['request']>;
  /** Those of the organization, once the app has written them; it is closed then. */
  events(): Promise<z.infer<typeof Row>[]>;
}

async function start({ lines }: { lines?: string[] } = {}): Promise<Started> {
  const log =
    lines === undefined
      ? (false as const)
      : { level: 'info', stream: { write: (line: string) => void lines.push(line) } };
  const app = await testApp({
    database: database(),
    cache: await testCache(),
    allowLocalIssuers: true,
    log,
    plugins: routes,
  });
  return {
    ...app,
    who: (token, from = ip, userAgent = 'test') =>
      app.app.inject({
        url: '/who',
        headers: { authorization: `Bearer ${token}`, 'user-agent': userAgent },
        remoteAddress: from,
      }),
    events: async () => {
      await app.app.close();
      return storedEvents(app.principal.orgId);
    },
  };
}

function routes(app: App): void {
  app.get('/who', { config: { scope: 'any' } }, async () => 'somebody');
  app.get('/limited', { config: { scope: 'any' } }, async (request) => {
    recordSecurityEvent(request, 'limit_exceeded', { limit: 60 });
    return 'enough';
  });
  const params = z.object({ id: z.uuid() });
  const config = { scope: 'any' as const };
  app.get(
    '/organizations/:id',
    { config, schema: { params } },
    async ({ params, principal }, reply) =>
      reply.code(params.id === principal.orgId ? 200 : 404).send('an organization'),
  );
  app.get('/trespass/:id', { config, schema: { params } }, async ({ params, principal }) =>
    database().withPrincipal(principal, (tx) =>
      run(
        tx,
        sql`insert into docent.departments (org_id, id, name) values (${params.id}, ${params.id}, 'Ours')`,
      ),
    ),
  );
}

const Row = z.object({
  kind: z.string(),
  count: z.number(),
  userId: z.string().nullable(),
  apiKeyId: z.string().nullable(),
  issuerId: z.string().nullable(),
  identityHash: z.string().nullable(),
  ip: z.string(),
  userAgent: z.string(),
  requestId: z.string(),
  details: z.unknown(),
});

function storedEvents(orgId: string) {
  return database().withPrincipal(workerPrincipal(orgId), (tx) =>
    many(
      tx,
      Row,
      sql`
        select kind, count, user_id as "userId", api_key_id as "apiKeyId", issuer_id as "issuerId",
               identity_hash as "identityHash", ip, user_agent as "userAgent", request_id as "requestId", details
          from docent.security_events
         where org_id = ${orgId}
         order by at, id`,
    ),
  );
}

/** A well-formed token with the id of `token` and another secret, its checksum made independently. */
function forgeSecret(token: string): string {
  const body = token.split('_').with(3, 'x'.repeat(43)).slice(0, 4).join('_');
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let rest = BigInt(crc32(body));
  let checksum = '';
  while (checksum.length < 6) {
    checksum = `${digits[Number(rest % 62n)]}${checksum}`;
    rest /= 62n;
  }
  return `${body}_${checksum}`;
}
