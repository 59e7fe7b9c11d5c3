import { newId } from '@docent/core/ids';
import { many, run, sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { App } from './app.ts';
import { IdempotencyHeaders, sendOutcome, withIdempotency } from './idempotency.ts';

const database = fileDatabase();

test('the same key and body give the same answer, and one effect', async () => {
  const { request, departments } = await start();
  const send = () => request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });

  const first = await send();
  const second = await send();

  expect(first.statusCode).toBe(202);
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  expect(second.statusCode).toBe(202);
  expect(second.headers['idempotent-replayed']).toBe('true');
  expect(second.headers.location).toBe(first.headers.location);
  expect(second.json()).toEqual(first.json());
  expect(await departments()).toEqual(['Sales']);
});

test('many at once have one effect; each gets its answer or is told to wait', async () => {
  const { request, departments } = await start();
  const send = () => request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });

  const responses = await Promise.all(Array.from({ length: 20 }, send));

  const answers = responses.filter(({ statusCode }) => statusCode === 202);
  const told = responses.filter(({ statusCode }) => statusCode !== 202);
  expect(
    answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined),
  ).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  for (const { statusCode, headers, body } of told) {
    expect(statusCode).toBe(409);
    expect(headers['retry-after']).toBe('1');
    expect(body).toContain('idempotency_key_in_flight');
  }
  expect(await departments()).toEqual(['Sales']);
});

test('the same key with another body, or for another thing, is refused', async () => {
  const { request, departments } = await start();
  await request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });

  const otherBody = await request('POST', '/things/1', { body: { name: 'HR' }, headers: key('a') });
  const otherThing = await request('POST', '/things/2', {
    body: { name: 'Sales' },
    headers: key('a'),
  });

  expect([otherBody.statusCode, otherBody.json().code]).toEqual([422, 'idempotency_key_reused']);
  expect([otherThing.statusCode, otherThing.json().code]).toEqual([422, 'idempotency_key_reused']);
  expect(await departments()).toEqual(['Sales']);
});

test('a key belongs to one person, one route: others may use the same', async () => {
  const { request, person, secondOrganization } = await start();
  const [colleague, stranger] = [await person('admin'), await secondOrganization()];
  await request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });

  const responses = [
    await request('POST', '/things/1', {
      body: { name: 'A' },
      headers: key('a'),
      key: colleague.key,
    }),
    await request('POST', '/things/1', {
      body: { name: 'B' },
      headers: key('a'),
      key: stranger.key,
    }),
    await request('POST', '/others', { body: { name: 'C' }, headers: key('a') }),
  ];

  for (const { statusCode, headers } of responses) {
    expect(statusCode).toBe(202);
    expect(headers['idempotent-replayed']).toBeUndefined();
  }
});

test('a failure undoes the effect and keeps nothing: the request may be sent again', async () => {
  const { request, departments } = await start();

  const failed = await request('POST', '/things/1?fail=1', {
    body: { name: 'Sales' },
    headers: key('a'),
  });
  const nothing = await departments();
  const again = await request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });

  expect(failed.statusCode).toBe(500);
  expect(nothing).toEqual([]);
  expect(again.statusCode).toBe(202);
  expect(again.headers['idempotent-replayed']).toBeUndefined();
});

test('a key older than 24 hours counts as new', async () => {
  const { request, principal } = await start();
  await request('POST', '/things/1', { body: { name: 'Sales' }, headers: key('a') });
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`update docent.idempotency_keys set created_at = now() - interval '25 hours' where org_id = ${principal.orgId}`,
    ),
  );

  const response = await request('POST', '/things/1', { body: { name: 'HR' }, headers: key('a') });
  const replay = await request('POST', '/things/1', { body: { name: 'HR' }, headers: key('a') });

  expect(response.statusCode).toBe(202);
  expect(replay.headers['idempotent-replayed']).toBe('true');
});

test('keys older than 24 hours are swept up in time', async () => {
  const { request, principal } = await start();
  const stored = () =>
    database().withPrincipal(principal, (tx) =>
      many(
        tx,
        z.object({ key: z.string() }),
        sql`select key from docent.idempotency_keys where org_id = ${principal.orgId} and key = 'old'`,
      ),
    );
  await request('POST', '/others', { body: { name: 'x' }, headers: key('old') });
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`update docent.idempotency_keys set created_at = now() - interval '25 hours' where org_id = ${principal.orgId}`,
    ),
  );

  // One key in 64 sweeps; 1,000 that do not come once in 7 million runs.
  let sent = 0;
  while ((await stored()).length > 0 && sent < 1_000) {
    await request('POST', '/others', { body: { name: 'x' }, headers: key(`k${sent++}`) });
  }

  expect(await stored()).toEqual([]);
});

test('without a key every request has its effect', async () => {
  const { request, departments } = await start();

  await request('POST', '/things/1', { body: { name: 'Sales' } });
  await request('POST', '/things/1', { body: { name: 'HR' } });

  expect(await departments()).toEqual(['HR', 'Sales']);
});

test.each(['', 'a b', 'é', 'x'.repeat(256), 'a\tb'])('the key "%s" is refused', async (bad) => {
  const { request, departments } = await start();

  const response = await request('POST', '/things/1', {
    body: { name: 'Sales' },
    headers: key(bad),
  });

  expect(response.statusCode).toBe(400);
  expect(response.json().code).toBe('invalid_request');
  expect(await departments()).toEqual([]);
});

function key(value: string): Record<string, string> {
  return { 'idempotency-key': value };
}

async function start(): Promise<TestApp & { departments: () => Promise<string[]> }> {
  const app = await testApp({ database: database(), plugins: routes });
  return {
    ...app,
    departments: async () => {
      const rows = await database().withPrincipal(app.principal, (tx) =>
        many(
          tx,
          z.object({ name: z.string() }),
          sql`select name from docent.departments where org_id = ${app.principal.orgId} order by name`,
        ),
      );
      return rows.map(({ name }) => name);
    },
  };
}

/** Two routes that add a department. */
function routes(app: App): void {
  for (const url of ['/things/:id', '/others']) {
    app.post(
      url,
      {
        config: { scope: 'content:write' },
        schema: {
          headers: IdempotencyHeaders,
          body: z.object({ name: z.string() }),
          querystring: z.object({ fail: z.string().optional() }),
          response: { 202: z.object({ id: z.uuid() }) },
        },
      },
      async (request, reply) => {
        const { orgId } = request.principal;
        const outcome = await withIdempotency(
          database(),
          request,
          JSON.stringify(request.body),
          async (tx) => {
            const id = newId();
            const name = url === '/others' ? id : request.body.name;
            await run(
              tx,
              sql`insert into docent.departments (org_id, id, name) values (${orgId}, ${id}, ${name})`,
            );
            if (request.query.fail !== undefined) throw new Error('broken on the way');
            return { status: 202, headers: { location: `/things/${id}` }, body: { id } };
          },
        );
        return sendOutcome(reply, outcome);
      },
    );
  }
}
