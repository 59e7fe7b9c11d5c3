import { guessHeader, isNumber, usedColumns } from './table.ts';
import type { Position, TextWriter } from './writer.ts';

/** Names that programs give by themselves, in some languages. */
const UNNAMED = /^(?:sheet|munka|munkalap|tabelle|feuil|hoja|foglio|blad|arkusz|list)\s*\d*$/i;

type Rows = readonly (readonly string[])[];

/** Write a sheet of a workbook; its name is the first line when somebody chose it. */
export function writeNamedSheet(writer: TextWriter, name: string, rows: Rows): void {
  writer.begin(name === '' ? {} : { sheet: name });
  if (rows.length === 0) return;
  if (!UNNAMED.test(name)) writer.paragraph(name);
  writeSheet(writer, rows, name === '' ? {} : { sheet: name });
}

/**
 * Write the rows of a sheet or of a CSV file, one line each. Empty rows part tables; a table
 * without a header row of its own continues the one above it. Lone cells are titles or remarks
 * and stay text.
 *
 * @param rows in their order, the first is row 1; empty rows included, they count.
 */
export function writeSheet(writer: TextWriter, rows: Rows, position: Position = {}): void {
  let above: { header: readonly string[]; columns: readonly number[] } | undefined;
  for (const { firstRow, rows: block } of blocks(rows)) {
    const firstWide = block.findIndex((row) => filled(row) >= 2);
    const lone = firstWide === -1 ? block.length : firstWide;
    writer.moveTo({ ...position, row: firstRow });
    writer.paragraph(block.slice(0, lone).map(onlyCell).join('\n'));

    const table = block.slice(lone);
    if (table.length === 0) continue;
    writer.moveTo({ ...position, row: firstRow + lone });
    const columns = usedColumns(table);
    const continued = above !== undefined && columns.every((c) => above?.columns.includes(c));
    if (above && continued && !looksLikeHeader(table)) {
      writer.table(project(table, above.columns), above.header);
    } else {
      const own = project(table, columns);
      const header = guessHeader(own);
      above = header && { header, columns };
      writer.table(own, header);
    }
  }
}

/** Runs of rows without an empty row between them. */
function* blocks(rows: Rows): Generator<{ firstRow: number; rows: Rows }> {
  let start = 0;
  for (let index = 0; index <= rows.length; index++) {
    if (filled(rows[index] ?? []) > 0) continue;
    if (index > start) yield { firstRow: start + 1, rows: rows.slice(start, index) };
    start = index + 1;
  }
}

function filled(row: readonly string[]): number {
  return row.filter((cell) => cell.trim() !== '').length;
}

/** Line breaks in the cell would shift the row numbers of the lines below. */
function onlyCell(row: readonly string[]): string {
  return row.join(' ').replace(/\s+/g, ' ');
}

function project(rows: Rows, columns: readonly number[]): string[][] {
  return rows.map((row) => columns.map((column) => row[column] ?? ''));
}

/** Below another table, words above at least one column of numbers start a new table. */
function looksLikeHeader(rows: Rows): boolean {
  const [first, second] = rows;
  if (first === undefined || second === undefined || guessHeader(rows) !== first) return false;
  return second.some((cell) => isNumber(cell));
}
