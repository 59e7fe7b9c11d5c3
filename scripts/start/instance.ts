import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '@docent/core/principal';
import { z } from 'zod';

/** What a local installation remembers about itself: where it runs, and keys of its demo organization. */
const Instance = z.object({
  /** Null: it does not run. */
  running: z.object({ url: z.url(), pid: z.int().positive() }).nullable(),
  demo: z.object({ orgId: z.uuid(), keys: z.record(z.enum(roles), z.string()) }).nullable(),
  /** The sample company in the demo organization. `doneAt` null: it was begun. Null: never. */
  company: z
    .object({ begunAt: z.iso.datetime(), doneAt: z.iso.datetime().nullable() })
    .nullable()
    .default(null),
});
export type Instance = z.infer<typeof Instance>;

const nothing: Instance = { running: null, demo: null, company: null };

/** What was kept in the data folder; nothing when there is no file or it cannot be understood. */
export function readInstance(dataDir: string): Instance {
  try {
    return Instance.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return nothing;
  }
}

/** Keeps it, readable by this user only; a reader never sees half of it. */
export function writeInstance(dataDir: string, instance: Instance): void {
  mkdirSync(dataDir, { recursive: true });
  const file = fileIn(dataDir);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** The instance runs as far as this machine can tell: its process is there. */
export function isAlive({ running }: Instance): boolean {
  if (running === null) return false;
  try {
    return process.kill(running.pid, 0);
  } catch (error) {
    // Another user's process: it is there, but may not be signalled.
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'instance.json');
}
