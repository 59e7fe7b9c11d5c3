import { type Child, type ChildEnd, type ChildRun, startChild } from './child.ts';
import { type ExtractFailure, ExtractResult } from './document.ts';
import { promisesText } from './kind.ts';
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
 * Reads a file in a child process with limits of time and memory.
 *
 * @param observe is told what it took, also when the file could not be read.
 * @returns the document, or a documented state with a sentence for people; a hostile or broken file
 *   never throws.
 * @throws the signal's reason when `signal` is aborted; the child process is killed first.
 */
export type Extract = (
  file: SourceFile,
  limits?: ExtractLimits,
  signal?: AbortSignal,
  observe?: (usage: ExtractUsage) => void,
) => Promise<ExtractResult>;

export interface Extractor {
  readonly extract: Extract;
  /** Ends the processes that wait for a next file. */
  close(): Promise<void>;
}

/** Files that one process reads before it makes way for a new one. */
const FILES_OF_A_CHILD = 100;
/** A process that has grown beyond this is not kept, bytes. */
const KEPT_MEMORY = 200 * 1024 * 1024;
/** Processes that wait for a next file, and for how long, milliseconds. */
const KEPT_CHILDREN = 2;
const KEPT_MS = 30_000;

/**
 * A reader of files. A PDF or an Office file gets a process of its own: their parsers are what hostile
 * files aim at. Text files share processes, one after the other: starting one takes 0.5 s of processor
 * time, as much as embedding six chunks.
 */
export function createExtractor(): Extractor {
  let closed = false;
  const waiting = new Map<Child, NodeJS.Timeout>();

  function takeWaiting(): Child | null {
    for (const [child, timer] of waiting) {
      clearTimeout(timer);
      waiting.delete(child);
      if (!child.dead) return child;
    }
    return null;
  }

  async function keepOrEnd(child: Child): Promise<void> {
    const fit =
      !closed &&
      !child.dead &&
      waiting.size < KEPT_CHILDREN &&
      child.count < FILES_OF_A_CHILD &&
      child.memoryBytes() < KEPT_MEMORY;
    if (!fit) return child.end();
    const timer = setTimeout(() => {
      waiting.delete(child);
      void child.end();
    }, KEPT_MS);
    waiting.set(child, timer.unref());
  }

  async function readIn(child: Child, run: ChildRun): Promise<ChildEnd> {
    const end = await child.read(run);
    await (run.textOnly ? keepOrEnd(child) : child.end());
    return end;
  }

  /** In a process that has read others before, unless that breaks: then in a new one. */
  async function readText(run: ChildRun): Promise<ChildEnd> {
    const kept = takeWaiting();
    const end = kept && (await readIn(kept, run));
    if (end && (end.output !== null || end.killed === 'abort')) return end;
    return readIn(startChild(run.limits.maxMemoryBytes), run);
  }

  const extract: Extract = async (file, limits = defaultLimits, signal, observe) => {
    signal?.throwIfAborted();
    if (file.sizeBytes === 0) return failure('no_text', 'The file is empty.');
    if (file.sizeBytes > limits.maxFileBytes) {
      const megabytes = Math.floor(limits.maxFileBytes / 1024 / 1024);
      return failure('too_large', `The file is larger than ${megabytes} MB.`);
    }
    let end = promisesText(file.fileName, file.mediaType)
      ? await readText({ file, limits, signal, textOnly: true })
      : null;
    signal?.throwIfAborted();
    // No text by its bytes, whatever its name says.
    if (end === null || end.output?.trim() === 'null') {
      const run = { file, limits, signal, textOnly: false };
      end = await readIn(startChild(limits.maxMemoryBytes), run);
    }
    observe?.({ elapsedMs: end.elapsedMs, peakBytes: end.peakBytes });
    signal?.throwIfAborted();
    return toResult(end, limits);
  };

  return {
    extract,
    async close() {
      closed = true;
      for (let child = takeWaiting(); child; child = takeWaiting()) await child.end();
    },
  };
}

function toResult(end: ChildEnd, limits: ExtractLimits): ExtractResult {
  if (end.killed === 'timeout') {
    const seconds = Math.round(limits.timeoutMs / 1000);
    return failure('timeout', `Reading the file took longer than ${seconds} seconds.`);
  }
  if (end.killed === 'memory' || (end.output === null && ranOutOfMemory(end))) {
    const megabytes = Math.round(limits.maxMemoryBytes / 1024 / 1024);
    return failure('too_large', `Reading the file needs more than ${megabytes} MB of memory.`);
  }
  if (end.output === null) {
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
