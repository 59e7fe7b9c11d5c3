import readXlsxFile from 'read-excel-file/node';
import { ReadFailure } from './failure.ts';
import { hiddenSheets } from './hidden.ts';
import { withPercentages } from './percent.ts';
import { writeNamedSheet } from './sheet.ts';
import type { TextWriter } from './writer.ts';

/**
 * Write the sheets of a workbook that its readers see: values as they are stored, percentages as they are shown,
 * results of formulas, dates as dates.
 *
 * @returns the sentence that says what was left out, if anything was.
 */
export async function writeXlsx(writer: TextWriter, bytes: Buffer): Promise<string | null> {
  let hidden: ReturnType<typeof hiddenSheets>;
  let sheets: Awaited<ReturnType<typeof readXlsxFile>>;
  try {
    hidden = hiddenSheets(bytes);
    // Dates come as midnight UTC. `trim: false` would keep spaces that writeSheet folds anyway.
    sheets = await readXlsxFile(withPercentages(bytes));
  } catch (cause) {
    throw new ReadFailure('corrupt', 'The workbook is damaged and cannot be opened.', { cause });
  }
  for (const { sheet, data } of sheets) {
    if (hidden.parts.has(sheet)) continue;
    const rows = data.map((row) => row.map(cellText));
    writeNamedSheet(writer, sheet, rows);
  }
  return hidden.warning;
}

/** Strings, numbers, booleans and dates; null where a cell is empty. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  // 0.1 + 0.2 is stored with 17 digits; people see 15 at most.
  if (typeof value === 'number') return String(Number(value.toPrecision(15)));
  return String(value);
}

/** `2026-03-01`, with the time of day when it is not midnight. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const iso = date.toISOString();
  const time = iso.slice(11, 19);
  return time === '00:00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time.replace(/:00$/, '')}`;
}
