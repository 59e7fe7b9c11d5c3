import type { TextWriter } from './writer.ts';

/** Write a text file as it stands. */
export function writePlain(writer: TextWriter, source: string): void {
  const lines = source.split('\n').map((line) => line.replaceAll('\t', '    ').trimEnd());
  writer.verbatim(lines.join('\n'));
}
