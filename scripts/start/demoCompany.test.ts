import { run, sql } from '@docent/database/sql';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { waitingJobs } from '@docent/test/jobs';
import { expect, test } from 'vitest';
import { bringCompany, type CompanyNote } from './demoCompany.ts';

const database = fileDatabase();
const deps = {
  jobs: waitingJobs(),
  embedderById: () => null,
  filesDir: '/nowhere',
  maxFileBytes: 1,
};

async function setUp() {
  const { orgId, principal } = await testOrganization(database());
  const told: string[] = [];
  const written: NonNullable<CompanyNote['known']>[] = [];
  const bring = (known: CompanyNote['known']) =>
    bringCompany(
      { ...deps, database: database() },
      { orgId },
      { known, write: (company) => written.push(company) },
      (line) => told.push(line),
    );
  const courses = async () => {
    const { rows } = await database().withPrincipal(principal, (tx) =>
      tx.query(sql`select id from docent.courses where org_id = ${orgId}`),
    );
    return rows.length;
  };
  return { orgId, principal, told, written, bring, courses };
}

test('a company that was there once does not come back, and nothing is added to what people made', async () => {
  const { orgId, principal, told, written, bring, courses } = await setUp();
  const at = '2026-11-20T10:00:00.000Z';

  await bring({ begunAt: at, doneAt: at }).finished;
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        insert into docent.courses (org_id, id, title)
        values (${orgId}, gen_random_uuid(), 'Our own')`,
    ),
  );
  await bring(null).finished;

  expect(told).toEqual([]);
  expect(written).toEqual([]);
  expect(await courses()).toBe(1);
});

test('a company that was begun is stopped with the process, and remembered as begun', async () => {
  const { told, written, bring } = await setUp();

  const company = bring(null);
  while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await company.close();

  expect(told).toHaveLength(1);
  expect(written).toEqual([{ begunAt: expect.any(String), doneAt: null }]);
});
