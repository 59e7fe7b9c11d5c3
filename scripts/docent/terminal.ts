import { styleText } from 'node:util';
import { describePlace, type Place } from '@docent/contracts/place';

/** A failure that the user can read as it stands: one sentence, no stack. */
export class Failure extends Error {
  override name = 'Failure';
}

type Style = Parameters<typeof styleText>[0];

/** Styled on a terminal, plain elsewhere and when NO_COLOR is set. */
export function style(format: Style, text: string): string {
  return styleText(format, text, { stream: process.stdout, validateStream: true });
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Rows under a header, columns as wide as their widest cell; the last one is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ');
  return [style('bold', line(header)), ...rows.map(line)].join('\n');
}

/** The text on one line, cut to a number of characters. */
export function excerpt(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

/** Title, place and address of a source; a heading that says the title again is left out. */
export function describeSource(source: {
  readonly title: string;
  readonly place: Place;
  readonly url: string | null;
}): string {
  const { title, place, url } = source;
  const repeated = place.headingPath[0] === title ? 1 : 0;
  const where = describePlace({ ...place, headingPath: place.headingPath.slice(repeated) });
  return [title, where, url ?? ''].filter((part) => part !== '').join(' · ');
}

/** Bytes for people: 1 kB is 1,000 of them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
