import type { Place } from '@docent/contracts/place';
import { hiddenIn } from '../labels/suspicious.ts';
import { keepLines, oneLine, proseLines } from './clean.ts';
import type { Noticed, Section } from './document.ts';
import { ReadFailure } from './failure.ts';

/** Where the source is at the moment; headings are kept apart. */
export type Position = Omit<Place, 'headingPath'>;

/** Characters above the first heading that are no text of their own: `Chapter 4`. */
const KICKER = 30;

/** More of it is the same again. */
const MOST_NOTICED = 50;

/** A heading longer than this is a paragraph in large type. */
const LONGEST_HEADING = 300;

/**
 * Builds the text of a document and its sections, in reading order. Blocks are separated by an
 * empty line, list items and table rows by a line end.
 */
export class TextWriter {
  readonly #parts: string[] = [];
  #length = 0;
  readonly #sections: Section[] = [];
  #position: Position = {};
  #headings: { level: number; text: string }[] = [];
  /** The next block starts a part of the source that no chunk may reach into from before. */
  #boundary = true;
  #lastBlock: 'none' | 'heading' | 'item' | 'other' = 'none';
  #listDepth = 0;
  readonly #maxLength: number;
  readonly #noticed: Noticed[] = [];

  /** @param maxLength largest text, UTF-16 code units. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** UTF-16 code units written so far. */
  get length(): number {
    return this.#length;
  }

  /** The source turns a page or a cue: later blocks stand there, chunks may reach across. */
  moveTo(position: Position): void {
    this.#position = position;
  }

  /** A slide, sheet or another part begins: no chunk reaches across, headings start anew. */
  begin(position: Position): void {
    this.#position = position;
    this.#headings = [];
    this.#boundary = true;
  }

