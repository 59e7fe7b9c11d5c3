import { parseArgs } from 'node:util';
import { OrganizationStatus } from '@docent/contracts/directoryOrganizations';
import { openDatabase } from '@docent/database/open';
import { z } from 'zod';
import { loadDatabaseConfig } from '../config.ts';
import { limitOrganization } from './limitOrganization.ts';

const USAGE =
  'npm run limit-organization -- --id <organization> [--status active|trial|suspended|inactive] ' +
  '[--max-users 100|none] [--max-storage-bytes N|none] [--max-tokens-per-month N|none]';

const limit = z
  .union([z.literal('none').transform(() => null), z.coerce.number().int().nonnegative()], {
    error: 'a limit is a whole number, or none',
  })
  .optional();
const Arguments = z.object({
  id: z.uuid({ error: '--id must be the id of an organization' }),
  status: OrganizationStatus.optional(),
  'max-users': limit,
  'max-storage-bytes': limit,
  'max-tokens-per-month': limit,
});

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
try {
  const { id, status, ...limits } = readArguments();
  const database = await openDatabase(loadDatabaseConfig(process.env));
  try {
    const now = await limitOrganization(database, id, {
      status,
      maxUsers: limits['max-users'],
      maxStorageBytes: limits['max-storage-bytes'],
      maxTokensPerMonth: limits['max-tokens-per-month'],
    });
    const shown = (value: number | null) => value ?? 'no limit';
    process.stdout.write(
      `Organization ${now.name}: ${now.status}\nPeople: ${shown(now.limits.maxUsers)}\n` +
        `Bytes: ${shown(now.limits.maxStorageBytes)}\nTokens a month: ${shown(now.limits.maxTokensPerMonth)}\n`,
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
  const { values } = parseArgs({
    options: {
      id: option,
      status: option,
      'max-users': option,
      'max-storage-bytes': option,
      'max-tokens-per-month': option,
    },
  });
  const result = Arguments.safeParse(values);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) =>
    message.startsWith('--') ? message : `--${path.join('.')}: ${message}`,
  );
  throw new Error(`${lines.join('\n')}\n${USAGE}`);
}
