import { AppError } from '@docent/core/errors';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { checkedLine, type Line, parseLines, refuseCount } from './lines.ts';

/** How the cells of a column are read; text when it is not named. */
export interface RowFormat {
  /** Most rows of one body. */
  readonly most: number;
  readonly numbers: readonly string[];
  readonly lists: readonly string[];
  readonly booleans?: readonly string[];
}

const Parsed = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int() }) }),
);

/**
 * The rows of an import, each checked by itself.
 *
 * CSV has the fields' names in its first line; commas, semicolons or tabs between them. An empty cell is a field
 * that is not named; a cell that is a list has `|` between its items. NDJSON has an object on each line.
 *
 * @throws AppError `invalid_request` (no rows, CSV that cannot be read), `too_large`
 */
export function parseRows<S extends z.ZodType>(
  text: string,
  format: 'csv' | 'ndjson',
  schema: S,
  columns: RowFormat,
): Line<z.output<S>>[] {
  if (format === 'ndjson') return parseLines(text, schema, columns.most);
  const rows = parseCsv(text);
  refuseCount(rows.length, columns.most);
  return rows.map(({ record, info }) => checkedLine(info.lines, schema, rowOf(record, columns)));
}

function parseCsv(text: string): z.infer<typeof Parsed> {
  const [header = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].reduce((best, sign) =>
    header.split(sign).length > header.split(best).length ? sign : best,
  );
  try {
    return Parsed.parse(
      parse(text, {
        bom: true,
        columns: true,
        delimiter,
        info: true,
        skip_empty_lines: true,
        trim: true,
      }),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AppError('invalid_request', `The CSV cannot be read: ${error.message}`, {
      cause: error,
    });
  }
}

function rowOf(
  record: Readonly<Record<string, string>>,
  columns: RowFormat,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, cell]) => cell !== '')
      .map(([name, cell]) => [name, cellOf(name, cell, columns)]),
  );
}

function cellOf(name: string, cell: string, { numbers, lists, booleans = [] }: RowFormat): unknown {
  if (lists.includes(name)) {
    return cell
      .split('|')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  // What is no number stays as it is, so that the refusal names it.
  if (numbers.includes(name)) return Number.isFinite(Number(cell)) ? Number(cell) : cell;
  if (booleans.includes(name)) return BOOLEANS.get(cell.toLowerCase()) ?? cell;
  return cell;
}

const BOOLEANS = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);
