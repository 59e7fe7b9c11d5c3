import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { chunk } from '../../services/ingestion/src/chunk/chunk.ts';
import { createExtractor } from '../../services/ingestion/src/extract/extract.ts';

/**
 * Read every file below EVAL_DIR/content (default ../shared/eval) and print, for each format, the
 * states, seconds and the worst memory; where the expected Markdown is known, the share of its words
 * that was found. `node scripts/eval/extract.ts [PART OF A PATH]` reads only some.
 */
const root = join(resolve(process.env.EVAL_DIR ?? '../shared/eval'), 'content');
const wanted = process.argv[2] ?? '';

interface Line {
  files: number;
  states: Map<string, number>;
  seconds: number;
  slowest: number;
  peakMegabytes: number;
  recall: number[];
  chunks: number;
}
const lines = new Map<string, Line>();
const poor: string[] = [];

const { extract, close } = createExtractor();
for (const path of await filesBelow(root)) {
  const name = relative(root, path);
  if (!name.includes(wanted) || name.includes('groundtruth')) continue;
  const format = extname(path).toLowerCase() || '(none)';
  const line = lines.get(format) ?? newLine();
  lines.set(format, line);

  const sizeBytes = (await stat(path)).size;
  const file = { path, fileName: name, mediaType: 'application/octet-stream', sizeBytes };
  const result = await extract(file, undefined, undefined, ({ elapsedMs, peakBytes }) => {
    line.seconds += elapsedMs / 1000;
    line.slowest = Math.max(line.slowest, elapsedMs / 1000);
    line.peakMegabytes = Math.max(line.peakMegabytes, peakBytes / 1024 / 1024);
  });
  line.files++;
  const state = result.ok ? 'ready' : result.state;
  line.states.set(state, (line.states.get(state) ?? 0) + 1);
  if (!result.ok) console.log(`${state.padEnd(12)}${name}: ${result.error}`);
  if (!result.ok) continue;
  if (result.document.warning)
    console.log(`${'warning'.padEnd(12)}${name}: ${result.document.warning}`);
  line.chunks += chunk(result.document).length;
  const expected = await expectedText(path);
  if (expected === null) continue;
  const recall = wordRecall(expected, result.document.text);
  line.recall.push(recall);
  if (recall < 0.9) poor.push(`${recall.toFixed(2)}  ${name}`);
}

await close();

console.log('\nformat   files  seconds  slowest  peak MB  chunks  recall  states');
for (const [format, line] of [...lines].sort()) {
  const recall = line.recall.length === 0 ? '' : mean(line.recall).toFixed(3);
  const states = [...line.states].map(([state, count]) => `${state} ${count}`).join(', ');
  console.log(
    format.padEnd(8),
    String(line.files).padStart(5),
    line.seconds.toFixed(1).padStart(8),
    line.slowest.toFixed(1).padStart(8),
    line.peakMegabytes.toFixed(0).padStart(8),
    String(line.chunks).padStart(7),
    recall.padStart(7),
    ` ${states}`,
  );
}
if (poor.length > 0) console.log(`\nWord recall below 0.9:\n${poor.sort().join('\n')}`);

function newLine(): Line {
  const numbers = { files: 0, seconds: 0, slowest: 0, peakMegabytes: 0, chunks: 0 };
  return { ...numbers, states: new Map(), recall: [] };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Expected Markdown stands in `groundtruth`, beside the `sources`. */
async function expectedText(path: string): Promise<string | null> {
  const beside = path.replace('/sources/', '/groundtruth/');
  if (beside === path) return null;
  for (const candidate of [`${beside}.md`, beside.replace(/\.[^.]+$/, '.md')]) {
    const text = await readFile(candidate, 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

/** Share of the expected words, each as often as expected, that the text has. */
function wordRecall(expected: string, found: string): number {
  const bag = new Map<string, number>();
  for (const word of words(found)) bag.set(word, (bag.get(word) ?? 0) + 1);
  let [total, hits] = [0, 0];
  for (const word of words(expected.replace(/<!--[\s\S]*?-->|\]\([^)]*\)/g, ' '))) {
    total++;
    const left = bag.get(word) ?? 0;
    if (left === 0) continue;
    hits++;
    bag.set(word, left - 1);
  }
  return total === 0 ? 1 : hits / total;
}

function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
