import { setTimeout as pause } from 'node:timers/promises';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { openFolder } from '@docent/ingestion/files';
import { acceptBatch, discardBatch, stageBatch } from '@docent/ingestion/upload/batch';
import type { Embedder } from '@docent/models/interfaces';
import { countUnread } from '@docent/recommendation/seed/links.store';
import { sampleMaterial } from '@docent/recommendation/seed/material';
import { seedCompany } from '@docent/recommendation/seed/seed';
import { workOutSample } from '@docent/recommendation/seed/workOut';

/** Longest wait for the texts to be searchable. */
const PATIENCE_MS = 10 * 60_000;
/** Texts that are taken in by one transaction. */
const TEXTS_AT_ONCE = 2;

export interface CompanyDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly embedderById: (id: string) => Embedder | null;
  readonly filesDir: string;
  readonly maxFileBytes: number;
}

/**
 * Fills an organization with the sample company, its texts, and what follows from both. The same when it is done
 * again; what was stopped is finished. Somebody must be taking the jobs of ingestion.
 *
 * @param options.cast people of the organization that get a place in the company, by e-mail address.
 * @param options.now the end of the year that people have behind them.
 * @returns what there is now, as text.
 */
export async function fillCompany(
  deps: CompanyDeps,
  orgId: string,
  options: { cast: readonly string[]; now: Date; signal: AbortSignal },
): Promise<string> {
  const { trainerId, ...counts } = await seedCompany(deps.database, orgId, options);
  const texts = await addMaterial(deps, { orgId, trainerId }, options.signal);
  await workOutSample(deps, orgId, options.signal);
  return Object.entries({ ...counts, texts })
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

/** The texts go the way of every upload, so that chat answers about them. @returns how many there are. */
async function addMaterial(
  { database, jobs, filesDir, maxFileBytes }: CompanyDeps,
  { orgId, trainerId }: { orgId: string; trainerId: string },
  signal: AbortSignal,
): Promise<number> {
  const trainer = {
    orgId,
    userId: trainerId,
    role: 'trainer' as const,
    departmentIds: [],
    scopes: ['*'],
  };
  const files = await openFolder(filesDir);
  const material = sampleMaterial(orgId);
  for (let from = 0; from < material.length; from += TEXTS_AT_ONCE) {
    signal.throwIfAborted();
    const some = material.slice(from, from + TEXTS_AT_ONCE);
    const staged = await stageBatch(files, orgId, some, { maxBytes: maxFileBytes });
    try {
      await database.withPrincipal(trainer, (tx) => acceptBatch(tx, jobs, trainer, staged));
    } finally {
      await discardBatch(staged);
    }
  }
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const unread = await database.withPrincipal(
      workerPrincipal(orgId),
      (tx) => countUnread(tx, orgId),
      { readOnly: true },
    );
    if (unread === 0) return material.length;
    await pause(500, undefined, { signal });
  }
  throw new Error('The texts are still being read.');
}
