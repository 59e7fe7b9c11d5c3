import type { TextWriter } from './writer.ts';

/** Cells longer than this hold sentences, not the name of a column. */
const LONGEST_COLUMN_NAME = 120;

/**
 * Write a table: columns without any words are dropped, and the header row is recognised.
 *
 * @param headerRows number of rows that the source itself marks as header; null when it marks none.
 */
export function writeTable(
  writer: TextWriter,
  rows: readonly (readonly string[])[],
  headerRows: number | null = null,
): void {
  const columns = usedColumns(rows);
  const table = rows.map((row) => columns.map((column) => row[column] ?? ''));
  const header = headerRows === null ? guessHeader(table) : table[headerRows - 1];
  writer.table(table, header);
}

/**
 * The row that names the columns: the first one with at least two cells, when rows follow and its
 * cells are short and no numbers.
 */
export function guessHeader(rows: readonly (readonly string[])[]): readonly string[] | undefined {
  const index = rows.findIndex((row) => row.filter((cell) => cell.trim() !== '').length >= 2);
  const row = rows[index];
  if (row === undefined || index === rows.length - 1) return undefined;
  const names = row.filter((cell) => cell.trim() !== '');
  const named = names.every((name) => name.length <= LONGEST_COLUMN_NAME && !isNumber(name));
  return named ? row : undefined;
}

/** Numbers, amounts, percentages and dates: values, not names. A year alone may name a column. */
export function isNumber(cell: string): boolean {
  const text = cell.trim();
  if (/^(19|20)\d\d$/.test(text)) return false;
  return /^[\p{Sc}+\-−(]?\s?\d[\d\s.,:/%()-]*\p{Sc}?$/u.test(text);
}

/** Indexes of the columns that hold words in any row. */
export function usedColumns(rows: readonly (readonly string[])[]): number[] {
  const used = new Set<number>();
  for (const row of rows) {
    for (const [column, cell] of row.entries()) if (cell.trim() !== '') used.add(column);
  }
  return [...used].sort((a, b) => a - b);
}
