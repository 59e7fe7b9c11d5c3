import { createHash } from 'node:crypto';
import type { SuspicionReason } from '@docent/contracts/content';
import type { Extracted } from '../extract/document.ts';
import { idOf } from '../processing/chunks.store.ts';
import type { LookedAt } from '../processing/cut.ts';
import type { Lease } from '../processing/lease.store.ts';

/** A label that is about to be stored. */
export interface NewLabel {
  readonly reason: SuspicionReason;
  readonly chunkId: string | null;
  /** UTF-16 code units of the version's text, end exclusive. */
  readonly start: number | null;
  readonly end: number | null;
  readonly excerpt: string;
  /** SHA-256, hexadecimal: what was reviewed is known again by it. */
  readonly fingerprint: string;
}

/** Labels of one version; more of them say nothing new. */
const MOST = 500;
/** Longest excerpt, characters. */
const LONGEST_EXCERPT = 300;

/** The labels of a version: what is suspicious in its passages, and what its file hides. */
export function labelsOf(
  lease: Pick<Lease, 'contentId' | 'version'>,
  document: Pick<Extracted, 'noticed'>,
  chunks: readonly LookedAt[],
): NewLabel[] {
  const inPassages = chunks.flatMap((chunk) =>
    chunk.suspicions.map(({ reason, start, end }) => {
      const excerpt = chunk.text.slice(start, end).slice(0, LONGEST_EXCERPT);
      return {
        reason,
        chunkId: idOf(lease, chunk),
        start: chunk.start + start,
        end: chunk.start + end,
        excerpt: excerpt.toWellFormed(),
        // The passage as a whole: the same words elsewhere are looked at again.
        fingerprint: hashOf([reason, excerpt, chunk.text]),
      };
    }),
  );
  const inFile = (document.noticed ?? []).map(({ reason, span, excerpt }) => {
    const chunk = chunks.find(({ start, end }) => span && start < span.end && span.start < end);
    return {
      reason,
      chunkId: chunk ? idOf(lease, chunk) : null,
      start: span?.start ?? null,
      end: span?.end ?? null,
      excerpt,
      fingerprint: hashOf([reason, excerpt]),
    };
  });
  return [...inPassages, ...inFile].slice(0, MOST);
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
