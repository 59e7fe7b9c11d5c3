import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

test('a worker alone starts, logs like the services, and stops on SIGTERM', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docent-worker-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { DATABASE_URL: _, ...others } = process.env;
  const worker = spawn(
    process.execPath,
    [fileURLToPath(new URL('./worker.main.ts', import.meta.url))],
    { env: { ...others, DOCENT_DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'info' } },
  );
  onTestFinished(() => {
    worker.kill('SIGKILL');
  });
  const ended = once(worker, 'close');
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface(worker.stdout)) {
    lines.push(JSON.parse(line));
    if (lines.length === 1) worker.kill('SIGTERM');
  }

  const [code] = await ended;

  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(lines).toEqual([
    { level: 'info', time, msg: 'worker started' },
    { level: 'info', time, signal: 'SIGTERM', msg: 'stopping' },
  ]);
  expect(code).toBe(0);
});
