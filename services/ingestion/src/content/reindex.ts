import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { liveModels } from '../processing/models.store.ts';
import { rehashChunks, rewordChunks } from './reindex.store.ts';

/** Statistics of words are recounted this long after a change; further changes wait for the same count. */
const RECOUNT_AFTER_SECONDS = 3;

/**
 * Follows a changed title or language, in the caller's transaction: words are searched by it at once,
 * the vectors of the changed chunks follow in the background and serve as they are until then.
 */
export async function reindexContent(
  tx: Tx,
  jobs: Jobs,
  orgId: string,
  contentId: string,
): Promise<void> {
  const changed = await rehashChunks(tx, orgId, contentId);
  const reworded = await rewordChunks(tx, orgId, contentId);
  if (reworded > 0) await recountWords(tx, jobs, orgId);
  if (changed > 0) await fillVectors(tx, jobs, orgId);
}

/** Has the document frequencies recounted soon; the words themselves are searchable before that. */
export async function recountWords(tx: Tx, jobs: Jobs, orgId: string): Promise<void> {
  await jobs.send(
    tx,
    'refresh-statistics',
    { orgId },
    { singletonKey: orgId, startAfterSeconds: RECOUNT_AFTER_SECONDS },
  );
}

/** Has missing and outdated vectors of every model in use made in the background. */
export async function fillVectors(
  tx: Tx,
  jobs: Jobs,
  orgId: string,
  { afterSeconds = 0 } = {},
): Promise<void> {
  for (const { id: modelId } of await liveModels(tx, orgId)) {
    await jobs.send(
      tx,
      'embed-missing',
      { orgId, modelId },
      { singletonKey: `${orgId}/${modelId}`, startAfterSeconds: afterSeconds },
    );
  }
}
