import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { takeDataFolder } from './dataFolder.ts';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docent-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Another process that takes the folder and keeps it. */
async function otherProcess(folder: string) {
  const source = fileURLToPath(new URL('./dataFolder.ts', import.meta.url));
  const script = `
    const { takeDataFolder } = await import(${JSON.stringify(source)});
    takeDataFolder(${JSON.stringify(folder)});
    console.log('taken');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return child;
}

test('a folder that another process has is refused with its number and a way out', async () => {
  const folder = await emptyFolder();
  const child = await otherProcess(folder);

  expect(() => takeDataFolder(folder)).toThrow(
    `The data folder ${folder} is in use by process ${child.pid}. ` +
      'Stop it, or set DOCENT_DATA_DIR to another folder.',
  );
});

test('a folder is free again when its process was killed', async () => {
  const folder = await emptyFolder();
  const child = await otherProcess(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const giveBack = takeDataFolder(folder);

  giveBack();
  expect(await readdir(folder)).toEqual([]);
});

test('a folder is taken once, also within a process', async () => {
  const folder = await emptyFolder();
  const giveBack = takeDataFolder(folder);

  expect(() => takeDataFolder(folder)).toThrow(/is in use by process/);
  giveBack();
  takeDataFolder(folder)();
});

test.each([
  ['a number that somebody else has now', `${process.pid} 1 ${hostname()}`],
  ['a number that nobody has', `4194999 1 ${hostname()}`],
  ['nothing readable', 'lock'],
  ['nothing at all', ''],
])('a lock with %s is taken over', async (_, lock) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'lock'), lock);

  takeDataFolder(folder)();

  expect(await readdir(folder)).toEqual([]);
});

test('a lock of another machine is respected while it is renewed, not for ever', async () => {
  const folder = await emptyFolder();
  const lock = join(folder, 'lock');
  await writeFile(lock, '4194999 1 some-other-machine');

  expect(() => takeDataFolder(folder)).toThrow(/in use by process 4194999 of some-other-machine/);
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(lock, longAgo, longAgo);
  takeDataFolder(folder)();
});
