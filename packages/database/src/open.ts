import type pg from 'pg';
import { z } from 'zod';
import type { DatabaseConfig } from './config.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './internal/embedded.ts';
import { translate } from './internal/errors.ts';
import type { SessionKey } from './internal/principal.ts';
import { testWalls } from './internal/selfTest.ts';
import { cancelOn, serverPool } from './internal/servers.ts';
import { register } from './internal/system.ts';
import { type Transactions, transactionsOn } from './internal/transactions.ts';
import { takeTurns } from './internal/turns.ts';
import { migrationStatus } from './migrate.ts';

/**
 * Opens the PostgreSQL server of `DATABASE_URL`, or the embedded database in `DOCENT_DATA_DIR` when
 * there is none. The embedded one is migrated; a server must have been (`npm run migrate`).
 *
 * @param template an earlier dump of an embedded database to start from, which takes its bytes over; for tests.
 * @throws Error with a sentence for the person who starts the process: folder in use, schema too old or
 *   too new, a role that could pass by row-level security, policies that do not hold, word search without
 *   its index.
 * @throws AppError `database_unavailable` when the server does not answer.
 */
export async function openDatabase(
  config: DatabaseConfig,
  template?: Uint8Array,
): Promise<Database> {
  if (config.DATABASE_URL === undefined) {
    const embedded = await openEmbedded(config, template);
    const state = await refuseUnsafe(embedded.pool, false, embedded.key).catch(
      async (error: unknown) => {
        await embedded.close();
        throw error;
      },
    );
    const { pool, key, close } = embedded;
    return databaseOn(
      'embedded',
      transactionsOn(pool, { ...state, key, turns: takeTurns() }),
      close,
    );
  }
  const pool = serverPool(config.DATABASE_URL, config);
  const state = await refuseUnsafe(pool, config.ACCEPT_SLOW_WORD_SEARCH).catch(
    async (error: unknown) => {
      await pool.end();
      throw error;
    },
  );
  const cancel = (client: pg.PoolClient) => cancelOn(pool, client);
  return databaseOn('servers', transactionsOn(pool, { ...state, cancel }), () => pool.end());
}

function databaseOn(
  kind: Database['kind'],
  { system, ...transactions }: Transactions,
  end: () => Promise<void>,
): Database {
  let closing: Promise<void> | undefined;
  const database: Database = {
    kind,
    ...transactions,
    ping: async () => {
      await system('select 1');
    },
    close: () => {
      closing ??= end();
      return closing;
    },
  };
  register(database, system);
  return database;
}

const State = z.object({
  role: z.string(),
  all_powerful: z.boolean(),
  owner: z.boolean(),
  leakproof: z.boolean(),
  halfvec: z.number().nullable(),
});

/** What must be true of the connection before anything is read or written through it. */
async function refuseUnsafe(
  pool: pg.Pool,
  slowSearchAccepted: boolean,
  key?: SessionKey,
): Promise<{ halfvecOid: number }> {
  const { rows } = await pool.query(STATE).catch((error: unknown) => {
    throw explain(error);
  });
  const [state] = z.tuple([State]).parse(rows);
  if (state.all_powerful || state.owner) {
    throw new Error(
      `The database role ${state.role} ${state.owner ? 'owns tables of Docent' : 'is a superuser or has BYPASSRLS'}: ` +
        'row-level security would not hold. Connect as a member of docent_app.',
    );
  }
  const { pending } = await migrationStatus(pool);
  if (pending.length > 0) {
    throw new Error(
      `The database lacks the migration${pending.length > 1 ? 's' : ''} ${pending.join(', ')}. Run: npm run migrate`,
    );
  }
  if (!state.leakproof && !slowSearchAccepted) {
    throw new Error(
      'The search operator @@ is not leakproof, so that every search would read the whole organization. ' +
        'Run npm run migrate with DATABASE_ADMIN_URL of a superuser, or set ACCEPT_SLOW_WORD_SEARCH=true.',
    );
  }
  if (state.halfvec === null)
    throw new Error('The extension vector is not there. Run: npm run migrate');
  await testWalls(pool, key).catch((error: unknown) => {
    throw explain(error);
  });
  return { halfvecOid: state.halfvec };
}

const STATE = `
  select current_user::text as role,
    r.rolsuper or r.rolbypassrls as all_powerful,
    exists (
      select from pg_class c
      where c.relnamespace = to_regnamespace('docent')
        and c.relkind = 'r'
        and pg_has_role(current_user, c.relowner, 'usage')
    ) as owner,
    (
      select p.proleakproof
      from pg_proc p
      where p.oid = 'pg_catalog.ts_match_vq(tsvector,tsquery)'::regprocedure
    ) as leakproof,
    to_regtype('halfvec')::oid as halfvec
  from pg_roles r
  where r.rolname = current_user`;

function explain(error: unknown): unknown {
  if (error instanceof Error && /role "docent_app" does not exist/.test(error.message)) {
    return new Error('The database has no Docent schema yet. Run: npm run migrate', {
      cause: error,
    });
  }
  if (error instanceof Error && /permission denied to set role "docent_app"/.test(error.message)) {
    return new Error(
      'The login of DATABASE_URL is not a member of docent_app. Run as an administrator: grant docent_app to <login>',
      { cause: error },
    );
  }
  return translate(error);
}
