import type { DatabaseConfig } from './config.ts';
import { openEmbedded } from './internal/embedded.ts';

/** An embedded database, migrated, as a file that others can be started from (`openDatabase`'s template). */
export async function dumpDatabase(config: DatabaseConfig): Promise<Uint8Array> {
  const embedded = await openEmbedded(config);
  try {
    return await embedded.dump();
  } finally {
    await embedded.close();
  }
}
