import { stat } from 'node:fs/promises';
import type { Principal } from '@docent/core/principal';
import type { Extracted } from '../extract/document.ts';
import { defaultLimits } from '../extract/limits.ts';
import type { LookedAt } from './cut.ts';
import { type Ending, type Lease, showStep, type Taken } from './lease.store.ts';
import type { ProcessDeps } from './process.ts';

/** A file as it will be stored. */
export interface Cut {
  readonly document: Extracted;
  readonly chunks: readonly LookedAt[];
}

/** Reads a version's file and cuts it, or tells how the version ends. @throws LeaseLost */
export async function readAndCut(
  deps: ProcessDeps,
  principal: Principal,
  lease: Lease,
  taken: Taken,
  signal: AbortSignal,
): Promise<Cut | { ending: Ending }> {
  const { database, files, config } = deps;
  const show = (step: 'extracting' | 'chunking', percent: number) =>
    database.withPrincipal(principal, (tx) => showStep(tx, lease, step, percent));

  await show('extracting', 5);
  const path = files.pathOf(lease.orgId, taken.sha256);
  if ((await sizeOf(path)) !== taken.sizeBytes) {
    return failed('The stored file is missing or damaged. Upload it again.');
  }
  const { fileName, mediaType, sizeBytes } = taken;
  const result = await deps.extract(
    { path, fileName, mediaType, sizeBytes },
    {
      ...defaultLimits,
      maxFileBytes: config.maxFileBytes,
      maxMemoryBytes: config.extractMemoryBytes,
      timeoutMs: config.extractTimeoutMs,
    },
    signal,
  );
  if (!result.ok) return { ending: { state: result.state, error: result.error } };
  await deps.onStep?.('extracted', lease);

  await show('chunking', 40);
  const { document } = result;
  const chunks = await deps.cut({ document, targetTokens: config.chunkTokens }, signal);
  if (chunks.length === 0) {
    return { ending: { state: 'no_text', error: 'No text was found in the file.' } };
  }
  if (chunks.length > config.maxChunks) {
    const error = `The text gives ${chunks.length} passages, more than the ${config.maxChunks} that one upload may have. Split the file into parts.`;
    return { ending: { state: 'too_large', error } };
  }
  await deps.onStep?.('chunked', lease);
  return { document, chunks };
}

function failed(error: string): { ending: Ending } {
  return { ending: { state: 'failed', error } };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (info) => info.size,
    () => null,
  );
}
