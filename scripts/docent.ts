import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DocentError } from '@docent/client/error';
import { ContentType, VersionState } from '@docent/contracts/content';
import { SearchMode } from '@docent/contracts/search';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type AskOptions, ask } from './docent/ask.ts';
import { connect, NOT_RUNNING } from './docent/connection.ts';
import { list, remove, status, statusOf } from './docent/content.ts';
import { type IngestOptions, ingest } from './docent/ingest.ts';
import { type SearchOptions, search } from './docent/search.ts';
import { Failure } from './docent/terminal.ts';
import { whoami } from './docent/whoami.ts';

const envFile = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(envFile)) process.loadEnvFile(envFile);

// Whoever reads has seen enough (`docent list | head`): end as other programs do on SIGPIPE.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(141);
  throw error;
});

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Failure('Stopped.')));
const { signal } = interrupted;
const client = () => connect(process.env);
/** npm starts scripts in the folder of the package: paths are meant from where the user is. */
const fromUser = (path: string) =>
  resolve(process.env.npm_lifecycle_event ? (process.env.INIT_CWD ?? '.') : '.', path);

const program = new Command('docent')
  .description('Upload learning material to Docent and ask it questions.')
  .usage('[command] …')
  .helpOption('-h, --help', 'show this help, or that of a command')
  .helpCommand('help [command]', 'show the help of a command')
  .showHelpAfterError('(--help shows what there is)')
  .addHelpText(
    'after',
    `
Which Docent: DOCENT_URL and DOCENT_KEY; without them the one that runs on this machine (npm start).

Examples:
  npm run docent -- ingest ./handbook --tag onboarding
  npm run docent -- ask "How many days of parental leave do I get?"
  npm run docent -- search "per diem" --limit 5`,
  );

program
  .command('ingest')
  .description('upload files and folders, wait until they are searchable')
  .argument('<path...>', 'files and folders; hidden entries and node_modules are left out')
  .option(
    '--include <glob>',
    'only files that match, e.g. "*.pdf" or "guides/**" (repeatable)',
    collect,
    [],
  )
  .option('--exclude <glob>', 'no files that match (repeatable)', collect, [])
  .addOption(new Option('--type <type>', 'what the material is').choices(ContentType.options))
  .option('--tag <tag>', 'label of the material (repeatable)', collect, [])
  .option('--language <code>', 'ISO 639-1, e.g. en; otherwise detected')
  .option('--source-service <name>', 'where the material comes from', 'cli')
  .option('--concurrency <n>', 'files uploaded at a time, 1 to 32', wholeNumber(1, 32), 4)
  .option('--dry-run', 'show which files would be uploaded')
  .action(async (paths: string[], options: IngestOptions) => {
    const good = await ingest(client, paths.map(fromUser), options, signal);
    process.exitCode = signal.aborted ? 130 : good ? 0 : 1;
  });

program
  .command('ask')
  .description('ask a question; the answer comes with its sources and a confidence')
  .argument('<question>', 'in your own words', words)
  .option('--conversation <id>', 'follow up in this conversation', id)
  .option('--json', 'the whole answer as JSON')
  .action((question: string, options: AskOptions) => ask(client(), question, options, signal));

program
  .command('search')
  .description('show the passages of the material that fit best')
  .argument('<query>', 'words, or a question', words)
  .option('--limit <n>', 'passages, 1 to 100', wholeNumber(1, 100), 5)
  .addOption(new Option('--mode <mode>', 'how').choices(SearchMode.options).default('hybrid'))
  .option('--json', 'the passages as JSON')
  .action((query: string, options: SearchOptions) => search(client(), query, options, signal));

program
  .command('list')
  .description('show the content, newest first')
  .option('--limit <n>', 'most rows', wholeNumber(1, 1_000_000), 50)
  .addOption(new Option('--state <state>', 'of the latest version').choices(VersionState.options))
  .option('--source-service <name>', 'where it came from')
  .option('--json', 'as JSON')
  .action((options: Parameters<typeof list>[1]) => list(client(), options, signal));

program
  .command('status')
  .description('show how many contents are in which state, or one of them')
  .argument('[id]', 'of a content; `list` shows them', id)
  .action((id: string | undefined) =>
    id === undefined ? status(client(), signal) : statusOf(client(), id, signal),
  );

program
  .command('rm')
  .description('delete contents with all their versions')
  .argument('<id...>', 'of contents; `list` shows them', (text, before: string[] = []) => [
    ...before,
    id(text),
  ])
  .action((ids: string[]) => remove(client(), ids, signal));

program
  .command('whoami')
  .description('show who the key speaks for')
  .action(() => whoami(client(), signal));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = signal.aborted ? 130 : 1;
}

/** What the user reads; a bug keeps its stack. */
function sentence(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof DocentError))
    return error instanceof Error ? `${error.stack}` : `${error}`;
  if (error.code === 'unreachable' && !process.env.DOCENT_URL) return NOT_RUNNING;
  const id = error.requestId === null || error.status < 500 ? '' : ` (request ${error.requestId})`;
  return `${error.detail}${id}`;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function words(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty.');
}

function id(text: string): string {
  if (z.uuid().safeParse(text).success) return text;
  throw new InvalidArgumentError('An id looks like 01a1ff50-ddfb-743c-b82a-a07cb3305ec8.');
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
