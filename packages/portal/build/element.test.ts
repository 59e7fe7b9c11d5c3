import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtPortal } from './build.ts';

/** Bytes, gzipped: what a page that embeds the element has to load, Markdown included. */
const LARGEST = 40_000;

test('the element is one small file that loads nothing else', async () => {
  const code = await readFile(join(await builtPortal(), 'embed', 'docent-chat.js'));

  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(LARGEST);
  expect(code.toString()).not.toMatch(/\bimport\s*\(|\bfrom\s*["'`]|@import/);
});
