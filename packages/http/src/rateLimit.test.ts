import type { Cache } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { run, sql } from '@docent/database/sql';
import { testApp } from '@docent/test/app';
import { testCache } from '@docent/test/cache';
import { expect, test } from 'vitest';
import type { RateLimits } from './rateLimit.ts';

const wide: RateLimits = { user: 1000, key: 1000, organization: 1000, ip: 1000, processes: 1 };

async function limitedApp(limits: Partial<RateLimits>, cache?: Cache) {
  return testApp({
    // Other tests come from the same addresses: those are not counted in a shared Redis.
    cache: cache ?? (limits.ip === undefined ? await testCache() : memoryCache()),
    rateLimits: { ...wide, ...limits },
    plugins: (app) => {
      app.get('/thing', { config: { scope: 'any' } }, async () => ({ ok: true }));
      app.get('/dear', { config: { scope: 'any', cost: 5 } }, async () => ({ ok: true }));
      app.get('/page', { config: { public: true } }, async () => ({ ok: true }));
    },
  });
}

test('a caller is told what is left, and turned away when nothing is', async () => {
  const { request } = await limitedApp({ key: 2 });

  const answers = [
    await request('GET', '/thing'),
    await request('GET', '/thing'),
    await request('GET', '/thing'),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
  expect(answers[0]?.headers['ratelimit-policy']).toBe(
    '"key";q=2;w=60, "organization";q=1000;w=60',
  );
  expect(answers[0]?.headers.ratelimit).toMatch(/^"key";r=1;t=30, "organization";r=999;t=1$/);
  expect(answers[2]?.headers.ratelimit).toMatch(/^"key";r=0;t=\d+,/);
  const seconds = Number(answers[2]?.headers['retry-after']);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(30);
  expect(answers[2]?.json()).toMatchObject({
    code: 'rate_limited',
    limit: 'key',
    perMinute: 2,
    retryAfterSeconds: seconds,
  });
});

test('a key that is used up does not use up another one; the organization counts both', async () => {
  const { request, person } = await limitedApp({ key: 2, organization: 3 });
  const other = await person('learner');

  const own = [await request('GET', '/thing'), await request('GET', '/thing')];
  const ownRefused = await request('GET', '/thing');
  const others = [
    await request('GET', '/thing', { key: other.key }),
    await request('GET', '/thing', { key: other.key }),
  ];

  expect(own.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(ownRefused.json()).toMatchObject({ limit: 'key' });
  expect(others.map(({ statusCode }) => statusCode)).toEqual([200, 429]);
  expect(others[1]?.json()).toMatchObject({ limit: 'organization', perMinute: 3 });
});

test('one organization does not use up another', async () => {
  const { request, secondOrganization } = await limitedApp({ organization: 1 });
  const second = await secondOrganization();

  const statuses = [
    (await request('GET', '/thing')).statusCode,
    (await request('GET', '/thing')).statusCode,
    (await request('GET', '/thing', { key: second.key })).statusCode,
  ];

  expect(statuses).toEqual([200, 429, 200]);
});

test('a key may have a limit of its own', async () => {
  const { request, database, principal } = await limitedApp({ key: 1 });
  await database.withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.api_keys
           set rate_limit_per_minute = 3
         where org_id = ${principal.orgId}
           and id = ${principal.apiKeyId}`,
    ),
  );

  const answer = await request('GET', '/thing');

  expect(answer.headers['ratelimit-policy']).toContain('"key";q=3;w=60');
});

test('a route that costs more counts as more', async () => {
  const { request } = await limitedApp({ key: 7 });

  const first = await request('GET', '/dear');
  const second = await request('GET', '/dear');
  const cheap = await request('GET', '/thing');

  expect(first.headers.ratelimit).toMatch(/^"key";r=2;/);
  expect(second.statusCode).toBe(429);
  expect(cheap.statusCode).toBe(200);
});

test('without Redis this process counts its part: nobody is unlimited', async () => {
  const away: Cache = { ...memoryCache(), take: async () => null };
  const { request } = await limitedApp({ key: 6, processes: 3 }, away);

  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await request('GET', '/thing')).statusCode);

  expect(statuses).toEqual([200, 200, 429, 429]);
});

test('who fails to sign in too often is turned away; a valid key at the same address is not', async () => {
  const { request } = await limitedApp({ ip: 2 });
  const wrong = { key: `dct_test_${'a'.repeat(16)}_wrong` };

  const failures = [
    await request('GET', '/thing', wrong),
    await request('GET', '/thing', { key: null }),
    await request('GET', '/thing', wrong),
  ];
  const valid = await request('GET', '/thing');

  expect(failures.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429]);
  expect(failures[2]?.json()).toMatchObject({ code: 'rate_limited', limit: 'address' });
  expect(valid.statusCode).toBe(200);
});

test('public pages and paths that lead nowhere count for the address, health checks do not', async () => {
  const { request } = await limitedApp({ ip: 2 });

  const health = [await request('GET', '/live'), await request('GET', '/ready')];
  const pages = [
    await request('GET', '/page', { key: null }),
    await request('GET', '/nowhere', { key: null }),
    await request('GET', '/page', { key: null }),
  ];

  expect(health.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 404, 429]);
  expect((await request('GET', '/live')).statusCode).toBe(200);
});

test('an IPv6 customer has one limit for all of their addresses', async () => {
  const { app } = await limitedApp({ ip: 1 });
  const from = async (remoteAddress: string) =>
    (await app.inject({ method: 'GET', url: '/page', remoteAddress })).statusCode;

  expect(await from('2001:db8:1:2::1')).toBe(200);
  expect(await from('2001:db8:1:2:ffff:1:2:3')).toBe(429);
  expect(await from('2001:DB8:0001:3::1')).toBe(200);
  expect(await from('::ffff:192.0.2.1')).toBe(200);
  expect(await from('192.0.2.1')).toBe(429);
});

test('a limit that was exceeded is one security event, however often it was', async () => {
  const { request, app, database, principal } = await limitedApp({ key: 1 });
  for (let n = 0; n < 5; n++) await request('GET', '/thing');
  await app.close();

  const { rows } = await database.withPrincipal(principal, (tx) =>
    tx.query(sql`
      select kind, count, api_key_id, details
        from docent.security_events
       where org_id = ${principal.orgId}
       order by count`),
  );

  expect(rows).toMatchObject([
    {
      kind: 'limit_exceeded',
      count: 1,
      api_key_id: principal.apiKeyId,
      details: { limit: 'key', perMinute: 1 },
    },
    { kind: 'limit_exceeded', count: 3 },
  ]);
});
