import { parse } from 'csv-parse/sync';
import { ReadFailure } from './failure.ts';
import { writeSheet } from './sheet.ts';
import type { TextWriter } from './writer.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** Write a file of separated values as one table. Rows may be longer or shorter than the header. */
export function writeCsv(writer: TextWriter, source: string, delimiter?: Delimiter): void {
  writeSheet(writer, parseCsv(source, delimiter ?? detectDelimiter(source)));
}

function parseCsv(source: string, delimiter: Delimiter): string[][] {
  const options = { delimiter, bom: true, relax_column_count: true, relax_quotes: true };
  try {
    return parse(source, options);
  } catch (cause) {
    // A quote that is never closed: the quotes are then characters like others.
    try {
      return parse(source, { ...options, quote: null });
    } catch {
      throw new ReadFailure('corrupt', 'The file is not a readable table of values.', { cause });
    }
  }
}

/** The delimiter that cuts the first lines into the same number of fields, two at least. */
function detectDelimiter(source: string): Delimiter {
  const named = /^sep=([,;\t|])\r?\n/i.exec(source)?.[1];
  const lines = source.slice(0, 20_000).split(/\r?\n/, 20);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    if (named === delimiter) return delimiter;
    const counts = lines
      .filter((line) => line.trim() !== '')
      .map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length - 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const agreeing = counts.filter((count) => count === usual).length / Math.max(1, counts.length);
    const score = usual === 0 ? 0 : agreeing + Math.min(usual, 20) / 100;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}
