import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ensureAuditPartitions, recordAction } from './audit.ts';
import { many, run, sql, type Tx } from './sql.ts';

const database = fileDatabase();

const Entry = z.object({
  seq: z.coerce.number(),
  actor: z.string(),
  action: z.string(),
  target_kind: z.string(),
  target_id: z.string(),
  changes: z.record(z.string(), z.unknown()),
  details: z.record(z.string(), z.unknown()),
  request_id: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
});

function entries(principal: Principal, targetId: string | null = null) {
  return database().withPrincipal(principal, (tx) =>
    many(
      tx,
      Entry,
      sql`
        select seq, actor, action, target_kind, target_id, changes, details, request_id, ip, user_agent
          from docent.audit_log
         where org_id = ${principal.orgId}
           and (${targetId}::text is null or target_id = ${targetId})
         order by seq`,
    ),
  );
}

function insertDepartment(tx: Tx, { orgId }: Principal, id: string, name: string) {
  return run(
    tx,
    sql`insert into docent.departments (org_id, id, name) values (${orgId}, ${id}, ${name})`,
  );
}

function rename(tx: Tx, { orgId }: Principal, id: string, name: string) {
  return run(
    tx,
    sql`update docent.departments set name = ${name} where org_id = ${orgId} and id = ${id}`,
  );
}

const origin = { requestId: 'request-1', ip: '192.0.2.7', userAgent: 'test/1' };

test('a change is on record with who, from where, and what it was before', async () => {
  const { principal } = await testOrganization(database());
  const caller = { ...principal, origin };
  const id = newId();

  await database().withPrincipal(caller, (tx) => insertDepartment(tx, caller, id, 'Sales'));
  await database().withPrincipal(caller, (tx) => rename(tx, caller, id, 'Marketing'));
  await database().withPrincipal(caller, (tx) =>
    run(tx, sql`delete from docent.departments where org_id = ${caller.orgId} and id = ${id}`),
  );

  const found = await entries(principal, id);
  expect(found.map(({ action }) => action)).toEqual([
    'department.created',
    'department.updated',
    'department.deleted',
  ]);
  expect(found[0]?.changes).toMatchObject({ name: { new: 'Sales' } });
  expect(found[1]).toMatchObject({
    actor: `user:${principal.userId}`,
    target_kind: 'department',
    changes: { name: { old: 'Sales', new: 'Marketing' } },
    request_id: 'request-1',
    ip: '192.0.2.7',
    user_agent: 'test/1',
  });
  expect(Object.keys(found[1]?.changes ?? {})).toEqual(['name']);
  expect(found[2]?.changes).toMatchObject({ name: { old: 'Marketing' } });
});

