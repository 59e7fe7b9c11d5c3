import { asAdministrator } from '@docent/database/administrator';
import type { DatabaseConfig } from '@docent/database/config';
import { z } from 'zod';
import { serverPool } from '../../packages/database/src/internal/servers.ts';
import {
  type Transactions,
  transactionsOn,
} from '../../packages/database/src/internal/transactions.ts';

/** The application's connections with a role that passes by row-level security. */
export async function openBypass(
  adminUrl: string,
  config: DatabaseConfig,
): Promise<{ transactions: Transactions; close(): Promise<void> }> {
  const role = 'docent_bench_bypass';
  await asAdministrator(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
    if (rowCount === 0) await client.query(`create role ${role} bypassrls`);
    await client.query(`grant docent_app to ${role}`);
  });
  const pool = serverPool(adminUrl, config);
  // Queued before whatever the connection was opened for.
  pool.on('connect', (client) => {
    client.query(`set role ${role}`).catch(() => undefined);
  });
  const { rows } = await pool.query("select to_regtype('halfvec')::oid as oid");
  const [{ oid }] = z.tuple([z.object({ oid: z.number() })]).parse(rows);
  return {
    transactions: transactionsOn(pool, { halfvecOid: oid }),
    close: async () => {
      await pool.end();
      await asAdministrator(adminUrl, async (client) => {
        await client.query(`revoke docent_app from ${role}; drop role ${role}`);
      });
    },
  };
}
