import { appendFile, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseEnv } from '@docent/core/env';
import { asAdministrator } from '@docent/database/administrator';
import { auditCheckpoints, Checkpoint, verifyAudit } from '@docent/database/auditVerify';
import { databaseEnv } from '@docent/database/config';
import { asEmbeddedAdministrator } from '@docent/database/embeddedAdministrator';

const USAGE = `npm run audit:verify -- [--organization <id>] [--checkpoints <file>]
    recomputes the hash chains of the audit log; exit code 1 and a sentence for each thing that is wrong
npm run audit:checkpoint -- [--organization <id>] [--file <file>]
    writes where each chain stands, a line of JSON each; --file adds them to a file: keep it elsewhere

The database is that of DATABASE_ADMIN_URL or DATABASE_URL (a superuser, or a role with BYPASSRLS), else the embedded
one in DOCENT_DATA_DIR, while no service runs on it.`;

type Client = Parameters<typeof verifyAudit>[0];

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.message !== '') console.error(cause.message);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      organization: { type: 'string' },
      checkpoints: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const orgId = values.organization ?? null;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  switch (positionals[0]) {
    case 'verify':
      return verify(orgId, values.checkpoints);
    case 'checkpoint':
      return checkpoint(orgId, values.file);
    default:
      throw new Error(USAGE);
  }
}

async function verify(orgId: string | null, file: string | undefined): Promise<number> {
  const checkpoints = file === undefined ? [] : await readCheckpoints(file);
  const { organizations, entries, findings } = await onDatabase((client) =>
    verifyAudit(client, { orgId, checkpoints }),
  );
  for (const sentence of findings) console.log(sentence);
  const read = `${entries} entries of ${organizations} organizations`;
  console.log(
    findings.length > 0
      ? `The audit log is not whole: ${findings.length} findings in ${read}.`
      : `The audit log is whole: ${read}${file === undefined ? '' : `, compared with ${checkpoints.length} checkpoints`}.`,
  );
  return findings.length > 0 ? 1 : 0;
}

async function checkpoint(orgId: string | null, file: string | undefined): Promise<number> {
  const points = await onDatabase((client) => auditCheckpoints(client, orgId));
  const lines = points.map((point) => `${JSON.stringify(point)}\n`).join('');
  if (file === undefined) process.stdout.write(lines);
  else await appendFile(file, lines);
  return 0;
}

async function readCheckpoints(file: string): Promise<Checkpoint[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [Checkpoint.parse(JSON.parse(line))];
    } catch (cause) {
      throw new Error(`Line ${index + 1} of ${file} is not a checkpoint.`, { cause });
    }
  });
}

function onDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const config = parseEnv(databaseEnv, process.env);
  const url = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  return url === undefined ? asEmbeddedAdministrator(config, work) : asAdministrator(url, work);
}
