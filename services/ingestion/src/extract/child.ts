import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExtractLimits } from './limits.ts';

const CHILD = fileURLToPath(new URL('child.main.ts', import.meta.url));
/** What the child may read: the workspace with its packages. Files come through its standard input. */
const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Address space of the child, kilobytes: a second fence behind the resident memory. Node 24 reserves
 * up to 2 GB before it does anything (1.5 GB is too little to read a PDF, measured).
 */
const ADDRESS_SPACE_KB = 4 * 1024 * 1024;
const MEMORY_CHECK_MS = 20;

export interface ChildRun {
  readonly file: { path: string; fileName: string; mediaType: string; sizeBytes: number };
  /** Refuse whatever is not text by its bytes: the output is `null` then. */
  readonly textOnly: boolean;
  readonly limits: ExtractLimits;
  readonly signal: AbortSignal | undefined;
}

export interface ChildEnd {
  /** The result as JSON; null when the process ended without one. */
  output: string | null;
  /** The end of what it wrote on the error stream. */
  stderr: string;
  exitSignal: NodeJS.Signals | null;
  /** Set when we ended it. */
  killed: 'timeout' | 'memory' | 'output' | 'abort' | null;
  elapsedMs: number;
  peakBytes: number;
}

/** A process that reads files, one at a time. */
export interface Child {
  /** Reads a file, or ends trying: whatever is killed or broken is `dead` afterwards. Never throws. */
  read(run: ChildRun): Promise<ChildEnd>;
  readonly dead: boolean;
  /** Files read so far. */
  readonly count: number;
  /** Resident memory now, bytes; 0 where the platform does not tell. */
  memoryBytes(): number;
  /** Ends the process; resolves when nothing of it is left. */
  end(): Promise<void>;
}

/** Starts a reading process. It ends with the process that started it. */
export function startChild(maxMemoryBytes: number): Child {
  const child = spawnChild(maxMemoryBytes);
  child.stdin?.on('error', ignore);
  const stderr = keepEnd(child.stderr);
  const lines = lineReader(child.stdio[3]);
  let dead = false;
  let count = 0;
  let exitSignal: NodeJS.Signals | null = null;
  const closed = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', (_, signal) => {
      exitSignal = signal;
      resolve();
    });
  }).then(() => {
    dead = true;
  });
  // An idle reader does not keep the process of its parent alive; with its parent its input ends.
  setReferenced(child, false);

  async function read({ file, textOnly, limits, signal }: ChildRun): Promise<ChildEnd> {
    const started = performance.now();
    let killed: ChildEnd['killed'] = null;
    let peakBytes = 0;
    const kill = (why: NonNullable<ChildEnd['killed']>) => {
      killed ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = () => kill('abort');
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    const timer = setTimeout(() => kill('timeout'), limits.timeoutMs);
    const fence = setInterval(() => {
      const { now, peak } = residentBytes(child.pid);
      peakBytes = Math.max(peakBytes, peak);
      if (now > limits.maxMemoryBytes) kill('memory');
    }, MEMORY_CHECK_MS);
    setReferenced(child, true);
    try {
      // Text as JSON takes at most six bytes per code unit, sections about as much as text.
      const line = lines.next(12 * limits.maxTextLength + 1_000_000, () => kill('output'));
      send(child.stdin, { ...file, textOnly, limits });
      const output = await Promise.race([line, closed.then(() => null)]);
      if (output === null || killed) await closed;
      return {
        output: killed ? null : output,
        stderr: stderr(),
        exitSignal,
        killed,
        elapsedMs: performance.now() - started,
        peakBytes: Math.max(peakBytes, residentBytes(child.pid).peak),
      };
    } finally {
      count += 1;
      clearTimeout(timer);
      clearInterval(fence);
      signal?.removeEventListener('abort', onAbort);
      setReferenced(child, false);
    }
  }

  return {
    read,
    get dead() {
      return dead;
    },
    get count() {
      return count;
    },
    memoryBytes: () => residentBytes(child.pid).now,
    end() {
      // Who waits for the end must not end before it.
      setReferenced(child, true);
      child.kill('SIGKILL');
      return closed;
    },
  };
}

function spawnChild(maxMemoryBytes: number): ChildProcess {
  const node = [
    process.execPath,
    // The heap is only a part of what is resident: buffers and code come on top.
    `--max-old-space-size=${Math.floor((0.7 * maxMemoryBytes) / 1024 / 1024)}`,
    '--no-warnings',
    // A seat belt, not a wall: no writing, no other files, no processes, no workers.
    '--permission',
    `--allow-fs-read=${WORKSPACE}`,
    CHILD,
  ];
  const shell = ['/bin/sh', '-c', `ulimit -v ${ADDRESS_SPACE_KB}; exec "$@"`, 'sh'];
  const [program = '', ...args] = process.platform === 'linux' ? [...shell, ...node] : node;
  return spawn(program, args, {
    // A folder that it may not read: a parser finds nothing by relative names.
    cwd: tmpdir(),
    // Nothing of our own environment. The allocator would reserve 64 MB for each processor.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
}

/** The request as a line, then the file. A process that dies meanwhile is noticed by its end. */
function send(
  stdin: Writable | null,
  { path, ...request }: ChildRun['file'] & { textOnly: boolean; limits: ExtractLimits },
): void {
  if (!stdin) return;
  stdin.write(`${JSON.stringify(request)}\n`);
  const file = createReadStream(path);
  // Without its file the process would wait for ever.
  file.on('error', () => stdin.destroy());
  file.pipe(stdin, { end: false });
}

/** Resident memory from /proc; zero where the platform has none, then the heap limit is the fence. */
function residentBytes(pid: number | undefined): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = (name: string) =>
      Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0);
    return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
  } catch {
    return { now: 0, peak: 0 };
  }
}

/** Lines of a stream, one for each call of `next`. */
function lineReader(stream: unknown) {
  let wanted: { most: number; onTooMuch: () => void; resolve: (line: string) => void } | null =
    null;
  let parts: Buffer[] = [];
  let size = 0;
  readable(stream).on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (wanted && size > wanted.most) wanted.onTooMuch();
    else parts.push(chunk);
    if (chunk.at(-1) !== 10) return;
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    wanted?.resolve(line);
    wanted = null;
  });
  return {
    next: (most: number, onTooMuch: () => void) =>
      new Promise<string>((resolve) => {
        wanted = { most, onTooMuch, resolve };
      }),
  };
}

function keepEnd(stream: unknown): () => string {
  let end = '';
  readable(stream).on('data', (chunk: Buffer) => {
    end = (end + chunk.toString('utf8')).slice(-8_000);
  });
  return () => end;
}

function readable(stream: unknown): Readable {
  if (!(stream instanceof Readable)) throw new Error('The child process has no pipe.');
  return stream;
}

/** Whether the event loop stays alive for a child and its pipes. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  for (const part of [child, ...child.stdio]) {
    const name = referenced ? 'ref' : 'unref';
    const method: unknown = part ? Reflect.get(part, name) : undefined;
    if (typeof method === 'function') Reflect.apply(method, part, []);
  }
}

function ignore(): void {}
