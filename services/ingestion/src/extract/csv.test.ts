import { expect, test } from 'vitest';
import { writeCsv } from './csv.ts';
import { TextWriter } from './writer.ts';

function written(source: string) {
  const writer = new TextWriter(100_000);
  writeCsv(writer, source);
  return writer.finish();
}

test.each([
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'bar'],
])('values parted by %j are recognised (%s)', (delimiter) => {
  const lines = [
    ['Name', 'Note'],
    ['Anna', '"one; two, three"'],
    ['Béla', '12,5'],
  ];
  const quoted = lines.map((line) =>
    line.map((cell) => (/[;,]/.test(cell) && !cell.startsWith('"') ? `"${cell}"` : cell)),
  );

  const { text, sections } = written(quoted.map((line) => line.join(delimiter)).join('\r\n'));

  expect(text).toBe('| Name | Note |\n| Anna | one; two, three |\n| Béla | 12,5 |');
  expect(sections).toMatchObject([
    { kind: 'table', tableHeader: '| Name | Note |', place: { row: 1 } },
  ]);
});

test('rows may be longer or shorter than the header, and cells may hold line ends', () => {
  const { text } = written('a,b\n1\n2,"x\ny",z\n');

  expect(text).toBe('| a | b |  |\n| 1 |  |  |\n| 2 | x y | z |');
});

test('a quote that is never closed is a character', () => {
  const { text } = written('name,inches\npipe,3"\nrod,"4\n');

  expect(text).toContain('| pipe | 3" |');
  expect(text).toContain('| rod | "4 |');
});

test('tables below each other have headers of their own, continued ones that of the table above', () => {
  const source =
    'Budget 2026,,\n,,\nPart,Cost,\nBolt,3,\n,,\nNut,4,\nWasher,5,\n,,\nCourse,Hours,Place\nWelding,16,Hall 2\n';

  const { text, sections } = written(source);

  const shown = sections.map(({ start, end, tableHeader, place }) => [
    text.slice(start, end),
    tableHeader,
    place.row,
  ]);
  expect(shown).toEqual([
    ['Budget 2026', undefined, 1],
    ['| Part | Cost |\n| Bolt | 3 |', '| Part | Cost |', 3],
    ['| Nut | 4 |\n| Washer | 5 |', '| Part | Cost |', 6],
    ['| Course | Hours | Place |\n| Welding | 16 | Hall 2 |', '| Course | Hours | Place |', 9],
  ]);
});
