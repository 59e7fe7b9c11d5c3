import type { TextWriter } from './writer.ts';

/** Write a text file as it stands. */
export function writePlain(writer: TextWriter, source: string): void {
  writer.verbatim(source.replaceAll('\t', '    ').replace(/[^\S\n]+$/gm, ''));
}
