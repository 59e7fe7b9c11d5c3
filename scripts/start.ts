import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type StartConfig, unknownSettings } from './start/config.ts';
import { startDocent } from './start/services.ts';

// Settings and data are those of this folder, wherever the command was typed.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (existsSync('.env')) {
  process.loadEnvFile('.env');
  for (const name of unknownSettings(readFileSync('.env', 'utf8'))) {
    process.stderr.write(`${name} in .env is no setting of Docent: .env.example lists them.\n`);
  }
}

const USAGE = `npm start takes no options: settings come from the environment and from .env (.env.example lists them).
    PORT=4000 npm start
`;
const [option] = process.argv.slice(2);
if (option !== undefined) {
  const asksForHelp = option === '--help' || option === '-h';
  (asksForHelp ? process.stdout : process.stderr).write(USAGE);
  process.exit(asksForHelp ? 0 : 1);
}

try {
  const config = loadConfig(process.env, process.stdout.isTTY === true);
  if (isFirst(config)) {
    process.stdout.write(
      'First start: setting up the embedded database, this takes some seconds …\n',
    );
  }
  await startDocent(config, (text) => process.stdout.write(text));
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

function isFirst({ DATABASE_URL, DOCENT_DATA_DIR }: StartConfig): boolean {
  return DATABASE_URL === undefined && !existsSync(join(DOCENT_DATA_DIR, 'database'));
}

/** What the person who typed the command reads: why it does not start, without a stack. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Settings are listed one to a line; a sentence has one.
  return text
    .trim()
    .replace(/:\n\s*/g, ': ')
    .replace(/\n\s*/g, '; ');
}
