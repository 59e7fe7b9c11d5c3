import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Takes the data folder for this process; two processes on one embedded database would destroy it.
 * A lock that a dead process left behind is taken over.
 *
 * @returns gives the folder back; safe to call twice.
 * @throws Error with a sentence for the person who started the process.
 */
export function takeDataFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const owner = `${process.pid} ${startOf(process.pid) ?? ''} ${hostname()}`;
  mkdirSync(folder, { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, owner, { flag: 'wx' });
      break;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      const held = read(file);
      const holder = held === null ? null : living(held);
      if (holder !== null || attempt === 3) {
        throw new Error(
          `The data folder ${resolve(folder)} is in use by process ${holder ?? 'unknown'}. ` +
            'Stop it, or set DOCENT_DATA_DIR to another folder.',
        );
      }
      // Only the very lock that was judged: another process may have taken the folder meanwhile.
      if (held !== null && read(file) === held) rmSync(file, { force: true });
    }
  }
  let held = true;
  const giveBack = () => {
    if (held && read(file) === owner) rmSync(file, { force: true });
    held = false;
    process.removeListener('exit', giveBack);
  };
  process.on('exit', giveBack);
  return giveBack;
}

/** The process that wrote this lock if it still runs. A process id alone may be somebody else's by now. */
function living(lock: string): number | null {
  const [id, start, host] = lock.split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  // A lock of another machine (a shared folder, a container): its processes cannot be seen from here.
  if (host !== undefined && host !== hostname()) return pid;
  if (start && startOf(pid) !== null) return startOf(pid) === start ? pid : null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return hasCode(error, 'EPERM') ? pid : null;
  }
}

/** When a process began, in ticks since the machine did; null where /proc is not there. */
function startOf(pid: number): string | null {
  // Fields after the name, which may itself contain blanks and brackets; the 22nd is the start.
  return (
    read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ')[19] ?? null
  );
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === code;
}
