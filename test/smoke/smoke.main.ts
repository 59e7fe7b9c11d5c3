// Docent as a new user meets it: npm start, ingest, ask. Needs installed dependencies, nothing else.
//
//   node test/smoke/smoke.main.ts [file]    the numbers of passed and failed checks go into the file
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readInstance } from '../../scripts/start/instance.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'docent-smoke-'));
const dataDir = join(folder, 'data');
const port = await freePort();
const env = {
  ...process.env,
  DOCENT_DATA_DIR: dataDir,
  PORT: String(port),
  NO_COLOR: '1',
  // What is asked here is about the material that is ingested here.
  DEMO_COMPANY: 'off',
};
const count = { passed: 0, failed: 0 };
const running = new Set<ReturnType<typeof start>>();

try {
  await smoke();
} catch (error) {
  check(false, `the run goes on to its end: ${error instanceof Error ? error.message : error}`);
} finally {
  for (const server of running) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed`);
if (process.argv[2] !== undefined) writeFileSync(process.argv[2], JSON.stringify(count));
process.exitCode = count.failed === 0 ? 0 : 1;

async function smoke(): Promise<void> {
  const material = writeMaterial();
  const nobody = await docent('whoami');
  check(nobody.code === 1 && /not running here/.test(nobody.stderr), 'says when nothing runs');

  const first = start();
  await first.ready();
  check(first.output().includes(`http://localhost:${port}`), 'npm start prints the address');
  for (const role of ['learner', 'trainer', 'hr_manager', 'admin']) {
    const key = new RegExp(`^ +${role} .*dct_demo_`, 'm');
    check(key.test(first.output()), `npm start prints how to be the ${role}`);
  }
  const docs = await fetch(`http://localhost:${port}/docs`);
  check(docs.status === 200, 'the docs page is there');
  const openapi = await fetch(`http://localhost:${port}/openapi.json`);
  check(Object.keys(Object(await openapi.json()).paths).length > 15, 'OpenAPI lists the routes');

  const ingest = await docent('ingest', material);
  check(ingest.code === 0, `ingest succeeds (${ingest.stderr.trim() || 'exit 0'})`);
  check(/^ready +3 /m.test(ingest.stdout), 'ingest sums up three ready files');
  const again = await docent('ingest', material);
  check(/^unchanged +3 /m.test(again.stdout), 'a second run finds them unchanged');

  await asks('asks');
  const strange = await docent('ask', 'Which composer wrote the opera Fidelio?');
  check(!/^Sources/m.test(strange.stdout), 'lists no source for what the material does not tell');
  check(/Confidence: low/.test(strange.stdout), 'and says that its confidence is low');
  const found = await docent('search', 'visitors yellow badge');
  check(found.stdout.includes('Visitors'), 'search shows the place of a passage');
  const bad = join(folder, 'bad');
  mkdirSync(bad);
  writeFileSync(join(bad, 'empty.md'), '');
  const refused = await docent('ingest', bad);
  check(refused.code === 1 && /refused/.test(refused.stdout), 'a file that fails is exit code 1');

  const second = await start({ DOCENT_DATA_DIR: join(folder, 'other') }).ended();
  check(isSentence(second, /Port \d+ is in use/), 'a port in use is one sentence');
  if (!process.env.DATABASE_URL) {
    const third = await start({ PORT: '0' }).ended();
    check(isSentence(third, /data folder .* is in use/), 'a folder in use is one sentence');
  }
  const fourth = await start({ PORT: 'http' }).ended();
  check(isSentence(fourth, /PORT/), 'a wrong setting is one sentence');

  const key = readInstance(dataDir).demo?.keys.trainer;
  await first.stop();
  check(readInstance(dataDir).running === null, 'it stops, and says so in instance.json');
  const restarted = start();
  await restarted.ready();
  check(readInstance(dataDir).demo?.keys.trainer === key, 'keys survive a restart');
  await asks('after a restart it asks');
  await restarted.stop();
}

async function asks(how: string): Promise<void> {
  const answer = await docent('ask', 'Where do I report a lost badge?');
  check(/front desk/.test(answer.stdout), `${how}: the answer is that of the material`);
  check(/\[1\] .*Lost badge/.test(answer.stdout), `${how}: a source with its place`);
  check(/Confidence: (medium|high) \(\d+ %\)/.test(answer.stdout), `${how}: a confidence`);
}

function writeMaterial(): string {
  const material = join(folder, 'material');
  mkdirSync(join(material, 'travel'), { recursive: true });
  writeFileSync(
    join(material, 'badges.md'),
    '# Badges\n\n## Lost badge\n\nReport a lost badge to the front desk within two hours. ' +
      'The front desk blocks it and prints a new one for 12 euros.\n\n' +
      '## Visitors\n\nVisitors get a yellow badge and return it when they leave.\n',
  );
  writeFileSync(join(material, 'leave.csv'), 'Reason,Days\nParental leave,90\nMoving house,1\n');
  writeFileSync(
    join(material, 'travel', 'per-diem.html'),
    '<h1>Per diem</h1><p>Trips within the country are paid with 38 euros a day. ' +
      'Send the receipts within 30 days.</p>',
  );
  return material;
}

function start(more: Record<string, string> = {}) {
  // A process group of its own, as in a terminal: npm and what it runs end together.
  const child = spawn('npm', ['start'], { cwd: root, env: { ...env, ...more }, detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const server = { ready, stop, output: () => stdout, ended };
  running.add(server);
  return server;

  async function ready(): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) throw new Error(`npm start ended: ${stderr}`);
      if (stdout.includes('Docent is running at')) return;
      await sleep(500);
    }
    throw new Error('npm start is not ready after five minutes');
  }

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exit;
    running.delete(server);
  }

  async function ended(): Promise<{ code: number | null; stderr: string }> {
    const code = await exit;
    running.delete(server);
    return { code, stderr };
  }
}

function docent(...args: string[]) {
  const child = spawn('npm', ['run', '--silent', 'docent', '--', ...args], { cwd: root, env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** One line that is not npm's, and no stack. */
function isSentence({ code, stderr }: { code: number | null; stderr: string }, pattern: RegExp) {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
  return code === 1 && lines.length === 1 && pattern.test(lines[0] ?? '');
}

function check(good: boolean, what: string): void {
  count[good ? 'passed' : 'failed']++;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${what}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
