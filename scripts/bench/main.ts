import { benchIngest } from './ingest.ts';
import { benchSearch } from './search.ts';

const BENCHES: Readonly<Record<string, (env: NodeJS.ProcessEnv) => Promise<void>>> = {
  search: benchSearch,
  ingest: benchIngest,
};

const [name = '', ...others] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench || others.length > 0) {
  process.stderr.write(
    `npm run bench -- ${Object.keys(BENCHES).join(' | ')}   (on the server of DATABASE_URL and DATABASE_ADMIN_URL)\n`,
  );
  process.exit(1);
}
try {
  await bench(process.env);
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
