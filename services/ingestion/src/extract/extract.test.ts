import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { chunk } from '../chunk/chunk.ts';
import { createExtractor } from './extract.ts';
import { defaultLimits, type ExtractLimits } from './limits.ts';
import { docx, pdf, wordParagraph, zipOf } from './sampleFiles.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docent-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { extract, close } = createExtractor();
afterAll(close);

/** One whose process has to start first: that takes longer and more than any of these limits. */
function newExtract() {
  const extractor = createExtractor();
  onTestFinished(() => extractor.close());
  return extractor.extract;
}

let count = 0;
async function store(fileName: string, bytes: Buffer | string) {
  const path = join(folder, String(count++));
  await writeFile(path, bytes);
  return { path, fileName, mediaType: '', sizeBytes: Buffer.byteLength(bytes) };
}

const PROSE =
  'Wear gloves when you change the filter, and switch the machine off before you begin.';

test('a file is read in a process of its own, which tells what it took', async () => {
  const file = await store('guide.docx', docx(wordParagraph(PROSE)));
  let peakBytes = 0;

  const result = await extract(file, defaultLimits, undefined, (usage) => {
    ({ peakBytes } = usage);
  });

  expect(result).toMatchObject({ ok: true, document: { text: PROSE } });
  if (process.platform === 'linux') expect(peakBytes).toBeGreaterThan(10_000_000);
});

test('an empty file and one above the limit are refused unopened', async () => {
  const nowhere = { path: '/nowhere', fileName: 'big.pdf', mediaType: '' };

  const empty = await extract({ ...nowhere, sizeBytes: 0 });
  const large = await extract({ ...nowhere, sizeBytes: 300 * 2 ** 20 });

  expect(empty).toMatchObject({ ok: false, state: 'no_text', error: 'The file is empty.' });
  expect(large).toMatchObject({ ok: false, state: 'too_large' });
});