test('names and addresses of people and hashes of keys are told to have changed, not shown', async () => {
  const { principal } = await testOrganization(database());
  const person = await addUser(database(), principal, 'learner');
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.users
           set name = 'Canary Name', preferences = '{"secret": "canary"}', job_title = 'Nurse'
         where org_id = ${principal.orgId}
           and id = ${person.userId}`,
    ),
  );

  const log = await entries(principal, person.userId);

  expect(log.at(-1)?.changes).toEqual({
    name: { old: '***', new: '***' },
    preferences: { old: '***', new: '***' },
    job_title: { old: null, new: 'Nurse' },
  });
  expect(JSON.stringify(log)).not.toMatch(/canary|@example/i);
});

test('who acts: a key, a person, a worker', async () => {
  const { principal } = await testOrganization(database());
  const worker = workerPrincipal(principal.orgId);
  const key = { ...principal, apiKeyId: 'k1' };
  const ids = [newId(), newId(), newId()] as const;

  await database().withPrincipal(key, (tx) => insertDepartment(tx, key, ids[0], 'A'));
  await database().withPrincipal(principal, (tx) => insertDepartment(tx, principal, ids[1], 'B'));
  await database().withPrincipal(worker, (tx) => insertDepartment(tx, worker, ids[2], 'C'));

  const actors = await Promise.all(
    ids.map(async (id) => (await entries(principal, id)).map(({ actor }) => actor)),
  );
  expect(actors).toEqual([['key:k1'], [`user:${principal.userId}`], ['system:worker']]);
});

test('what was rolled back is not on record, and leaves no gap', async () => {
  const { principal } = await testOrganization(database());
  const before = (await entries(principal)).length;

  const failed = database().withPrincipal(principal, async (tx) => {
    await insertDepartment(tx, principal, newId(), 'Gone');
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  await database().withPrincipal(principal, (tx) =>
    insertDepartment(tx, principal, newId(), 'Kept'),
  );

  const seqs = (await entries(principal)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: before + 1 }, (_, n) => n + 1));
});

test('a statement that changes nothing leaves no entry; one that changes many leaves one for each', async () => {
  const { principal } = await testOrganization(database());
  const ids = Array.from({ length: 50 }, newId);
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        insert into docent.departments (org_id, id, name)
        select ${principal.orgId}, id, id::text from unnest(${ids}::uuid[]) id`,
    ),
  );
  const before = (await entries(principal)).length;

  await database().withPrincipal(principal, (tx) =>
    run(tx, sql`update docent.departments set name = name where org_id = ${principal.orgId}`),
  );
  const unchanged = (await entries(principal)).length;
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`update docent.departments set name = name || '!' where org_id = ${principal.orgId}`,
    ),
  );

  expect(before).toBeGreaterThan(50);
  expect(unchanged).toBe(before);
  expect((await entries(principal)).length).toBe(before + 50);
});

test('changes of one transaction stand in their order, actions among them', async () => {
  const { principal } = await testOrganization(database());
  const id = newId();

  await database().withPrincipal(principal, async (tx) => {
    await insertDepartment(tx, principal, id, 'First');
    await recordAction(tx, principal, {
      action: 'department.shown',
      targetKind: 'department',
      targetId: id,
      details: { rows: 1 },
    });
    await rename(tx, principal, id, 'Second');
  });

  const found = await entries(principal, id);
  expect(found.map(({ action, details }) => [action, details])).toEqual([
    ['department.created', {}],
    ['department.shown', { rows: 1 }],
    ['department.updated', {}],
  ]);
});

test('transactions of one organization that overlap do not wait for each other in a ring', async () => {
  const { principal } = await testOrganization(database());
  const ids = [newId(), newId()] as const;
  await database().withPrincipal(principal, async (tx) => {
    await insertDepartment(tx, principal, ids[0], 'Left');
    await insertDepartment(tx, principal, ids[1], 'Right');
  });
  const before = (await entries(principal)).length;

  // Each leaves an entry of its own before it waits for the row that the one before it has.
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      database().withPrincipal(principal, async (tx) => {
        await insertDepartment(tx, principal, newId(), `Own ${n}`);
        await rename(tx, principal, ids[0], `Left ${n}`);
        await rename(tx, principal, ids[1], `Right ${n}`);
      }),
    ),
  );

  const seqs = (await entries(principal)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: before + 60 }, (_, n) => n + 1));
});

test('the application can neither write the log nor see what is pending', async () => {
  const { principal } = await testOrganization(database());
  const { orgId } = principal;

  for (const statement of [
    sql`insert into docent.audit_log select * from docent.audit_log where org_id = ${orgId}`,
    sql`update docent.audit_log set actor = 'nobody' where org_id = ${orgId}`,
    sql`delete from docent.audit_log where org_id = ${orgId}`,
    sql`truncate docent.audit_log`,
    sql`select * from docent.audit_heads where org_id = ${orgId}`,
    sql`update docent.audit_heads set seq = 0 where org_id = ${orgId}`,
    sql`select * from docent.audit_pending where org_id = ${orgId}`,
    sql`delete from docent.audit_pending where org_id = ${orgId}`,
    sql`select * from docent_audit.log_default where org_id = ${orgId}`,
    sql`alter table docent.departments disable trigger audit_update`,
    sql`select docent.protect_audit_partition('log_default')`,
  ]) {
    const attempt = database().withPrincipal(principal, (tx) => run(tx, statement));
    await expect(attempt, statement.text).rejects.toThrow(/permission denied|must be owner/);
  }
});

