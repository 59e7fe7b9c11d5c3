import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@docent/test/database';
import { onTestFinished } from 'vitest';

/** A main file of this folder in a process of its own. */
export function startProcess(
  main: string,
  env: Record<string, string>,
  more: Record<string, string> = {},
) {
  const path = fileURLToPath(new URL(main, import.meta.url));
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = new Set<string>();
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.add(line));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));

  return {
    /** Waits until the process has written all of these lines. */
    async said(wanted: readonly string[], withinMs = 120_000): Promise<void> {
      const until = Date.now() + withinMs;
      for (;;) {
        const missing = wanted.filter((line) => !lines.has(line));
        if (missing.length === 0) return;
        if (Date.now() > until || child.exitCode !== null) {
          throw new Error(
            `not said: ${missing.join(', ')}\nsaid: ${[...lines].join(', ')}\n${errors.join('\n')}`,
          );
        }
        await pause(50);
      }
    },
    has: (line: string) => lines.has(line),
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

/** The address of a database of its own on the server, for processes. */
export async function serverDatabase(): Promise<string> {
  const { database, url, drop } = await createDatabase();
  onTestFinished(drop);
  await database.close();
  if (url === undefined) throw new Error('DATABASE_URL is set, but the database has no address');
  return url;
}
