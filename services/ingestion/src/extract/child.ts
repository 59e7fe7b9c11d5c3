import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExtractLimits } from './limits.ts';

const CHILD = fileURLToPath(new URL('child.main.ts', import.meta.url));
/** What the child may read besides the file: the workspace with its packages. */
const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Address space of the child, kilobytes: a second fence behind the resident memory. Node 24 reserves
 * up to 2 GB before it does anything (1.5 GB is too little to read a PDF, measured).
 */
const ADDRESS_SPACE_KB = 4 * 1024 * 1024;
const MEMORY_CHECK_MS = 20;

export interface ChildEnd {
  /** What the child wrote as its result, JSON. */
  output: string;
  /** The end of what it wrote on the error stream. */
  stderr: string;
  exitCode: number | null;
  exitSignal: NodeJS.Signals | null;
  /** Set when we ended it. */
  killed: 'timeout' | 'memory' | 'output' | 'abort' | null;
  elapsedMs: number;
  peakBytes: number;
}

export interface ChildRun {
  /** Argument of the child, as JSON. */
  request: unknown;
  /** The one file outside of the workspace that the child may open. */
  readable: string;
  /** Where the child stands. */
  folder: string;
  limits: ExtractLimits;
  signal: AbortSignal | undefined;
}

/** Run the reading process to its end, whatever that is. Nothing of it is left when this returns. */
export async function runChild(run: ChildRun): Promise<ChildEnd> {
  const { limits, signal } = run;
  const started = performance.now();
  const child = start(run);
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
  try {
    // Text as JSON takes at most six bytes per code unit, sections about as much as text.
    const most = 12 * limits.maxTextLength + 1_000_000;
    const [output, stderr, [exitCode, exitSignal]] = await Promise.all([
      collect(child.stdio[3], most, () => kill('output')),
      collectEnd(child.stderr),
      ended(child),
    ]);
    const elapsedMs = performance.now() - started;
    return { output, stderr, exitCode, exitSignal, killed, elapsedMs, peakBytes };
  } finally {
    clearTimeout(timer);
    clearInterval(fence);
    signal?.removeEventListener('abort', onAbort);
  }
}

function start({ request, readable, folder, limits }: ChildRun): ChildProcess {
  const node = [
    process.execPath,
    // The heap is only a part of what is resident: buffers and code come on top.
    `--max-old-space-size=${Math.floor((0.7 * limits.maxMemoryBytes) / 1024 / 1024)}`,
    '--no-warnings',
    // A seat belt, not a wall: no writing, no other files, no processes, no workers.
    '--permission',
    `--allow-fs-read=${WORKSPACE}`,
    `--allow-fs-read=${readable}`,
    CHILD,
    JSON.stringify(request),
  ];
  const shell = ['/bin/sh', '-c', `ulimit -v ${ADDRESS_SPACE_KB}; exec "$@"`, 'sh'];
  const [program = '', ...args] = process.platform === 'linux' ? [...shell, ...node] : node;
  return spawn(program, args, {
    cwd: folder,
    // Nothing of our own environment. The allocator would reserve 64 MB for each processor.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
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

function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve([code, signal]));
  });
}

async function collect(stream: unknown, most: number, onTooMuch: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readable(stream)) {
    size += chunk.length;
    if (size > most) onTooMuch();
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function collectEnd(stream: unknown): Promise<string> {
  let end = '';
  for await (const chunk of readable(stream)) end = (end + chunk.toString('utf8')).slice(-8_000);
  return end;
}

async function* readable(stream: unknown): AsyncGenerator<Buffer> {
  if (!isReadable(stream)) throw new Error('The child process has no pipe.');
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream;
}
