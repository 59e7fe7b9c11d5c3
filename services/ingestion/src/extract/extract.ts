import type { ExtractResult } from './document.ts';
import { defaultLimits, type ExtractLimits } from './limits.ts';

/** A file as it was stored. The type is decided by its bytes and name, `mediaType` is a hint only. */
export interface SourceFile {
  path: string;
  fileName: string;
  mediaType: string;
  sizeBytes: number;
}

/**
 * Read a file in a child process with limits of time and memory.
 *
 * @returns the document, or a documented state with a sentence for people; a hostile or broken file
 *   never throws.
 * @throws the signal's reason when `signal` is aborted; the child process is killed first.
 */
export async function extract(
  file: SourceFile,
  limits: ExtractLimits = defaultLimits,
  signal?: AbortSignal,
): Promise<ExtractResult> {
  signal?.throwIfAborted();
  throw new Error(`Reading ${file.fileName} within ${limits.timeoutMs} ms is not written yet.`);
}
