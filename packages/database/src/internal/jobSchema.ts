import type { ClientBase } from 'pg';
import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import boss from 'pg-boss/package.json' with { type: 'json' };
import { z } from 'zod';

export const JOB_SCHEMA = 'pgboss';

/**
 * Makes or upgrades the tables of the job queue, which belong to the migrator: the application only
 * writes rows. The plans of pg-boss are atomic and lock each other out.
 */
export async function prepareJobs(client: ClientBase): Promise<void> {
  const version = await installedVersion(client);
  if (version === null) {
    await client.query(getConstructionPlans(JOB_SCHEMA));
  } else if (version < boss.pgboss.schema) {
    await client.query(getMigrationPlans(JOB_SCHEMA, version));
  }
  await client.query(GRANTS);
}

async function installedVersion(client: ClientBase): Promise<number | null> {
  const found = await client.query(
    `select to_regclass('${JOB_SCHEMA}.version') is not null as installed`,
  );
  const [{ installed }] = z.tuple([z.object({ installed: z.boolean() })]).parse(found.rows);
  if (!installed) return null;
  const { rows } = await client.query(`select version from ${JOB_SCHEMA}.version`);
  return z.tuple([z.object({ version: z.number() })]).parse(rows)[0].version;
}

const GRANTS = `
grant usage on schema ${JOB_SCHEMA} to docent_app;
grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to docent_app;
grant usage on all sequences in schema ${JOB_SCHEMA} to docent_app;
grant execute on all functions in schema ${JOB_SCHEMA} to docent_app;
alter default privileges in schema ${JOB_SCHEMA}
  grant select, insert, update, delete on tables to docent_app;
alter default privileges in schema ${JOB_SCHEMA} grant usage on sequences to docent_app;`;
