import type pg from 'pg';
import type { DatabaseConfig } from './config.ts';
import { openBare, withClient } from './internal/embedded.ts';

/**
 * Runs `work` on the embedded database as its superuser, without migrating it: for commands, while no service
 * has it open.
 *
 * @throws Error when another process has the data folder.
 */
export async function asEmbeddedAdministrator<T>(
  config: Pick<DatabaseConfig, 'DOCENT_DATA_DIR'>,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const embedded = await openBare(config);
  try {
    return await withClient(embedded, work);
  } finally {
    await embedded.close();
  }
}
