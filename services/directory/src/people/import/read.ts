import { Readable } from 'node:stream';
import { AppError } from '@docent/core/errors';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { fieldOf, rowOfCells } from './row.ts';

export type ImportFormat = 'csv' | 'ndjson';

/** Most characters of one row: longer ones would be searched for their end again with every part that comes. */
const MAX_ROW_LENGTH = 200_000;

/** A row as it came, or why it could not be read. */
export type RawRow = { readonly line: number } & (
  | { readonly value: unknown }
  | { readonly reason: string; readonly value?: unknown }
);

/** Most rows of one import. */
export const MAX_ROWS = 10_000;
/** Most bytes of one import: 2 kB for each row. */
export const MAX_BYTES = 20 * 1024 * 1024;

/**
 * The rows of an import in their order, read while it arrives.
 *
 * @throws AppError `too_large` (rows, bytes), `invalid_request` (not UTF-8, no header, a column that is not
 *   known, quotes that never end)
 */
export async function* readRows(
  source: AsyncIterable<Uint8Array>,
  format: ImportFormat,
): AsyncGenerator<RawRow> {
  const text = decoded(source);
  let count = 0;
  for await (const row of format === 'csv' ? readCsv(text) : readLines(text)) {
    count += 1;
    if (count > MAX_ROWS) {
      throw new AppError('too_large', `An import has at most ${MAX_ROWS} rows.`, {
        details: { maxRows: MAX_ROWS },
      });
    }
    yield row;
  }
}

async function* decoded(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        throw new AppError('too_large', `An import has at most ${MAX_BYTES} bytes.`, {
          details: { maxBytes: MAX_BYTES },
        });
      }
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new AppError('invalid_request', 'The import is not text in UTF-8.', { cause });
  }
}

async function* readLines(text: AsyncIterable<string>): AsyncGenerator<RawRow> {
  let rest = '';
  let at = 0;
  for await (const part of text) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW_LENGTH) throw tooLong();
    for (const line of lines) {
      at += 1;
      if (line.trim() !== '') yield rowOfLine(line, at);
    }
  }
  if (rest.trim() !== '') yield rowOfLine(rest, at + 1);
}

function rowOfLine(text: string, line: number): RawRow {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, reason: 'The line is not JSON.' };
  }
}

/** `lines`: lines of the file up to the end of the row. */
const Record = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.int() }),
});

async function* readCsv(text: AsyncGenerator<string>): AsyncGenerator<RawRow> {
  const { first, rest } = await firstLine(text);
  const parser = parse({
    delimiter: delimiterOf(first),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_LENGTH,
    info: true,
  });
  const source = Readable.from(rest);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let fields: string[] | undefined;
  try {
    for await (const parsed of parser) {
      const { record: cells, info } = Record.parse(parsed);
      if (fields === undefined) {
        fields = fieldsOf(cells);
        continue;
      }
      const line = info.lines - cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      const value = rowOfCells(fields, cells);
      if (cells.length > fields.length) {
        const reason = `The row has ${cells.length} cells, the header ${fields.length}.`;
        yield { line, value, reason };
      } else yield { line, value };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLong(error);
    throw new AppError('invalid_request', `The CSV cannot be read: ${error.message}`, {
      cause: error,
    });
  } finally {
    source.destroy();
  }
  if (fields === undefined) throw new AppError('invalid_request', 'The CSV has no header.');
}

/** The text up to the first line's end, and all of the text again. */
async function firstLine(
  text: AsyncGenerator<string>,
): Promise<{ first: string; rest: AsyncIterable<string> }> {
  let head = '';
  while (!head.trimStart().includes('\n')) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
    if (head.length > MAX_ROW_LENGTH) break;
  }
  async function* all(): AsyncGenerator<string> {
    if (head !== '') yield head;
    yield* text;
  }
  return { first: head.trimStart().split('\n', 1)[0] ?? '', rest: all() };
}

function tooLong(cause?: unknown): AppError {
  return new AppError('too_large', `A row has at most ${MAX_ROW_LENGTH} characters.`, {
    details: { maxRowLength: MAX_ROW_LENGTH },
    cause,
  });
}

/** Spreadsheets write semicolons where the comma is the decimal sign, and tabs when they are asked to. */
function delimiterOf(header: string): string {
  const known = (delimiter: string) =>
    header.split(delimiter).filter((name) => fieldOf(name) !== undefined).length;
  return [',', ';', '\t'].reduce((best, next) => (known(next) > known(best) ? next : best));
}

function fieldsOf(header: readonly string[]): string[] {
  return header.map((name, index) => {
    const field = fieldOf(name);
    if (field === undefined) {
      throw new AppError(
        'invalid_request',
        `Column ${index + 1} is no field of a person: ${name}.`,
        {
          details: { column: name.slice(0, 100) },
        },
      );
    }
    if (header.findIndex((other) => fieldOf(other) === field) < index) {
      throw new AppError('invalid_request', `Two columns are the same field: ${field}.`);
    }
    return field;
  });
}
