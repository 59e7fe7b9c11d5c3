import { parseArgs } from 'node:util';
import { openDatabase } from '@docent/database/open';
import { z } from 'zod';
import { createOrganization } from './bootstrap.ts';
import { loadDatabaseConfig } from './config.ts';

const USAGE =
  'npm run create-organization -- --name "Example Ltd" --email admin@example.com [--admin "Ada Admin"]';

const Arguments = z.object({
  name: z.string({ error: '--name is missing' }).trim().min(1).max(200),
  email: z.email({ error: '--email must be an e-mail address' }).max(320),
  admin: z.string().trim().min(1).max(200).default('Administrator'),
});

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
try {
  const { name, email, admin } = readArguments();
  const database = await openDatabase(loadDatabaseConfig(process.env));
  try {
    const made = await createOrganization(database, { name, adminEmail: email, adminName: admin });
    process.stdout.write(
      `Organization ${name}: ${made.orgId}\nAdministrator ${email}: ${made.adminId}\n` +
        `API key (shown only now): ${made.token}\n`,
    );
  } finally {
    await database.close();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function readArguments() {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ options: { name: option, email: option, admin: option } });
  const result = Arguments.safeParse(values);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ message }) => message);
  throw new Error(`${lines.join('\n')}\n${USAGE}`);
}
