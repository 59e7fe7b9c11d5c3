import { writeFile } from 'node:fs/promises';
import { parseEnv } from '@docent/core/env';
import { asAdministrator } from '@docent/database/administrator';
import { databaseEnv } from '@docent/database/config';
import { migrate, migrationStatus } from '@docent/database/migrate';
import { currentSchema, SCHEMA_FILE } from '@docent/database/schema';

const USAGE = `npm run migrate -- up         applies what is pending (the default)
npm run migrate -- down [N]   takes back the last N files, 1 if not said
npm run migrate -- status     says what is applied and what is not
npm run migrate -- schema     writes packages/database/schema.sql anew
The server is that of DATABASE_ADMIN_URL, else DATABASE_URL.`;
const COMMANDS: readonly string[] = ['up', 'down', 'status', 'schema'];

try {
  await main(process.argv[2] ?? 'up', process.argv[3]);
} catch (error) {
  // A sentence for a person; the cause (PostgreSQL's own words) follows it.
  console.error(error instanceof Error ? error.message : error);
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.message !== '') console.error(cause.message);
  process.exitCode = 1;
}

async function main(command: string, argument: string | undefined): Promise<void> {
  if (command === '--help' || command === '-h') {
    console.log(USAGE);
    return;
  }
  if (!COMMANDS.includes(command)) throw new Error(USAGE);
  const count = Number(argument ?? 1);
  if (!Number.isInteger(count) || count < 1) throw new Error(USAGE);
  if (command === 'schema') {
    await writeFile(SCHEMA_FILE, await currentSchema());
    return;
  }
  const config = parseEnv(databaseEnv, process.env);
  const url = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  if (url === undefined) {
    throw new Error(
      'Set DATABASE_ADMIN_URL (or DATABASE_URL) to the PostgreSQL server. The embedded database is migrated when it is opened.',
    );
  }
  await asAdministrator(url, async (client) => {
    if (command === 'up') {
      report('Applied', await migrate(client));
    } else if (command === 'down') {
      report('Took back', await migrate(client, { direction: 'down', count }));
    } else {
      const { applied, pending } = await migrationStatus(client);
      console.log(
        `Applied: ${applied.join(', ') || 'none'}\nPending: ${pending.join(', ') || 'none'}`,
      );
    }
  });
}

function report(what: string, names: readonly string[]): void {
  console.log(names.length === 0 ? 'Nothing to do.' : `${what}: ${names.join(', ')}`);
}
