import { readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import type { ExtractResult } from './document.ts';
import { ReadFailure } from './failure.ts';
import { readDocument } from './read.ts';

/** The process that reads one file and ends: `child.main.ts '{"path": …}'`, result on descriptor 3. */
const Request = z.object({
  path: z.string(),
  fileName: z.string(),
  mediaType: z.string(),
  limits: z.object({ maxTextLength: z.number(), maxInflatedBytes: z.number() }),
});

const request = Request.parse(JSON.parse(process.argv[2] ?? ''));
write(await read());
process.exit(0);

async function read(): Promise<ExtractResult> {
  try {
    return { ok: true, document: await readDocument(readFileSync(request.path), request) };
  } catch (error) {
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

function write(result: ExtractResult): void {
  const bytes = Buffer.from(JSON.stringify(result));
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
