/** One service in a process of its own. Settings come from the environment, then from .env. */
const MAINS: Readonly<Record<string, string>> = {
  directory: 'services/directory/src/main.ts',
  ingestion: 'services/ingestion/src/main.ts',
  worker: 'services/ingestion/src/worker.main.ts',
  query: 'services/query/src/main.ts',
  recommendation: 'services/recommendation/src/main.ts',
};

const USAGE = `PORT=3001 npm run service -- ${Object.keys(MAINS).join(' | ')}
    worker: what was uploaded is read and embedded; the others answer on PORT, and work in the background too unless WORKER=off`;

const [name = '', ...others] = process.argv.slice(2);
const main = Object.hasOwn(MAINS, name) ? MAINS[name] : undefined;
if (name === '--help' || name === '-h') {
  process.stdout.write(`${USAGE}\n`);
} else if (main === undefined || others.length > 0) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 1;
} else {
  await import(new URL(`../${main}`, import.meta.url).href);
}