test('an action is recorded in the own organization and under the own name only', async () => {
  const { principal } = await testOrganization(database());
  const other = await testOrganization(database());
  const action = { action: 'forged', targetKind: 'x', targetId: 'y' };

  const elsewhere = () =>
    database().withPrincipal(principal, (tx) => recordAction(tx, other.principal, action));
  const asSomebodyElse = () =>
    database().withPrincipal(principal, async (tx) => {
      await run(tx, sql`select set_config('app.user_id', ${other.userId}, true)`);
      await recordAction(tx, principal, action);
    });

  await expect(elsewhere()).rejects.toThrow(/own organization/);
  await expect(asSomebodyElse()).rejects.toThrow(/principal of this transaction was changed/);
});

test('only administrators, and whom they let, read the log', async () => {
  const { principal } = await testOrganization(database());
  const learner = await addUser(database(), principal, 'learner');
  const hrManager = await addUser(database(), principal, 'hr_manager');
  const granted: Principal = {
    ...learner,
    grants: [{ scope: 'audit:read', extent: 'organization' }],
  };

  expect((await entries(principal)).length).toBeGreaterThan(0);
  expect((await entries(granted)).length).toBeGreaterThan(0);
  expect(await entries(learner)).toEqual([]);
  expect(await entries(hrManager)).toEqual([]);
  expect(await entries({ ...principal, scopes: ['chat'] })).toEqual([]);
});

/** Written by background work, derived from other tables, events, or a person's own doings. */
const notOnRecord = [
  ...[
    'audit_log',
    'audit_heads',
    'audit_pending',
    'security_events',
    'idempotency_keys',
    'token_usage',
  ],
  ...['content_versions', 'chunks', 'chunk_search', 'chunk_embeddings', 'search_stats', 'term_df'],
  ...['conversations', 'messages', 'feedback', 'analytics_events', 'evaluation_results'],
  // Found by reading a text; what people say of them is on record.
  'passage_labels',
  ...['assessment_attempts', 'attempt_answers', 'progress_events', 'learning_progress'],
  ...['learner_states', 'learning_versions', 'xapi_statements'],
  ...['user_mastery', 'skill_mastery', 'mastery_answers', 'mastery_replays'],
  ...['item_difficulty', 'skill_difficulty', 'item_embeddings', 'at_risk_models'],
  ...['recommend_exposures', 'recommend_links', 'recommend_models', 'recommend_popularity'],
  ...['recommend_rebuilds', 'recommendations'],
  ...['analytics_reports', 'question_groups', 'question_group_members'],
];

test('every table is on record, or named here with those that need not be', async () => {
  const { principal } = await testOrganization(database());
  const rows = await database().withPrincipal(principal, (tx) =>
    many(
      tx,
      z.object({ name: z.string(), triggers: z.number() }),
      sql`
        select c.relname as name,
               (select count(*)::int
                  from pg_trigger t
                 where t.tgrelid = c.oid
                   and t.tgname in ('audit_insert', 'audit_update', 'audit_delete')
                   and t.tgenabled = 'O') as triggers
          from pg_class c
         where c.relnamespace = 'docent'::regnamespace
           and c.relkind in ('r', 'p')`,
    ),
  );

  const without = rows.filter(({ triggers }) => triggers !== 3).map(({ name }) => name);
  expect(without.sort()).toEqual([...notOnRecord].sort());
});

test('the partitions of the next months are made once, and entries go to the one of their month', async () => {
  const { principal } = await testOrganization(database());
  await database().withPrincipal(principal, ensureAuditPartitions);
  await database().withPrincipal(principal, ensureAuditPartitions);

  const rows = await database().withPrincipal(principal, (tx) =>
    many(
      tx,
      z.object({ part: z.string(), month: z.string() }),
      sql`
        select distinct tableoid::regclass::text as part,
               'docent_audit.log_' || to_char(at at time zone 'utc', 'YYYY_MM') as month
          from docent.audit_log
         where org_id = ${principal.orgId}`,
    ),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.part).toBe(rows[0]?.month);
});
