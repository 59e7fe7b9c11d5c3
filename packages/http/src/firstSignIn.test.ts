import { workerPrincipal } from '@docent/core/principal';
import { many, run, type Sql, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { believing } from '../fixtures/signedUp.ts';

const database = fileDatabase();

test('who comes for the first time becomes a learner where the issuer may create people', async () => {
  const { who, issuer, principal } = await believing(database(), { createPeople: true });
  const token = await issuer.token({ sub: 'new', name: 'Nora New', email: 'Nora@Example.com' });

  const answers = await Promise.all([who(token), who(token), who(token)]);

  const [first] = answers;
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect(first?.json()).toMatchObject({ orgId: principal.orgId, role: 'learner' });
  expect(await people(principal.orgId)).toContainEqual({
    id: first?.json().userId,
    name: 'Nora New',
    email: 'Nora@Example.com',
    role: 'learner',
  });
});

test.each([
  ['has no e-mail address', { email: undefined }],
  ['has an address that is not proven', { email_verified: false }],
  ['has no address but a word', { email: 'nora' }],
  ['has the address of somebody else', { email: 'admin@test.example' }],
])('nobody is created when the token %s', async (_, claims) => {
  const { who, issuer, principal } = await believing(database(), { createPeople: true });

  const answer = await who(
    await issuer.token({ sub: 'new', email: 'nora@example.com', ...claims }),
  );

  expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await people(principal.orgId)).toHaveLength(1);
});

test('nobody is created beyond the plan, in a suspended organization, or without being asked to', async () => {
  const full = await believing(database(), { createPeople: true });
  const suspended = await believing(database(), { createPeople: true });
  const unasked = await believing(database(), {});
  await as(
    full.principal.orgId,
    sql`update docent.organizations set max_users = 1 where org_id = ${full.principal.orgId}`,
  );
  await as(
    suspended.principal.orgId,
    sql`update docent.organizations set status = 'suspended' where org_id = ${suspended.principal.orgId}`,
  );

  for (const { who, issuer, principal } of [full, suspended, unasked]) {
    const answer = await who(await issuer.token({ email: 'nora@example.com' }));

    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await people(principal.orgId)).toHaveLength(1);
  }
});

test('an e-mail address links a person once, where the issuer proves addresses', async () => {
  const { who, issuer, principal } = await believing(database(), { linkByEmail: true });

  const unproven = await who(
    await issuer.token({ sub: 'a', email: 'ADMIN@test.example', email_verified: false }),
  );
  const first = await who(await issuer.token({ sub: 'b', email: 'ADMIN@test.example' }));
  const successor = await who(await issuer.token({ sub: 'c', email: 'ADMIN@test.example' }));

  expect(unproven.statusCode).toBe(403);
  expect(first.json()).toMatchObject({ userId: principal.userId, role: 'admin' });
  expect(successor.statusCode).toBe(403);
});

test('an e-mail address alone is nobody', async () => {
  const { who, issuer } = await believing(database(), {});

  const answer = await who(await issuer.token({ sub: 'x', email: 'admin@test.example' }));

  expect(answer.statusCode).toBe(403);
});

function as(orgId: string, statement: Sql): Promise<number> {
  return database().withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
}

function people(orgId: string) {
  const row = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.string() });
  return database().withPrincipal(workerPrincipal(orgId), (tx) =>
    many(tx, row, sql`select id, name, email, role from docent.users where org_id = ${orgId}`),
  );
}
