import type { Principal } from '@docent/core/principal';
import { recountWords } from '../content/reindex.ts';
import { labelsOf } from '../labels/label.ts';
import { deleteOlderLabels, insertLabels, keepReviews } from '../labels/labels.store.ts';
import {
  adoptTitleAndLanguage,
  carryVectorsOver,
  deleteOlderChunks,
  insertChunks,
  insertWords,
  lockForStoring,
  makeCurrent,
} from './chunks.store.ts';
import { type Ending, type Lease, showStep } from './lease.store.ts';
import { placesOf } from './markedText.ts';
import type { ProcessDeps } from './process.ts';
import type { Cut } from './readAndCut.ts';

const LONGEST_TITLE = 500;

/**
 * Writes a version's chunks and makes it the one that searches see, in one transaction: before its
 * commit they see the version before, after it this one, by its words and by the vectors of what did not change.
 *
 * @returns how the version ends when a newer one is current already.
 * @throws LeaseLost
 */
export async function storeChunks(
  deps: ProcessDeps,
  principal: Principal,
  lease: Lease,
  { document, chunks }: Cut,
): Promise<{ ending: Ending } | { stored: true }> {
  await deps.database.withPrincipal(principal, (tx) => showStep(tx, lease, 'storing', 50));
  const labels = labelsOf(lease, document, chunks);
  return deps.database.withPrincipal(principal, async (tx) => {
    const { currentVersion } = await lockForStoring(tx, lease);
    if (currentVersion !== null && currentVersion > lease.version) {
      return {
        ending: {
          state: 'ready' as const,
          warning: 'A newer version came first: this one is not searched.',
        },
      };
    }
    const title = document.title?.trim().slice(0, LONGEST_TITLE) || null;
    await adoptTitleAndLanguage(tx, lease, { title, language: document.language });
    await insertChunks(tx, lease, chunks);
    await insertWords(tx, lease, chunks.length);
    await insertLabels(tx, lease, labels);
    await keepReviews(tx, lease);
    await carryVectorsOver(tx, lease, chunks.length);
    await deleteOlderChunks(tx, lease);
    await deleteOlderLabels(tx, lease);
    const { text, warning } = document;
    const places = placesOf(document.sections);
    await makeCurrent(tx, lease, { text, places, chunkCount: chunks.length, warning });
    await recountWords(tx, deps.jobs, lease.orgId);
    await deps.onStep?.('storing', lease);
    return { stored: true as const };
  });
}
