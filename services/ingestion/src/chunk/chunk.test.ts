import { countTokens } from '@docent/core/tokens';
import { array, assert, constantFrom, oneof, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import type { Extracted } from '../extract/document.ts';
import { TextWriter } from '../extract/writer.ts';
import { type Chunk, chunk } from './chunk.ts';

function documentOf(write: (writer: TextWriter) => void): Extracted {
  const writer = new TextWriter(10_000_000);
  write(writer);
  return { ...writer.finish(), title: null, language: null, warning: null };
}

const sentence = 'The valve is opened slowly so that the pressure in both pipes can level out. ';
const paragraph = sentence.repeat(6);

test('paragraphs under one heading are packed into chunks of about the same size', () => {
  const document = documentOf((writer) => {
    writer.heading(1, 'Valves');
    for (let i = 0; i < 12; i++) writer.paragraph(paragraph);
  });

  const chunks = chunk(document, { targetTokens: 350 });

  expect(chunks.length).toBeGreaterThan(2);
  for (const { tokenCount, headingPath } of chunks) {
    expect(tokenCount).toBeGreaterThan(175);
    expect(tokenCount).toBeLessThan(450);
    expect(headingPath).toEqual(['Valves']);
  }
});

test('a chunk never reaches into the next heading, slide or sheet', () => {
  const document = documentOf((writer) => {
    writer.heading(1, 'Valves');
    writer.paragraph('Short.');
    writer.heading(2, 'Opening');
    writer.paragraph('Slowly.');
    writer.begin({ slide: 2 });
    writer.paragraph('Another slide.');
  });

  const chunks = chunk(document);

  expect(chunks.map(({ text }) => text)).toEqual([
    'Valves\n\nShort.',
    'Opening\n\nSlowly.',
    'Another slide.',
  ]);
  expect(chunks.map(({ place }) => place)).toEqual([
    { headingPath: ['Valves'] },
    { headingPath: ['Valves', 'Opening'] },
    { slide: 2, headingPath: [] },
  ]);
});

test('a heading without text of its own goes with its first section', () => {
  const document = documentOf((writer) => {
    writer.heading(1, 'Valves');
    writer.heading(2, 'Opening');
    writer.paragraph('Slowly.');
  });

  const chunks = chunk(document);

  expect(chunks).toMatchObject([
    { text: 'Valves\nOpening\n\nSlowly.', headingPath: ['Valves', 'Opening'] },
  ]);
});

test('a section that runs over pages is one chunk, at the page where it starts', () => {
  const document = documentOf((writer) => {
    writer.moveTo({ page: 3 });
    writer.paragraph('The pressure in both pipes');
    writer.moveTo({ page: 4 });
    writer.paragraph('levels out.', { continues: true });
  });

  const chunks = chunk(document);

  expect(chunks).toMatchObject([
    { text: 'The pressure in both pipes levels out.', place: { page: 3 } },
  ]);
});

test('a table of up to twice the target stays whole, also between paragraphs', () => {
  const rows = Array.from({ length: 30 }, (_, i) => [`Part ${i}`, 'every three months']);
  const document = documentOf((writer) => {
    for (let i = 0; i < 4; i++) writer.paragraph(paragraph);
    writer.table(rows);
    writer.paragraph(paragraph);
  });

  const chunks = chunk(document, { targetTokens: 200 });

  const whole = chunks.filter(({ text }) => text.includes('Part 0 |'));
  expect(whole).toHaveLength(1);
  expect(whole[0]?.text).toContain('Part 29 |');
  expect(whole[0]?.tableHeader).toBeNull();
});

test('a long table is cut between rows, and each part has its header and first row', () => {
  const header = ['Part', 'Interval'];
  const rows = Array.from({ length: 200 }, (_, i) => [`Part ${i + 2}`, 'every three months']);
  const document = documentOf((writer) => {
    writer.begin({ sheet: 'Plan' });
    writer.moveTo({ sheet: 'Plan', row: 1 });
    writer.table([header, ...rows], header);
  });

  const chunks = chunk(document, { targetTokens: 200 });

  expect(chunks.length).toBeGreaterThan(5);
  for (const [index, { text, tableHeader, place }] of chunks.entries()) {
    expect(text).toMatch(/^\|.*\|$/s);
    expect(tableHeader).toBe(index === 0 ? null : '| Part | Interval |');
    // The number in the row is the row of the sheet.
    expect(place.row).toBe(index === 0 ? 1 : Number(/Part (\d+)/.exec(text)?.[1]));
  }
});

test('a block of code is cut between lines only when it is long', () => {
  const line = '    valve.open(pressure, { slowly: true });';
  const short = documentOf((writer) => writer.code(`${line}\n`.repeat(20)));
  const long = documentOf((writer) => writer.code(`${line}\n`.repeat(200)));

  const whole = chunk(short, { targetTokens: 150 });
  const parts = chunk(long, { targetTokens: 150 });

  expect(whole).toHaveLength(1);
  expect(parts.length).toBeGreaterThan(5);
  for (const { text } of parts.slice(1, -1)) expect(text).toMatch(/^valve.*;$/s);
});

test('text without spaces is cut between sentences and characters', () => {
  const chinese = documentOf((writer) =>
    writer.paragraph('阀门要慢慢打开，使两边的压力相等。'.repeat(300)),
  );
  const emoji = documentOf((writer) => writer.paragraph('😀'.repeat(3_000)));

  const sentences = chunk(chinese, { targetTokens: 100 });
  const faces = chunk(emoji, { targetTokens: 100 });

  for (const { text, tokenCount } of sentences) {
    expect(text.endsWith('。')).toBe(true);
    expect(tokenCount).toBeLessThan(150);
  }
  for (const { text } of faces) expect(text).toMatch(/^(?:😀)+$/u);
});

test('counted tokens are those of the text, to within one for each paragraph', () => {
  const document = documentOf((writer) => {
    for (let i = 0; i < 20; i++) writer.paragraph(paragraph);
  });

  const chunks = chunk(document);

  for (const { text, tokenCount } of chunks) {
    const paragraphs = text.split('\n\n').length;
    expect(Math.abs(tokenCount - countTokens(text))).toBeLessThanOrEqual(paragraphs);
  }
});

test('chunks are exact slices in order that cover all words and cross no boundary', async () => {
  const words = oneof(
    string({ maxLength: 60 }),
    constantFrom(sentence, paragraph, 'a'.repeat(900), '漢字'.repeat(200), '  \n\t ', 'x\ny\n\nz'),
  );
  const block = oneof(
    record({ kind: constantFrom('heading', 'paragraph', 'item', 'code', 'verbatim'), words }),
    record({ kind: constantFrom('slide', 'page', 'table'), words }),
  );
  await assert(
    property(array(block, { maxLength: 25 }), (blocks) => {
      const document = documentOf((writer) => {
        for (const [index, { kind, words: text }] of blocks.entries())
          write(writer, kind, text, index);
      });

      expectWellCut(document, chunk(document, { targetTokens: 40 }));
    }),
    { numRuns: 200 },
  );
});

function write(writer: TextWriter, kind: string, text: string, index: number): void {
  if (kind === 'heading') writer.heading((index % 4) + 1, text);
  else if (kind === 'item') writer.listItem(text, { depth: index % 3 });
  else if (kind === 'code') writer.code(text);
  else if (kind === 'verbatim') writer.verbatim(text);
  else if (kind === 'slide') writer.begin({ slide: index + 1 });
  else if (kind === 'page') writer.moveTo({ page: index + 1 });
  else if (kind === 'table')
    writer.table(
      [
        ['name', 'value'],
        [text, 'v'],
        ['w', text],
      ],
      ['name', 'value'],
    );
  else writer.paragraph(text);
}

function expectWellCut(document: Extracted, chunks: Chunk[]): void {
  const { text, sections } = document;
  let covered = 0;
  for (const [index, made] of chunks.entries()) {
    expect(made.ordinal).toBe(index);
    expect(made.text).toBe(text.slice(made.start, made.end));
    expect(made.text.trim()).toBe(made.text);
    expect(made.text).not.toBe('');
    expect(made.start).toBeGreaterThanOrEqual(covered);
    expect(text.slice(covered, made.start).trim()).toBe('');
    for (const { boundary, start } of sections) {
      if (boundary) expect(made.start < start && start < made.end).toBe(false);
    }
    covered = made.end;
  }
  expect(text.slice(covered).trim()).toBe('');
}