  /** @param level 1 to 9, the smaller the higher; 0 for the title of the document. */
  heading(level: number, text: string): void {
    const line = oneLine(text);
    if (line === '') return;
    if (line.length > LONGEST_HEADING) {
      this.paragraph(text);
      return;
    }
    const above = this.#headings.at(-1);
    const below = above !== undefined && above.level < level;
    while ((this.#headings.at(-1)?.level ?? -1) >= level) this.#headings.pop();
    this.#headings.push({ level, text: line });

    const last = this.#sections.at(-1);
    const opens = (this.#lastBlock === 'heading' && below) || this.#isKicker();
    if (opens && last && this.#isAt(last.place)) {
      // A chapter that opens with its first section, or a number above its title: one place, the
      // deeper one.
      this.#write('\n', line);
      last.end = this.#length;
      last.place = this.#place();
    } else {
      this.#boundary = true;
      this.#block('text', '\n\n', line);
    }
    this.#lastBlock = 'heading';
    this.#look(text);
  }

  /** @param continues the sentence began in the block before, on another page. */
  paragraph(text: string, { continues = false } = {}): void {
    const lines = proseLines(text);
    if (lines === '') return;
    this.#block('text', continues && this.#lastBlock === 'other' ? ' ' : '\n\n', lines);
    this.#lastBlock = 'other';
    this.#look(text);
  }

  /** @param depth 0 for the outermost list; of the first item of a list it is taken as that. */
  listItem(text: string, { depth = 0, marker = '-' } = {}): void {
    const lines = proseLines(text);
    if (lines === '') return;
    if (this.#lastBlock !== 'item') this.#listDepth = depth;
    const indent = '  '.repeat(Math.min(8, Math.max(0, depth - this.#listDepth)));
    const hanging = `\n${indent}${' '.repeat(marker.length + 1)}`;
    const item = `${indent}${marker} ${lines.replaceAll('\n', hanging)}`;
    this.#block('text', this.#lastBlock === 'item' ? '\n' : '\n\n', item);
    this.#lastBlock = 'item';
    this.#look(text);
  }

  /**
   * @param rows cells of each row, empty ones too.
   * @param header cells of the header row that `rows` starts with, or of a table that they continue.
   */
  table(rows: readonly (readonly string[])[], header?: readonly string[]): void {
    const lines = rows.map(tableLine).filter((line) => line !== '');
    if (lines.length === 0) return;
    const headerLine = header && tableLine(header);
    this.#block('table', '\n\n', lines.join('\n'), headerLine ? headerLine : undefined);
    this.#lastBlock = 'other';
    this.#look(rows.flat().join(' '));
  }

  code(text: string, language = ''): void {
    const lines = keepLines(text);
    if (lines === '') return;
    this.#block('code', '\n\n', `\`\`\`${language}\n${lines}\n\`\`\``);
    this.#lastBlock = 'other';
    this.#look(text);
  }

  /** Text whose lines and spaces are its own: a plain text file. */
  verbatim(text: string): void {
    const clean = keepLines(text);
    if (clean === '') return;
    this.#block('text', '\n\n', clean);
    this.#lastBlock = 'other';
    this.#look(text);
  }

  /** Something in the file that is not part of the text. */
  notice(excerpt: string): void {
    if (this.#noticed.length === MOST_NOTICED) return;
    this.#noticed.push({ reason: 'hidden_text', span: null, excerpt: excerptOf(excerpt) });
  }

  finish(): { text: string; sections: Section[]; noticed: Noticed[] } {
    return { text: this.#parts.join(''), sections: this.#sections, noticed: this.#noticed };
  }

  /** Looks for what cleaning took out of the block that was written last. */
  #look(raw: string): void {
    const hidden = hiddenIn(raw);
    if (hidden === null || this.#noticed.length === MOST_NOTICED) return;
    const last = this.#parts.at(-1)?.length ?? 0;
    const span = { start: this.#length - last, end: this.#length };
    this.#noticed.push({ reason: 'invisible_characters', span, excerpt: excerptOf(hidden) });
  }

  #block(kind: Section['kind'], separator: string, text: string, tableHeader?: string): void {
    const last = this.#sections.at(-1);
    const start = this.#write(last ? separator : '', text);
    const extend =
      last?.kind === 'text' && kind === 'text' && !this.#boundary && this.#isAt(last.place);
    if (extend) {
      last.end = this.#length;
    } else {
      this.#sections.push({
        start,
        end: this.#length,
        place: this.#place(),
        kind,
        boundary: this.#boundary,
        ...(tableHeader === undefined ? {} : { tableHeader }),
      });
    }
    this.#boundary = false;
  }

  /** @returns where `text` starts. */
  #write(separator: string, text: string): number {
    this.#parts.push(separator, text);
    this.#length += separator.length + text.length;
    if (this.#length > this.#maxLength) {
      const limit = this.#maxLength.toLocaleString('en');
      throw new ReadFailure('too_large', `The file holds more than ${limit} characters of text.`);
    }
    return this.#length - text.length;
  }

  /** The document has but a few words yet, and no heading. */
  #isKicker(): boolean {
    return this.#sections.length === 1 && this.#length <= KICKER && this.#headings.length === 1;
  }

  #place(): Place {
    return { ...this.#position, headingPath: this.#headings.map((heading) => heading.text) };
  }

  /** Headings need no comparison: a heading sets the boundary. */
  #isAt(place: Place): boolean {
    const { page, slide, sheet, row, startMs, endMs } = this.#position;
    return (
      place.page === page &&
      place.slide === slide &&
      place.sheet === sheet &&
      place.row === row &&
      place.startMs === startMs &&
      place.endMs === endMs
    );
  }
}

function excerptOf(text: string): string {
  return oneLine(text).slice(0, 300);
}

/** `| a | b |`; empty when all cells are. A line break inside a cell would break the row. */
export function tableLine(cells: readonly string[]): string {
  const folded = cells.map(oneLine);
  if (folded.every((cell) => cell === '')) return '';
  return `| ${folded.join(' | ')} |`;
}
