import type { BatchItem, ContentBatchResult } from '@docent/contracts/content';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import type { FileStore } from '../files.ts';
import { GivenText, parseGiven } from './given.ts';
import { stageText } from './text.ts';
import { lockFile } from './upload.store.ts';
import { acceptUpload, type Upload } from './upload.ts';

/** An item of a batch: received, or refused with the reason. */
export type StagedItem =
  | { readonly upload: Upload }
  | { readonly refused: { readonly code: AppError['code']; readonly detail: string } };

/** Checks and writes every item by itself: what is wrong with one says nothing about the others. */
export async function stageBatch(
  files: FileStore,
  orgId: string,
  items: readonly unknown[],
  limits: { maxBytes: number },
): Promise<StagedItem[]> {
  const staged: StagedItem[] = [];
  try {
    for (const item of items) staged.push(await stageItem(files, orgId, item, limits));
    return staged;
  } catch (error) {
    await discardBatch(staged);
    throw error;
  }
}

/**
 * Takes in what was staged, in the caller's transaction. Files and contents are locked in an order of
 * their own, so that two batches with the same items never wait for each other.
 */
export async function acceptBatch(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  items: readonly StagedItem[],
): Promise<ContentBatchResult> {
  const results: BatchItem[] = items.map((item) =>
    'refused' in item ? { status: statusOf(item.refused.code), problem: item.refused } : pending(),
  );
  const uploads = items.flatMap((item, index) =>
    'upload' in item ? [{ upload: item.upload, index }] : [],
  );
  const hashes = new Set(uploads.map(({ upload }) => upload.file.staged.sha256));
  for (const sha256 of [...hashes].sort()) await lockFile(tx, principal.orgId, sha256);
  // Items of the same content keep the order in which they came: sort is stable.
  uploads.sort((a, b) => compare(keyOf(a.upload), keyOf(b.upload)));
  for (const { upload, index } of uploads) {
    results[index] = await acceptItem(tx, jobs, principal, upload);
  }
  const refused = results.filter((result) => 'problem' in result).length;
  return { accepted: results.length - refused, refused, items: results };
}

/** What the caller has no right to is refused for itself; what failed in the database ends the batch. */
async function acceptItem(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  upload: Upload,
): Promise<BatchItem> {
  try {
    const accepted = await acceptUpload(tx, jobs, principal, upload);
    return { status: accepted.unchanged ? 200 : 202, ...accepted };
  } catch (error) {
    const ours = error instanceof AppError && violationOf(error) === null;
    if (!ours || (error.code !== 'conflict' && error.code !== 'invalid_request')) throw error;
    return { status: statusOf(error.code), problem: { code: error.code, detail: error.message } };
  }
}

/** Removes what was not placed. */
export async function discardBatch(items: readonly StagedItem[]): Promise<void> {
  for (const item of items) if ('upload' in item) await item.upload.file.staged.discard();
}

async function stageItem(
  files: FileStore,
  orgId: string,
  item: unknown,
  limits: { maxBytes: number },
): Promise<StagedItem> {
  try {
    return { upload: await stageText(files, orgId, parseGiven(GivenText, item), limits) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'overloaded') throw error;
    return { refused: { code: error.code, detail: error.message } };
  }
}

/** Stands in until the item has been taken in; every one has when the function returns. */
function pending(): BatchItem {
  return { status: 500, problem: { code: 'internal_error', detail: 'Not taken in.' } };
}

function keyOf({ given }: Upload): string {
  return given.externalId === undefined
    ? ''
    : JSON.stringify([given.sourceService, given.externalId]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function statusOf(code: AppError['code']): number {
  if (code === 'conflict') return 409;
  return code === 'too_large' ? 413 : 400;
}
