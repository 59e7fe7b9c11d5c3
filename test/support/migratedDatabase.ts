import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseEnv } from '@docent/core/env';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv, IN_MEMORY } from '@docent/database/config';
import { inject } from 'vitest';
import { openBare, withClient } from '../../packages/database/src/internal/embedded.ts';

type Work<T> = Parameters<typeof asAdministrator<T>>[1];

/** A migrated database of its own, for tests of what only its owner can do: `work` gets their connection. */
export async function inMigratedDatabase<T>(
  work: (client: Parameters<Work<T>>[0]) => Promise<T>,
): Promise<T> {
  const config = parseEnv(databaseEnv, process.env);
  const admin = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  const template = inject('databaseTemplate');
  if (admin === undefined) {
    const embedded = await openBare({ DOCENT_DATA_DIR: IN_MEMORY }, await readFile(template));
    return withClient(embedded, work).finally(embedded.close);
  }
  const name = `docent_test_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(admin, (client) =>
    client.query(`create database ${name} template ${template} strategy file_copy`),
  );
  try {
    return await asAdministrator(databaseUrl(admin, name), work);
  } finally {
    await asAdministrator(admin, (client) => client.query(`drop database ${name} with (force)`));
  }
}
