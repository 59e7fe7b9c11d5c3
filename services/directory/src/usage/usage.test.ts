import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { reserveTokens, settleTokens } from '@docent/database/usage';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const fileDb = fileDatabase();

function start(): Promise<TestApp> {
  return testApp({
    database: fileDb(),
    plugins: (app, database) => app.register(directoryService, { database }),
  });
}

async function department({ request }: TestApp, name: string, parentId?: string): Promise<string> {
  const body = { name, ...(parentId ? { parentId } : {}) };
  return (await request('POST', '/v1/departments', { body })).json().id;
}

/** A person of a department, whose principal is what sign-in would give. */
async function member(app: TestApp, role: 'learner' | 'hr_manager', departmentId: string) {
  const one = await app.person(role);
  const url = `/v1/users/${one.principal.userId}`;
  await app.request('PATCH', url, { body: { departmentId } });
  return { ...one, principal: { ...one.principal, departmentIds: [departmentId] } };
}

const chat = (tokens: number) => ({ purpose: 'chat' as const, tokens });
const budget = (app: TestApp, body: object) => app.request('POST', '/v1/budgets', { body });

async function limitOrganization(app: TestApp, most: number): Promise<void> {
  const { orgId } = app.principal;
  await app.database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`update docent.organizations set max_tokens_per_month = ${most} where org_id = ${orgId}`,
    ),
  );
}

test('tokens are counted by person, department with those below it, and organization', async () => {
  const app = await start();
  const top = await department(app, 'Operations');
  const below = await department(app, 'Engineering', top);
  const [one, other] = [await member(app, 'learner', top), await member(app, 'learner', below)];
  const first = await reserveTokens(app.database, one.principal, chat(1_000));
  await settleTokens(app.database, one.principal, 'chat', first, 400);
  await reserveTokens(app.database, other.principal, chat(50));

  const usage = (await app.request('GET', '/v1/usage')).json();

  expect(usage).toMatchObject({
    month: new Date().toISOString().slice(0, 7),
    own: { tokens: 0, limit: null },
    organization: { tokens: { used: 450, limit: null }, people: { limit: null } },
    departments: [
      { name: 'Operations', tokens: 450 },
      { name: 'Engineering', tokens: 50 },
    ],
    people: [
      { id: one.principal.userId, tokens: 400, calls: 1 },
      { id: other.principal.userId, tokens: 50, calls: 1 },
    ],
  });
});

test('everybody sees their own use, HR managers their departments, nobody more', async () => {
  const app = await start();
  const [mine, others] = [await department(app, 'Mine'), await department(app, 'Others')];
  const hr = await member(app, 'hr_manager', mine);
  const learner = await member(app, 'learner', mine);
  const stranger = await member(app, 'learner', others);
  await reserveTokens(app.database, learner.principal, chat(70));
  await reserveTokens(app.database, stranger.principal, chat(30));

  const seenByHr = (await app.request('GET', '/v1/usage', { key: hr.key })).json();
  const seenByLearner = (await app.request('GET', '/v1/usage', { key: learner.key })).json();

  expect(seenByHr).toMatchObject({
    organization: null,
    departments: [{ name: 'Mine', tokens: 70 }],
    people: [],
  });
  expect(seenByLearner).toMatchObject({
    own: { tokens: 70 },
    organization: null,
    departments: [],
    people: [],
  });
});

test('a budget of a person ends at their last token, and not for others', async () => {
  const app = await start();
  const [one, other] = [await app.person('learner'), await app.person('learner')];
  const { userId } = one.principal;
  await budget(app, { userId, maxTokensPerMonth: 100 });
  await reserveTokens(app.database, one.principal, chat(80));

  const more = reserveTokens(app.database, one.principal, chat(21));

  await expect(more).rejects.toMatchObject({
    code: 'budget_exhausted',
    details: { budget: 'person', maxTokensPerMonth: 100, usedTokens: 80 },
  });
  await reserveTokens(app.database, one.principal, chat(20));
  await reserveTokens(app.database, other.principal, chat(1_000));
});

test('a budget of a department holds for those below it together', async () => {
  const app = await start();
  const top = await department(app, 'Operations');
  const one = await member(app, 'learner', top);
  const other = await member(app, 'learner', await department(app, 'Engineering', top));
  await budget(app, { departmentId: top, maxTokensPerMonth: 100 });
  await reserveTokens(app.database, one.principal, chat(60));

  const more = reserveTokens(app.database, other.principal, chat(60));

  await expect(more).rejects.toMatchObject({ details: { budget: 'department' } });
});

test('many calls at once never overdraw the plan of the organization', async () => {
  const app = await start();
  await limitOrganization(app, 100);

  const calls = await Promise.allSettled(
    Array.from({ length: 20 }, () => reserveTokens(app.database, app.principal, chat(10))),
  );

  expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  const usage = (await app.request('GET', '/v1/usage')).json();
  expect(usage.organization.tokens).toEqual({ used: 100, limit: 100 });
});

test('budgets are listed, changed and taken away by administrators', async () => {
  const app = await start();
  const { userId } = app.principal;
  const made = await budget(app, { userId, maxTokensPerMonth: 5 });
  const { id } = made.json();
  const again = await budget(app, { userId, maxTokensPerMonth: 6 });
  const changed = await app.request('PATCH', `/v1/budgets/${id}`, {
    body: { maxTokensPerMonth: 7 },
  });
  const listed = await app.request('GET', '/v1/budgets?limit=1');
  const removed = await app.request('DELETE', `/v1/budgets/${id}`);
  const gone = await app.request('DELETE', `/v1/budgets/${id}`);

  expect(made.statusCode).toBe(201);
  expect(again.json()).toMatchObject({ code: 'conflict' });
  expect(changed.json()).toMatchObject({ id, userId, maxTokensPerMonth: 7 });
  expect(listed.json()).toMatchObject({ items: [{ id }], nextCursor: null });
  expect(removed.statusCode).toBe(204);
  expect(gone.json()).toMatchObject({ code: 'not_found' });
});

test.each([
  ['for nobody', { maxTokensPerMonth: 5 }, 400],
  ['for two', { userId: newId(), departmentId: newId(), maxTokensPerMonth: 5 }, 400],
  ['below zero', { userId: newId(), maxTokensPerMonth: -1 }, 400],
  ['for a stranger', { userId: newId(), maxTokensPerMonth: 5 }, 404],
  ['for no department', { departmentId: newId(), maxTokensPerMonth: 5 }, 404],
])('a budget %s is refused', async (_, body, status) => {
  const app = await start();

  expect((await budget(app, body)).statusCode).toBe(status);
});

test('learners set no budgets and read none', async () => {
  const app = await start();
  const { key, principal } = await app.person('learner');

  const set = await app.request('POST', '/v1/budgets', {
    key,
    body: { userId: principal.userId, maxTokensPerMonth: 5 },
  });
  const read = await app.request('GET', '/v1/budgets', { key });

  expect([set.statusCode, read.statusCode]).toEqual([403, 403]);
});

test('a month that is none is refused', async () => {
  const app = await start();

  expect((await app.request('GET', '/v1/usage?month=2026-13')).statusCode).toBe(400);
});
