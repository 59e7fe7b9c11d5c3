import { fileURLToPath } from 'node:url';
import { IN_MEMORY } from './config.ts';
import { dumpSchema } from './internal/catalog.ts';
import { openBare, withClient } from './internal/embedded.ts';
import { migrate } from './migrate.ts';

/** The committed schema; `npm run migrate -- schema` writes it anew. */
export const SCHEMA_FILE = fileURLToPath(new URL('../schema.sql', import.meta.url));

/** The text of `SCHEMA_FILE` as the migrations of this code make it, in a database of its own. */
export async function currentSchema(): Promise<string> {
  const embedded = await openBare({ DOCENT_DATA_DIR: IN_MEMORY });
  try {
    return await withClient(embedded, async (client) => {
      await migrate(client);
      return dumpSchema(client);
    });
  } finally {
    await embedded.close();
  }
}
