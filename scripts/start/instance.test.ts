import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Instance, isAlive, readInstance, writeInstance } from './instance.ts';

const instance: Instance = {
  running: { url: 'http://localhost:3000', pid: process.pid },
  demo: {
    orgId: '01938c4e-7a00-7d0c-8e47-00000000de30',
    keys: { learner: 'a', trainer: 'b', hr_manager: 'c', admin: 'd' },
  },
  company: { begunAt: '2026-11-20T10:00:00.000Z', doneAt: null },
};

test('what is written is read back, and only this user can read it', () => {
  const dataDir = join(folder(), 'new');

  writeInstance(dataDir, instance);

  expect(readInstance(dataDir)).toEqual(instance);
  expect(statSync(join(dataDir, 'instance.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['instance.json']);
});

test('a file that is not there or not understood is as good as none', () => {
  const dataDir = folder();
  const missing = readInstance(dataDir);
  writeFileSync(join(dataDir, 'instance.json'), '{"running": tru');

  const broken = readInstance(dataDir);

  expect(missing).toEqual({ running: null, demo: null, company: null });
  expect(broken).toEqual(missing);
});

test('an instance is alive while its process is', () => {
  // Beyond the largest process id of Linux.
  const gone = { url: 'http://localhost:3000', pid: 2 ** 22 + 1 };

  expect(isAlive(instance)).toBe(true);
  expect(isAlive({ ...instance, running: gone })).toBe(false);
  expect(isAlive({ ...instance, running: null })).toBe(false);
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'docent-instance-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}
