import { benchAnalytics } from './analytics.ts';
import { benchAudit } from './audit.ts';
import { benchIngest } from './ingest.ts';
import { benchPortal } from './portal.ts';
import { benchRecommend } from './recommend.ts';
import { benchRights } from './rights.ts';
import { benchRls } from './rls.ts';
import { benchSearch } from './search.ts';

type Bench = (env: NodeJS.ProcessEnv, options: readonly string[]) => Promise<void>;

const BENCHES: Readonly<Record<string, Bench>> = {
  search: benchSearch,
  ingest: benchIngest,
  recommend: benchRecommend,
  rls: benchRls,
  rights: benchRights,
  analytics: benchAnalytics,
  audit: benchAudit,
  portal: benchPortal,
};

const [name = '', ...others] = process.argv.slice(2);
const bench = BENCHES[name];
// `--size` is a share of the full size, for the benches that take one.
const asksForHelp = [name, ...others].some((word) => word === '--help' || word === '-h');
if (
  asksForHelp ||
  !bench ||
  (others.length > 0 && (!['rls', 'rights'].includes(name) || others[0] !== '--size'))
) {
  (asksForHelp ? process.stdout : process.stderr).write(
    `npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--size 0.1]   (on the server of DATABASE_URL and DATABASE_ADMIN_URL)\n`,
  );
  process.exit(asksForHelp ? 0 : 1);
}
const size = others[1] === undefined ? undefined : Number(others[1]);
if (others.length > 0 && !(size !== undefined && size >= 0.001 && size <= 10)) {
  process.stderr.write(
    '--size takes a number from 0.001 to 10: 0.1 is a tenth of the full size.\n',
  );
  process.exit(1);
}
try {
  await bench(process.env, others);
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
