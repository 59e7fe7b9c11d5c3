import { writeSync } from 'node:fs';
import { z } from 'zod';
import type { ExtractResult } from './document.ts';
import { ReadFailure } from './failure.ts';
import { NotText, readDocument } from './read.ts';

/**
 * The process that reads files, one after the other: on standard input a line of JSON and the bytes of
 * a file, on descriptor 3 a line of JSON with the result. Ends with its input.
 */
const Request = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int().nonnegative(),
  textOnly: z.boolean(),
  limits: z.object({ maxTextLength: z.number(), maxInflatedBytes: z.number() }),
});
type Request = z.infer<typeof Request>;

const input = process.stdin[Symbol.asyncIterator]();
let rest: Buffer = Buffer.alloc(0);

for (let request = await next(); request; request = await next()) {
  write(await read(request, await take(request.sizeBytes)));
}
process.exit(0);

async function next(): Promise<Request | null> {
  let end = rest.indexOf('\n');
  while (end < 0) {
    if (!(await more())) return null;
    end = rest.indexOf('\n');
  }
  const line = rest.subarray(0, end).toString('utf8');
  rest = rest.subarray(end + 1);
  return Request.parse(JSON.parse(line));
}

async function take(size: number): Promise<Buffer> {
  const parts = [rest];
  let length = rest.length;
  while (length < size) {
    const { value, done } = await input.next();
    if (done || !Buffer.isBuffer(value)) throw new Error('The input ended within a file.');
    parts.push(value);
    length += value.length;
  }
  const all = parts.length === 1 ? rest : Buffer.concat(parts, length);
  rest = all.subarray(size);
  return all.subarray(0, size);
}

async function more(): Promise<boolean> {
  const { value, done } = await input.next();
  if (done || !Buffer.isBuffer(value)) return false;
  rest = Buffer.concat([rest, value]);
  return true;
}

/** @returns null when only text was to be read and the file is something else. */
async function read(request: Request, bytes: Buffer): Promise<ExtractResult | null> {
  try {
    return { ok: true, document: await readDocument(bytes, request) };
  } catch (error) {
    if (error instanceof NotText) return null;
    if (error instanceof ReadFailure) {
      return { ok: false, state: error.state, error: error.message };
    }
    // Nesting beyond the stack is what hostile files do, and no reader shows them.
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return { ok: false, state: 'too_large', error: 'The file is nested too deeply to be read.' };
    }
    throw error;
  }
}

function write(result: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(result)}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(3, bytes, written);
    } catch (error) {
      // The pipe is full: the parent empties it in a moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
