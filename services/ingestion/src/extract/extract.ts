import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ChildEnd, runChild } from './child.ts';
import { type ExtractFailure, ExtractResult } from './document.ts';
import { defaultLimits, type ExtractLimits } from './limits.ts';

/** A file as it was stored. The type is decided by its bytes and name, `mediaType` is a hint only. */
export interface SourceFile {
  path: string;
  fileName: string;
  mediaType: string;
  sizeBytes: number;
}

/** What reading a file took: wall-clock milliseconds and the most resident memory, bytes. */
export interface ExtractUsage {
  elapsedMs: number;
  peakBytes: number;
}

/**
 * Read a file in a child process with limits of time and memory.
 *
 * @param observe is told what it took, also when the file could not be read.
 * @returns the document, or a documented state with a sentence for people; a hostile or broken file
 *   never throws.
 * @throws the signal's reason when `signal` is aborted; the child process is killed first.
 */
export async function extract(
  file: SourceFile,
  limits: ExtractLimits = defaultLimits,
  signal?: AbortSignal,
  observe?: (usage: ExtractUsage) => void,
): Promise<ExtractResult> {
  signal?.throwIfAborted();
  if (file.sizeBytes === 0) return failure('no_text', 'The file is empty.');
  if (file.sizeBytes > limits.maxFileBytes) {
    const megabytes = Math.floor(limits.maxFileBytes / 1024 / 1024);
    return failure('too_large', `The file is larger than ${megabytes} MB.`);
  }
  // An empty folder of its own to stand in: a parser finds nothing by relative names.
  const folder = await mkdtemp(join(tmpdir(), 'docent-read-'));
  try {
    const path = resolve(file.path);
    const request = { path, fileName: file.fileName, mediaType: file.mediaType, limits };
    const end = await runChild({ request, readable: path, folder, limits, signal });
    observe?.({ elapsedMs: end.elapsedMs, peakBytes: end.peakBytes });
    signal?.throwIfAborted();
    return toResult(end, limits);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toResult(end: ChildEnd, limits: ExtractLimits): ExtractResult {
  if (end.killed === 'timeout') {
    const seconds = Math.round(limits.timeoutMs / 1000);
    return failure('timeout', `Reading the file took longer than ${seconds} seconds.`);
  }
  if (end.killed === 'memory' || ranOutOfMemory(end)) {
    const megabytes = Math.round(limits.maxMemoryBytes / 1024 / 1024);
    return failure('too_large', `Reading the file needs more than ${megabytes} MB of memory.`);
  }
  if (end.exitCode !== 0 || end.killed === 'output') {
    // The last line that names an error; the file's own words never get here.
    const lines = end.stderr.split('\n').filter((line) => /^\w*Error\b/.test(line));
    return failure(
      'failed',
      `The file could not be read. ${lines.at(-1)?.slice(0, 300) ?? ''}`.trim(),
    );
  }
  return ExtractResult.parse(JSON.parse(end.output));
}

/** V8 ends itself by SIGABRT or SIGTRAP when the heap or the address space is used up. */
function ranOutOfMemory({ exitSignal, stderr }: ChildEnd): boolean {
  return (
    exitSignal === 'SIGABRT' ||
    exitSignal === 'SIGTRAP' ||
    /out of memory|bad_alloc|Array buffer allocation failed/i.test(stderr)
  );
}

function failure(state: ExtractFailure['state'], error: string): ExtractResult {
  return { ok: false, state, error };
}
