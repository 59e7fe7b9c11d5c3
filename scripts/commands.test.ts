import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs an npm script as a person does, in a copy of this folder that has an .env file of its own. */
async function npmRun(script: string, options: string[], envFile: string, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'docent-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['package.json', 'node_modules', 'packages', 'scripts', 'services']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  writeFileSync(join(folder, '.env'), envFile);
  const { DATABASE_URL: _, DATABASE_ADMIN_URL: __, REDIS_URL: ___, ...others } = process.env;
  const child = spawn('npm', ['run', '-s', script, '--', ...options], {
    cwd: folder,
    env: { ...others, DOCENT_DATA_DIR: join(folder, 'data'), ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, said: said.trim() };
}

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}

test('the commands for an installation work on the server that .env names', async () => {
  const url = `postgres://nobody@127.0.0.1:${await closedPort()}/docent`;
  const somebody = ['--name', 'Acme', '--email', 'admin@acme.example'];

  const created = await npmRun('create-organization', somebody, `DATABASE_URL=${url}\n`);
  const migrated = await npmRun('migrate', ['status'], `DATABASE_URL=${url}\n`);

  expect(created).toEqual({ code: 1, said: 'The database does not answer.' });
  expect(migrated.code).toBe(1);
  expect(migrated.said).toContain('The database does not answer.');
});

test('npm run eval takes the folder of its sets from .env, and nothing else', async () => {
  const { code, said } = await npmRun('eval', [], 'EVAL_DIR=/nowhere/sets\n');

  expect(code).toBe(1);
  expect(said).toContain('/nowhere/sets is absent');
});

test('a service starts alone by its name, with the settings of .env', async () => {
  const unknown = await npmRun('service', ['chat'], '');
  const wrong = await npmRun('service', ['directory'], 'PORT=many\nNODE_ENV=prod\n', {
    NODE_ENV: undefined,
  });

  expect(unknown.code).toBe(1);
  expect(unknown.said).toContain('directory | ingestion | worker | query | recommendation');
  expect(wrong.code).toBe(1);
  expect(wrong.said.split('\n').slice(1)).toEqual([
    '  PORT: must be a number',
    '  NODE_ENV: must be one of production, development, test',
  ]);
});

test('docent says what is wrong with an argument', async () => {
  const env = { DOCENT_URL: 'localhost', DOCENT_KEY: 'key' };

  const question = await npmRun('docent', ['ask', ' '], '', env);
  const removed = await npmRun('docent', ['rm', 'guide'], '', env);
  const address = await npmRun('docent', ['whoami'], '', env);

  expect(question.said).toContain("'question'. It is empty.");
  expect(removed.said).toContain("'id'. An id looks like");
  expect(address.said).toBe('DOCENT_URL must look like http://localhost:3000.');
  expect([question.code, removed.code, address.code]).toEqual([1, 1, 1]);
});

test('docent ends quietly when nobody reads on', async () => {
  const child = spawn(process.execPath, [
    join(root, 'scripts/docent.ts'),
    'ingest',
    join(root, 'scripts'),
    '--dry-run',
  ]);
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (part) => (complaints += part));

  const code = await new Promise((resolve) => child.on('close', resolve));

  expect({ code, complaints }).toEqual({ code: 141, complaints: '' });
});
