import { AuditEntry } from '@docent/contracts/audit';
import { pageOf } from '@docent/contracts/common';
import { newId } from '@docent/core/ids';
import { type TestApp, testApp } from '@docent/test/app';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

const Page = pageOf(AuditEntry);

function directory(): Promise<TestApp> {
  return testApp({ plugins: (app, database) => app.register(directoryService, { database }) });
}

async function list({ request }: TestApp, query = '') {
  return Page.parse((await request('GET', `/v1/audit${query}`)).json());
}

async function addDepartment({ request }: TestApp, name: string): Promise<string> {
  const answer = await request('POST', '/v1/departments', {
    body: { name },
    headers: { 'user-agent': 'audit test' },
  });
  return answer.json().id;
}

test('a request that changes something is found with its caller, newest first', async () => {
  const app = await directory();
  const id = await addDepartment(app, 'Sales');
  const answer = await app.request('PATCH', `/v1/departments/${id}`, { body: { name: 'Support' } });

  const { items } = await list(app, `?targetId=${id}`);

  expect(items.map(({ action }) => action)).toEqual(['department.updated', 'department.created']);
  expect(items[0]).toMatchObject({
    actor: `key:${app.principal.apiKeyId}`,
    targetKind: 'department',
    changes: { name: { old: 'Sales', new: 'Support' } },
    requestId: answer.headers['x-request-id'],
    ip: '127.0.0.1',
  });
  expect(items[1]?.userAgent).toBe('audit test');
});

test('a person who is deleted is on record as deleted, although their row is kept', async () => {
  const app = await directory();
  const { id } = (
    await app.request('POST', '/v1/users', { body: { email: 'ana@test.example', name: 'Ana' } })
  ).json();
  await app.request('PATCH', `/v1/users/${id}`, { body: { jobTitle: 'Welder' } });
  await app.request('DELETE', `/v1/users/${id}`);

  const { items } = await list(app, `?targetId=${id}`);

  expect(items.map(({ action }) => action)).toEqual([
    'user.deleted',
    'user.updated',
    'user.created',
  ]);
});

test('pages hold each entry once, also while new ones are written', async () => {
  const app = await directory();
  for (const name of ['One', 'Two', 'Three']) await addDepartment(app, name);
  const all = (await list(app, '?limit=100')).items.map(({ seq }) => seq);

  const first = await list(app, '?limit=2');
  await addDepartment(app, 'Later');
  const seen = first.items.map(({ seq }) => seq);
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await list(app, `?limit=2&cursor=${cursor}`);
    seen.push(...page.items.map(({ seq }) => seq));
    cursor = page.nextCursor;
  }

  expect(seen).toEqual(all);
});

test('filters narrow by actor, action, kind and time', async () => {
  const app = await directory();
  await addDepartment(app, 'Sales');
  const actor = `key:${app.principal.apiKeyId}`;
  const [{ at = '' } = {}] = (await list(app, '?limit=1')).items;
  const later = new Date(Date.parse(at) + 60_000).toISOString();

  expect((await list(app, `?actor=${actor}`)).items.map(({ action }) => action)).toEqual([
    'department.created',
  ]);
  expect((await list(app, '?action=api_key.created')).items).toHaveLength(1);
  expect((await list(app, '?targetKind=organization')).items).toHaveLength(1);
  expect((await list(app, `?from=${later}`)).items).toEqual([]);
  expect((await list(app, `?to=${later}&targetKind=department`)).items).toHaveLength(1);
  expect((await app.request('GET', '/v1/audit?cursor=nonsense')).statusCode).toBe(400);
});

test('an export has every entry up to itself, and is on record', async () => {
  const app = await directory();
  await addDepartment(app, 'Line\nbreak');

  const answer = await app.request('GET', '/v1/audit/export');

  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  const lines = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => AuditEntry.parse(JSON.parse(line)));
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
  expect(lines.at(-1)).toMatchObject({
    action: 'audit.exported',
    targetId: app.principal.orgId,
    actor: `key:${app.principal.apiKeyId}`,
  });
  const filtered = await app.request('GET', '/v1/audit/export?targetKind=department');
  expect(filtered.body.trimEnd().split('\n')).toHaveLength(1);
  const [newest] = (await list(app)).items;
  expect(newest?.details).toEqual({ filter: { targetKind: 'department' } });
});

test('more entries than are read at a time are exported in order', async () => {
  const app = await directory();
  const rows = Array.from({ length: 2_100 }, (_, n) => ({
    email: `p${n}@example.org`,
    name: `P ${n}`,
    role: 'learner',
  }));
  const imported = await app.request('POST', '/v1/users/import', {
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(imported.statusCode).toBe(200);

  const answer = await app.request('GET', '/v1/audit/export?action=user.created');

  const seqs = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => AuditEntry.parse(JSON.parse(line)).seq);
  expect(seqs).toHaveLength(2_101);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(answer.body).not.toContain('example.org');
});

test('only administrators read it, of their own organization, with the scope for it', async () => {
  const app = await directory();
  const id = await addDepartment(app, 'Sales');
  const other = await app.secondOrganization();
  const learner = await app.person('learner');
  const narrow = await app.person('admin', { scopes: ['directory:read'] });

  for (const path of ['/v1/audit', '/v1/audit/export']) {
    expect((await app.request('GET', path, { key: learner.key })).statusCode).toBe(403);
    expect((await app.request('GET', path, { key: narrow.key })).statusCode).toBe(403);
    const elsewhere = await app.request('GET', path, { key: other.key });
    expect(elsewhere.statusCode).toBe(200);
    expect(elsewhere.body).not.toContain(id);
  }
  expect((await app.request('GET', `/v1/audit?org_id=${newId()}`)).json().items).not.toEqual([]);
});
