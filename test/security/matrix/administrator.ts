import { parseEnv } from '@docent/core/env';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { createDatabase } from '@docent/test/database';
import { systemQuery } from '../../../packages/database/src/internal/system.ts';

/** Runs statements as the owner of the schema, by whom policies can be changed. */
export type Administrator = (text: string) => Promise<void>;

export interface AdministeredDatabase {
  readonly database: Database;
  readonly administrator: Administrator;
  /** The rows of a statement that sees everything. */
  ask(text: string): Promise<unknown[]>;
  drop(): Promise<void>;
}

/** A database of its own with the application's connections and an administrator's. */
export async function administeredDatabase(): Promise<AdministeredDatabase> {
  const { database, url, drop } = await createDatabase();
  if (url === undefined) {
    const system = systemQuery(database);
    return {
      database,
      // Embedded the one session has taken the application's role; a failure takes the change back, too.
      administrator: async (text) => {
        await system(`reset role; ${text}; set role docent_app`);
      },
      ask: async (text) => (await system(`reset role; ${text}; set role docent_app`)).rows,
      drop,
    };
  }
  const config = parseEnv(databaseEnv, process.env);
  const admin = databaseUrl(
    config.DATABASE_ADMIN_URL ?? config.DATABASE_URL ?? url,
    new URL(url).pathname.slice(1),
  );
  // One connection for as long as the database is there.
  const opened = Promise.withResolvers<(text: string) => Promise<unknown[]>>();
  const closing = Promise.withResolvers<void>();
  const session = asAdministrator(admin, async (client) => {
    // As the application looks through them: expressions of the catalog are written for that.
    await client.query('set search_path to docent, public');
    opened.resolve(async (text) => (await client.query(text)).rows);
    await closing.promise;
  });
  session.catch(opened.reject);
  const ask = await opened.promise;
  return {
    database,
    administrator: async (text) => {
      await ask(text);
    },
    ask,
    drop: async () => {
      closing.resolve();
      await session;
      await drop();
    },
  };
}
