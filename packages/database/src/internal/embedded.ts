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
import { takeDataFolder } from './dataFolder.ts';
import { APP_SETTINGS } from './settings.ts';

export interface Embedded {
  readonly pool: pg.Pool;
  /** The whole database as a tar file, to start others from. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/**
 * PostgreSQL inside of this process (PGlite), migrated, acting as docent_app. It has one connection.
 *
 * @param template an earlier `dump` to start from, in memory.
 * @throws Error when another process has the data folder.
 */
export async function openEmbedded(config: DatabaseConfig, template?: Blob): Promise<Embedded> {
  const inMemory = config.DOCENT_DATA_DIR === IN_MEMORY;
  const giveBack = inMemory ? () => undefined : takeDataFolder(config.DOCENT_DATA_DIR);
  let lite: PGlite | undefined;
  try {
    lite = await PGlite.create({
      ...(inMemory ? {} : { dataDir: join(config.DOCENT_DATA_DIR, 'database') }),
      ...(template ? { loadDataDir: template } : {}),
      extensions: { vector, pg_trgm, btree_gin, unaccent },
    });
    const pool = await connect(lite);
    return {
      pool,
      dump: () => own(lite).dumpDataDir('none'),
      close: async () => {
        await pool.end();
        await own(lite).close();
        giveBack();
      },
    };
  } catch (error) {
    await lite?.close();
    giveBack();
    throw error;
  }
}

async function connect(lite: PGlite): Promise<pg.Pool> {
  // Never removed when idle: the role and the settings are those of this one session.
  const pool = new pg.Pool({
    ...createPgConfig(lite),
    max: 1,
    pipeline: true,
    idleTimeoutMillis: 0,
  });
  pool.on('error', () => undefined);
  const client = await pool.connect();
  try {
    await migrate(client);
    for (const [name, value] of Object.entries(APP_SETTINGS)) {
      await client.query(`set ${name} = ${value}`);
    }
    // PGlite signs in as a superuser, who passes by every policy.
    await client.query('set role docent_app');
  } finally {
    client.release();
  }
  return pool;
}

function own<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The embedded database is not open.');
  return value;
}
