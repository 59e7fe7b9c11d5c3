import { randomUUID } from 'node:crypto';
import { parseEnv } from '@docent/core/env';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv, IN_MEMORY } from '@docent/database/config';
import { openBare, withClient } from '../../packages/database/src/internal/embedded.ts';

type Work<T> = Parameters<typeof asAdministrator<T>>[1];

/**
 * A database in which nothing is yet, for tests of migrations: `work` gets an administrator's connection
 * to it, and its address when it is on a server.
 */
export async function inEmptyDatabase<T>(
  work: (client: Parameters<Work<T>>[0], url: string | undefined) => Promise<T>,
): Promise<T> {
  const config = parseEnv(databaseEnv, process.env);
  const admin = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  if (admin === undefined) {
    const embedded = await openBare(
      { DOCENT_DATA_DIR: IN_MEMORY },
      Uint8Array.from(await blankDatabase()),
    );
    return withClient(embedded, (client) => work(client, undefined)).finally(embedded.close);
  }
  const name = `docent_test_${randomUUID().replaceAll('-', '')}`;
  const url = databaseUrl(admin, name);
  await asAdministrator(admin, (client) => client.query(`create database ${name}`));
  try {
    return await asAdministrator(url, (client) => work(client, url));
  } finally {
    await asAdministrator(admin, (client) => client.query(`drop database ${name} with (force)`));
  }
}

let blank: Promise<Uint8Array> | undefined;

/** Making a database from nothing takes three times as long as loading it: once for each test file. */
function blankDatabase(): Promise<Uint8Array> {
  blank ??= openBare({ DOCENT_DATA_DIR: IN_MEMORY }).then(async (embedded) => {
    const dump = await embedded.dump();
    await embedded.close();
    return dump;
  });
  return blank;
}