test('text files share a process, and each is read as if it were alone', async () => {
  const [first, scan, second] = await Promise.all([
    store('first.md', `# Filters\n\n${PROSE}`),
    store('picture.txt', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
    store('second.md', 'Owners drop their values.'),
  ]);

  const results = [await extract(first), await extract(scan), await extract(second)];

  expect(results).toMatchObject([
    { ok: true, document: { title: 'Filters' } },
    { ok: false, state: 'unsupported' },
    { ok: true, document: { text: 'Owners drop their values.', title: null } },
  ]);
});

test('a PDF under a name of text is read as a PDF', async () => {
  const file = await store('notes.txt', pdf([[{ text: PROSE }]]));

  const result = await extract(file);

  expect(result).toMatchObject({ ok: true, document: { text: PROSE } });
});

test('a file that ends its process leaves the next ones unharmed', async () => {
  const good = await store('good.md', PROSE);
  const endless = await store('deep.md', `${'> '.repeat(5_000)}x`);

  const results = [
    await extract(good),
    await extract(endless, { ...defaultLimits, timeoutMs: 3_000 }),
    await extract(good),
  ];

  expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
});

test('reading ends when its time is over', async () => {
  const file = await store('slow.md', PROSE);

  const result = await newExtract()(file, { ...defaultLimits, timeoutMs: 5 });

  expect(result).toMatchObject({ ok: false, state: 'timeout' });
});

test('reading ends when it is called off', async () => {
  const file = await store('slow.md', PROSE);
  const controller = new AbortController();

  const reading = newExtract()(file, defaultLimits, controller.signal);
  controller.abort(new Error('the worker stops'));

  await expect(reading).rejects.toThrow('the worker stops');
});

test.runIf(process.platform === 'linux')('reading ends at the limit of memory', async () => {
  const file = await store('note.md', PROSE);

  const result = await newExtract()(file, { ...defaultLimits, maxMemoryBytes: 50_000_000 });

  expect(result).toMatchObject({ ok: false, state: 'too_large' });
});

/** A PDF whose only page draws from a stream that inflates to 150 MB of spaces. */
function flateBomb(): Buffer {
  const packed = deflateSync(Buffer.alloc(150_000_000, ' '));
  const file = pdf([[{ text: 'x' }]]).toString('latin1');
  const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed.toString('latin1')}\nendstream`;
  return Buffer.from(
    file.replace(/<< \/Length \d+ >>\nstream[\s\S]*?endstream/, () => stream),
    'latin1',
  );
}

/** The directory and the header of the document part claim a hundred bytes. */
function lyingDirectory(): Buffer {
  const file = docx(wordParagraph(PROSE.repeat(1_000)));
  const name = Buffer.from('word/document.xml');
  for (let at = file.indexOf(name); at !== -1; at = file.indexOf(name, at + 1)) {
    const isEntry = file.readUInt32LE(Math.max(0, at - 46)) === 0x02014b50;
    const isHeader = file.readUInt32LE(Math.max(0, at - 30)) === 0x04034b50;
    if (isEntry) file.writeUInt32LE(100, at - 46 + 24);
    if (isHeader) file.writeUInt32LE(100, at - 30 + 22);
  }
  return file;
}

function laughs(): string {
  const entities = Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
  );
  return `<!DOCTYPE x [<!ENTITY l0 "lol">${entities.join('')}]><w:document><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>`;
}

const inDocx = (document: string | Uint8Array) =>
  zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': document });
const nested = (open: string, close: string, times: number) =>
  docx(`${open.repeat(times)}x${close.repeat(times)}`);

test.each<[string, () => Buffer | string, string[]]>([
  ['bomb.docx', () => inDocx(Buffer.alloc(60_000_000, 'a')), ['too_large']],
  ['paragraphs.docx', () => docx('<w:p/>'.repeat(2_000_000)), ['too_large']],
  ['laughs.docx', () => inDocx(laughs()), ['corrupt']],
  [
    'deep.docx',
    () => nested('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>', 60_000),
    ['too_large', 'corrupt'],
  ],
  ['deep.html', () => `${'<div>'.repeat(60_000)}x`, ['too_large']],
  ['deep.md', () => `${'> '.repeat(5_000)}x`, ['too_large', 'timeout']],
  ['lying.docx', lyingDirectory, ['corrupt']],
  [
    'out.docx',
    () => zipOf({ 'word/document.xml': '<w:document/>', '../../evil.xml': 'x' }),
    ['corrupt'],
  ],
  [
    'parts.docx',
    () =>
      zipOf(
        Object.fromEntries(
          Array.from({ length: 10_050 }, (_, i) => [`word/document${i}.xml`, 'x']),
        ),
      ),
    ['too_large'],
  ],
  ['bomb.pdf', flateBomb, ['too_large', 'timeout', 'no_text']],
])('%s is refused within the limits', async (name, make, states) => {
  const file = await store(name, make());
  const limits: ExtractLimits = { ...defaultLimits, timeoutMs: 40_000 };
  let peakBytes = 0;

  const result = await extract(file, limits, undefined, (usage) => {
    ({ peakBytes } = usage);
  });

  expect(result).toMatchObject({ ok: false });
  expect(states).toContain(result.ok ? 'ready' : result.state);
  // The memory is looked at fifty times a second; a burst may pass the limit by a little.
  expect(peakBytes).toBeLessThan(640_000_000);
});

test('a long run of one letter is read and cut', async () => {
  const file = await store('run.txt', 'a'.repeat(40_000));

  const result = await extract(file);
  const chunks = result.ok ? chunk(result.document) : [];

  expect(chunks.map(({ text }) => text).join('')).toBe('a'.repeat(40_000));
});

test('a program that has nothing else to do waits for the result', async () => {
  const file = await store('guide.docx', docx(wordParagraph(PROSE)));
  const module = new URL('extract.ts', import.meta.url).href;
  const program = `
    import { createExtractor } from ${JSON.stringify(module)};
    const { extract, close } = createExtractor();
    const { ok } = await extract(${JSON.stringify(file)});
    await close();
    process.stdout.write(String(ok));`;

  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);

  await expect(run).resolves.toMatchObject({ stdout: 'true' });
});
