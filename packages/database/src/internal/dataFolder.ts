import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

/** A lock of another machine is renewed every five seconds; one this old was left behind. */
const RENEW_MS = 5_000;
const ABANDONED_MS = 60_000;

/**
 * Takes the data folder for this process; two processes on one embedded database would destroy it.
 * A lock that a dead process left behind is taken over.
 *
 * @returns gives the folder back; safe to call twice.
 * @throws Error with a sentence for the person who started the process.
 */
export function takeDataFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const owner = `${process.pid} ${startOf(process.pid) ?? '-'} ${hostname()}`;
  mkdirSync(folder, { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, owner, { flag: 'wx' });
      break;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      const lock = read(file);
      const holder = lock === null ? null : living(lock, file);
      if (holder !== null || attempt === 3) {
        throw new Error(
          `The data folder ${resolve(folder)} is in use by process ${holder ?? 'unknown'}. ` +
            'Stop it, or set DOCENT_DATA_DIR to another folder.',
        );
      }
      if (lock !== null) remove(file, lock);
    }
  }
  const renewal = setInterval(() => renew(file), RENEW_MS).unref();
  let held = true;
  const giveBack = () => {
    clearInterval(renewal);
    process.removeListener('exit', giveBack);
    if (held && read(file) === owner) rmSync(file, { force: true });
    held = false;
  };
  process.on('exit', giveBack);
  return giveBack;
}

/** Who wrote this lock, if that process still runs. Its number alone may be somebody else's by now. */
function living(lock: string, file: string): string | null {
  const [id = '', start, host] = lock.split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (host !== undefined && host !== hostname()) {
    // A shared folder, or a container that was made anew: its processes cannot be seen from here.
    return ageMs(file) < ABANDONED_MS ? `${pid} of ${host}` : null;
  }
  const running = startOf(pid);
  if (running !== null && start !== '-') return running === start ? id : null;
  try {
    process.kill(pid, 0);
    return id;
  } catch (error) {
    return hasCode(error, 'EPERM') ? id : null;
  }
}

/** Removes the very lock that was judged: another process may have taken the folder meanwhile. */
function remove(file: string, lock: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== lock) linkSync(aside, file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
  rmSync(aside, { force: true });
}

function renew(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was taken away from under us; the database will say so.
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
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
