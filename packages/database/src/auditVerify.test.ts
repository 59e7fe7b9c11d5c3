import { inMigratedDatabase } from '@docent/test/migratedDatabase';
import type { ClientBase } from 'pg';
import { expect, test } from 'vitest';
import { auditCheckpoints, verifyAudit } from './auditVerify.ts';

const ORG = '01938c4e-7a00-7d0c-8e47-000000000001';
const OTHER = '01938c4e-7a00-7d0c-8e47-000000000002';

/** Two organizations, the first with five entries: its own row and four departments. */
async function withEntries(client: ClientBase): Promise<void> {
  for (const org of [ORG, OTHER]) {
    await client.query(
      `insert into docent.organizations (org_id, name) values ('${org}', 'Example')`,
    );
  }
  for (const name of ['One', 'Two', 'Three', 'Four “ü\n\u2028”']) {
    await client.query(
      `insert into docent.departments (org_id, id, name) values ('${ORG}', gen_random_uuid(), $1)`,
      [name],
    );
  }
}

/** What a database administrator can do to the log, who can switch triggers off. */
async function tamper(client: ClientBase, ...statements: string[]): Promise<void> {
  await client.query("set session_replication_role = 'replica'");
  for (const statement of statements) await client.query(statement);
  await client.query("set session_replication_role = 'origin'");
}

const own = `org_id = '${ORG}'`;

test('a log that nobody touched is whole', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    const checkpoints = await auditCheckpoints(client);

    const verified = await verifyAudit(client, { checkpoints });

    expect(verified).toEqual({ organizations: 2, entries: 6, findings: [] });
    expect(checkpoints.map(({ orgId, seq }) => [orgId, seq])).toEqual([
      [ORG, 5],
      [OTHER, 1],
    ]);
    expect(await verifyAudit(client, { orgId: OTHER })).toMatchObject({ entries: 1, findings: [] });
  });
});

test.each([
  [
    'a changed value',
    [`update docent.audit_log set actor = 'user:somebody-else' where ${own} and seq = 3`],
    /entry 3 was changed/,
  ],
  [
    'a changed time',
    [`update docent.audit_log set at = at + interval '1 microsecond' where ${own} and seq = 3`],
    /entry 3 was changed/,
  ],
  [
    'a changed hash',
    [`update docent.audit_log set hash = sha256('x') where ${own} and seq = 3`],
    /entry 3 was changed/,
  ],
  [
    'a removed entry',
    [`delete from docent.audit_log where ${own} and seq = 3`],
    /entry 3 was removed/,
  ],
  [
    'entries removed from the start',
    [`delete from docent.audit_log where ${own} and seq <= 2`],
    /entries 1 to 2 were removed/,
  ],
  [
    'an inserted entry',
    [
      `insert into docent.audit_log
       select org_id, seq, at + interval '1 second', actor, action, target_kind, 'forged', changes, details,
              request_id, ip, user_agent, hash
         from docent.audit_log where ${own} and seq = 3`,
    ],
    /entry 3 is there twice/,
  ],
  [
    'an entry added at the end',
    [
      `insert into docent.audit_log
       select org_id, 6, at, actor, action, target_kind, 'forged', changes, details, request_id, ip, user_agent,
              sha256('guessed')
         from docent.audit_log where ${own} and seq = 5`,
    ],
    /entry 6 was changed, inserted or moved/,
  ],
  [
    'two entries that changed places',
    [
      `update docent.audit_log set seq = case seq when 2 then 3 else 2 end where ${own} and seq in (2, 3)`,
    ],
    /entry 2 was changed, inserted or moved/,
  ],
  [
    'an end that was cut off',
    [`delete from docent.audit_log where ${own} and seq >= 4`],
    /entries 4 to 5 were removed from the end/,
  ],
  [
    'a head that was removed',
    [`delete from docent.audit_heads where ${own}`],
    /the row of audit_heads was removed/,
  ],
  [
    'an entry of another organization',
    [`update docent.audit_log set org_id = '${OTHER}', seq = 2 where ${own} and seq = 5`],
    new RegExp(`Organization ${OTHER}: entry 2 was changed`),
  ],
])('%s is found', async (_, statements, finding) => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    await tamper(client, ...statements);

    const { findings } = await verifyAudit(client);

    expect(findings.join('\n')).toMatch(finding);
  });
});

const cutWithHead = [
  `delete from docent.audit_log where ${own} and seq >= 4`,
  `update docent.audit_heads h set seq = 3, hash = l.hash
     from docent.audit_log l where h.${own} and l.${own} and l.seq = 3`,
];

test('a cut end is found by an earlier checkpoint, also when the head was set back with it', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    const checkpoints = await auditCheckpoints(client);
    await tamper(client, ...cutWithHead);

    const alone = await verifyAudit(client);
    const compared = await verifyAudit(client, { checkpoints });

    expect(alone.findings).toEqual([]);
    expect(compared.findings).toEqual([
      expect.stringMatching(/had reached entry 5 at the checkpoint of .* its end was cut off/),
    ]);
  });
});

test('a log that was rewritten, hashes and all, is found by an earlier checkpoint', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    const checkpoints = await auditCheckpoints(client);
    await tamper(client, ...cutWithHead);
    for (const name of ['Forged', 'Forged too']) {
      await client.query(
        `insert into docent.departments (org_id, id, name) values ('${ORG}', gen_random_uuid(), $1)`,
        [name],
      );
    }

    const alone = await verifyAudit(client);
    const compared = await verifyAudit(client, { checkpoints });

    expect(alone.findings).toEqual([]);
    expect(compared.findings).toEqual([
      expect.stringMatching(/entry 5 is not the one that was there at the checkpoint/),
    ]);
  });
});

test('the log of an organization that is gone entirely is found by an earlier checkpoint', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    const checkpoints = await auditCheckpoints(client);
    await tamper(
      client,
      `delete from docent.audit_log where ${own}`,
      `delete from docent.audit_heads where ${own}`,
    );

    const { findings } = await verifyAudit(client, { checkpoints });

    expect(findings).toEqual([expect.stringMatching(/ends at 0 now: its end was cut off/)]);
  });
});

test('triggers that were switched off, and changes that were not chained, are found', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);
    await client.query('alter table docent.departments disable trigger audit_delete');
    await client.query('alter table docent.audit_log disable trigger append_only');
    await client.query('alter table docent.audit_pending disable trigger chain');
    await client.query(`update docent.departments set name = 'Renamed' where name = 'One'`);

    const { findings } = await verifyAudit(client);

    expect(findings.join('\n')).toMatch(/docent.departments: the trigger audit_delete/);
    expect(findings.join('\n')).toMatch(/docent.audit_log: the trigger append_only/);
    expect(findings.join('\n')).toMatch(/docent.audit_pending: the trigger chain/);
    expect(findings.join('\n')).toMatch(
      new RegExp(`1 changes of organization ${ORG} were not put`),
    );
  });
});

test('without switching triggers off not even the owner can change or empty the log', async () => {
  await inMigratedDatabase(async (client) => {
    await withEntries(client);

    for (const statement of [
      `update docent.audit_log set actor = 'x' where ${own}`,
      `delete from docent.audit_log where ${own}`,
      'truncate docent.audit_log',
      'truncate docent_audit.log_default',
      `delete from docent.audit_heads where ${own}`,
      `update docent.audit_heads set seq = 1 where ${own}`,
      'truncate docent.audit_heads',
    ]) {
      await expect(client.query(statement), statement).rejects.toThrow(/append-only/);
    }
  });
});
