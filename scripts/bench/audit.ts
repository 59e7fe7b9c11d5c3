import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { asAdministrator } from '@docent/database/administrator';
import { run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { openBenchDatabase } from './database.ts';

const ROWS = 10_000;
const WRITERS = 8;
const CHANGES_OF_A_WRITER = 100;
/** Entries a second. */
const LEAST = 1_000;

/** What is on record takes an entry of the audit log in the same transaction: how many a second there can be. */
export async function benchAudit(env: NodeJS.ProcessEnv): Promise<void> {
  const bench = await openBenchDatabase(env);
  try {
    const { database, adminUrl, principal } = bench;
    const others = Array.from({ length: WRITERS }, () => workerPrincipal(newId()));
    for (const other of others) {
      await database.withPrincipal(other, (tx) => addOrganization(tx, other));
    }
    const entries = () => countEntries(adminUrl);
    const change = (by: Principal) => database.withPrincipal(by, (tx) => addSkills(tx, by, 1));
    const inTurn = async (by: Principal) => {
      for (let times = 0; times < CHANGES_OF_A_WRITER; times++) await change(by);
    };
    await inTurn(principal);

    console.log('audit: entries of the log, written with the changes that they are of');
    await time(`one change of ${ROWS.toLocaleString('en')} rows`, entries, () =>
      database.withPrincipal(principal, (tx) => addSkills(tx, principal, ROWS)),
    );
    await time('single changes, one writer', entries, () => inTurn(principal));
    await time(`single changes, ${WRITERS} writers of one organization`, entries, () =>
      Promise.all(others.map(() => inTurn(principal))),
    );
    await time(`single changes, ${WRITERS} writers of ${WRITERS} organizations`, entries, () =>
      Promise.all(others.map(inTurn)),
    );
  } finally {
    await bench.close();
  }
}

async function time(
  label: string,
  entries: () => Promise<number>,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = await entries();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const perSecond = ((await entries()) - before) / seconds;
  console.log(
    `  ${label.padEnd(48)}${Math.round(perSecond).toLocaleString('en').padStart(8)} a second (${perSecond >= LEAST ? 'within' : 'UNDER'} ${LEAST})`,
  );
}

function countEntries(adminUrl: string): Promise<number> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query('select count(*)::int as n from docent.audit_log');
    return z.tuple([z.object({ n: z.int() })]).parse(rows)[0].n;
  });
}

function addOrganization(tx: Tx, { orgId }: Principal): Promise<number> {
  return run(
    tx,
    sql`insert into docent.organizations (org_id, name) values (${orgId}, 'Benchmark')`,
  );
}

function addSkills(tx: Tx, { orgId }: Principal, count: number): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.skills (org_id, id, name)
      select ${orgId}, n.id, 'Skill ' || n.id
        from (select gen_random_uuid() as id from generate_series(1, ${count}::int)) n`,
  );
}
