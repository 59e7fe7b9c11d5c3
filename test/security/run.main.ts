import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

// npm run test:security: every security test in full, on the embedded database and, when there is one, on the
// server of DATABASE_URL. Prints what was tried. Exit code 1 when anything is red.

const Figure = z.object({ figure: z.string(), count: z.number() });

interface Result {
  readonly name: string;
  readonly green: boolean;
  readonly figures: ReadonlyMap<string, number>;
  readonly seconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'docent-security-'));
const { DATABASE_URL, DATABASE_ADMIN_URL, REDIS_URL, ...others } = process.env;
const results = [runOn('embedded', others)];
if (DATABASE_URL === undefined) {
  console.log(
    'DATABASE_URL is not set: PostgreSQL was left out (scripts/servers up, scripts/servers env).',
  );
} else {
  results.push(runOn('PostgreSQL', process.env));
}
rmSync(folder, { recursive: true });
print(results);
process.exitCode = results.every(({ green }) => green) ? 0 : 1;

function runOn(name: string, env: NodeJS.ProcessEnv): Result {
  console.log(`\n== ${name}`);
  const figures = join(folder, `${name}.ndjson`);
  const startedAt = performance.now();
  const { status } = spawnSync('vitest', ['run', 'test/security', ...process.argv.slice(2)], {
    env: { ...env, SECURITY_FIGURES: figures },
    stdio: 'inherit',
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return { name, green: status === 0, figures: readFigures(figures), seconds };
}

/** Each figure, added up over the tests. */
function readFigures(file: string): Map<string, number> {
  const sums = new Map<string, number>();
  let lines: string[] = [];
  try {
    lines = readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    // Nothing was written: the run did not get that far.
  }
  for (const line of lines) {
    const { figure, count } = Figure.parse(JSON.parse(line));
    sums.set(figure, (sums.get(figure) ?? 0) + count);
  }
  return sums;
}

function print(all: readonly Result[]): void {
  const names = [...new Set(all.flatMap(({ figures }) => [...figures.keys()]))];
  const rows = [
    ['', ...all.map(({ name }) => name)],
    ...names.map((name) => [
      name,
      ...all.map(({ figures }) => figures.get(name)?.toLocaleString('en') ?? '–'),
    ]),
    ['mutation score', ...all.map(({ figures }) => scoreOf(figures))],
    ['seconds', ...all.map(({ seconds }) => seconds.toFixed(0))],
    ['', ...all.map(({ green }) => (green ? 'all green' : 'RED'))],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  console.log('\nSecurity');
  for (const [name = '', ...cells] of rows) {
    console.log(`  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(14)).join('')}`);
  }
}

function scoreOf(figures: ReadonlyMap<string, number>): string {
  const [all, noticed] = [figures.get('mutants of policies'), figures.get('mutants noticed')];
  if (all === undefined || noticed === undefined) return '–';
  return `${((100 * noticed) / all).toFixed(1)} %`;
}
