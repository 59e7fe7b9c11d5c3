import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { vector } from '@electric-sql/pglite-pgvector';
import pg from 'pg';
import { type DatabaseConfig, IN_MEMORY } from '../config.ts';
import { migrate } from '../migrate.ts';
import { CopiedFolder } from './copiedFolder.ts';
import { takeDataFolder } from './dataFolder.ts';
import { keyOf, type SessionKey } from './principal.ts';
import { APP_SETTINGS } from './settings.ts';

/** Small buffers and pieces of the log: by default filling 128 and 16 MB with zeros takes most of the start. */
const IN_MEMORY_OPTIONS = {
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
  initDbStartParams: ['--wal-segsize=1'],
};

const BEFORE_DUMP = [
  'reset role',
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
  'checkpoint',
];

export interface Bare {
  readonly pool: pg.Pool;
  /** The database as a tar file, to start others from. Only `close` may follow: its session is the superuser's. */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Embedded extends Bare {
  /** With which principals are signed. */
  readonly key: SessionKey;
}

/**
 * PostgreSQL inside of this process (PGlite), migrated, acting as docent_app. It has one connection.
 *
 * @param template an earlier `dump` to start from, in memory; a copy for this one alone, it is written to.
 * @throws Error when another process has the data folder.
 */
export async function openEmbedded(
  config: Pick<DatabaseConfig, 'DOCENT_DATA_DIR'>,
  template?: Uint8Array,
): Promise<Embedded> {
  const bare = await openBare(config, template);
  try {
    const key = await withClient(bare, async (client) => {
      await migrate(client);
      // The key of the process before this one, whose session had the same number.
      await client.query('truncate docent_private.sessions');
      for (const [name, value] of Object.entries(APP_SETTINGS)) {
        await client.query(`set ${name} = ${value}`);
      }
      // PGlite signs in as a superuser, who passes by every policy.
      await client.query('set role docent_app');
      return keyOf(client);
    });
    if (key === null) throw new Error('the key of a new session was given out');
    return { ...bare, key };
  } catch (error) {
    await bare.close();
    throw error;
  }
}

/** The same before it is migrated, still acting as its superuser. */
export async function openBare(
  config: Pick<DatabaseConfig, 'DOCENT_DATA_DIR'>,
  template?: Uint8Array,
): Promise<Bare> {
  const inMemory = config.DOCENT_DATA_DIR === IN_MEMORY;
  const giveBack = inMemory ? () => undefined : takeDataFolder(config.DOCENT_DATA_DIR);
  try {
    const lite = await PGlite.create({
      ...(inMemory ? IN_MEMORY_OPTIONS : { dataDir: join(config.DOCENT_DATA_DIR, 'database') }),
      ...(template ? { fs: new CopiedFolder(template) } : {}),
      extensions: { vector, pg_trgm, btree_gin, unaccent },
    });
    // Never removed when idle: the role and the settings are those of this one session.
    const pool = new pg.Pool({
      ...createPgConfig(lite),
      max: 1,
      pipeline: true,
      idleTimeoutMillis: 0,
    });
    pool.on('error', () => undefined);
    return {
      pool,
      dump: async () => {
        // Half of the files go; and a copy would first repeat what the log has since the last checkpoint.
        for (const statement of BEFORE_DUMP) await lite.exec(statement);
        return new Uint8Array(await (await lite.dumpDataDir('none')).arrayBuffer());
      },
      close: async () => {
        await pool.end();
        await lite.close();
        giveBack();
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Runs `work` on the connection, outside of any transaction. */
export async function withClient<T>(
  { pool }: Bare,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
