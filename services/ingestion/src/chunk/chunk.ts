import type { Place } from '@docent/contracts/place';
import { countTokens } from '@docent/core/tokens';
import type { Extracted, Section } from '../extract/document.ts';
import { type Atom, type Level, splitIntoAtoms, wholeAtom } from './split.ts';

/** The stored unit of retrieval: an exact slice of a document's text. */
export interface Chunk {
  /** Position in the document, from 0 without gaps. */
  ordinal: number;
  /** UTF-16 code units into the document's text, end exclusive. */
  start: number;
  end: number;
  /** `document.text.slice(start, end)`. */
  text: string;
  /** Where the chunk starts. */
  place: Place;
  /** Headings above the chunk, outermost first; the same as `place.headingPath`. */
  headingPath: string[];
  /** Header row of the table that the chunk continues; null when the chunk holds it itself. */
  tableHeader: string | null;
  /** Tokens of `tableHeader` and `text`, to within one for each paragraph. */
  tokenCount: number;
}

const TARGET_TOKENS = 350;
/** Tables and code are cut only when they have more tokens than this, in targets. */
const WHOLE = 2;
/** A chunk may have up to this many tokens, in targets, before a part of the source is cut in two. */
const SLACK = 1.2;

const LEVELS: Record<Section['kind'], readonly Level[]> = {
  text: ['paragraph', 'line', 'sentence'],
  table: ['line', 'cell', 'sentence'],
  code: ['paragraph', 'line'],
};

interface Piece extends Atom {
  section: Section;
  place: Place;
}

export interface ChunkOptions {
  /** Default 350. */
  targetTokens?: number;
}

/**
 * Cut a document into chunks of about `targetTokens` that never cross a boundary. Sections between
 * two boundaries are packed together, evenly. Tables and code stay whole while they have at most
 * twice the target, then they are cut at rows and lines; prose is cut at paragraphs, then lines,
 * sentences, words.
 *
 * LangChain's splitters are not used here: they return strings without positions, trimmed, and
 * only asynchronously, while a chunk must be an exact slice.
 *
 * @returns chunks in order, without overlap, that cover all of the text but white space.
 */
export function chunk(document: Extracted, options: ChunkOptions = {}): Chunk[] {
  const target = Math.max(16, options.targetTokens ?? TARGET_TOKENS);
  const chunks: Chunk[] = [];
  for (const part of partsOf(document.sections)) {
    const pieces = part.flatMap((section) => [...piecesOf(document.text, section, target)]);
    for (const packed of pack(pieces, target)) {
      chunks.push(toChunk(document.text, packed, chunks.length));
    }
  }
  return chunks;
}

/** Sections from one boundary to the next. */
function* partsOf(sections: readonly Section[]): Generator<Section[]> {
  let part: Section[] = [];
  for (const section of sections) {
    if (section.boundary && part.length > 0) {
      yield part;
      part = [];
    }
    part.push(section);
  }
  if (part.length > 0) yield part;
}

function* piecesOf(text: string, section: Section, target: number): Generator<Piece> {
  const whole =
    section.kind === 'text' ? null : wholeAtom(text, section, WHOLE * target, countTokens);
  const options = { levels: LEVELS[section.kind], mostTokens: target, count: countTokens };
  const atoms = whole ? [whole] : splitIntoAtoms(text, section, options);
  const { place } = section;
  let { row } = place;
  let at = section.start;
  for (const atom of atoms) {
    if (row === undefined) {
      yield { ...atom, section, place };
      continue;
    }
    // A row of a sheet is one line: the lines before an atom tell which row it starts with.
    for (; at < atom.start; at++) if (text.charCodeAt(at) === 10) row++;
    yield { ...atom, section, place: { ...place, row } };
  }
}

/** Neighbouring pieces joined into chunks of about the same size. */
function* pack(pieces: readonly Piece[], target: number): Generator<[Piece, ...Piece[]]> {
  const total = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const goal = total / Math.max(1, Math.ceil(total / (SLACK * target)));
  let packed: [Piece, ...Piece[]] | undefined;
  let tokens = 0;
  for (const piece of pieces) {
    // Nearer to the goal with the piece than without it, and not far beyond.
    const joins = tokens + piece.tokens / 2 <= goal && tokens + piece.tokens <= 1.5 * target;
    if (packed && joins) {
      packed.push(piece);
      tokens += piece.tokens;
    } else {
      if (packed) yield packed;
      packed = [piece];
      tokens = piece.tokens;
    }
  }
  if (packed) yield packed;
}

function toChunk(documentText: string, pieces: [Piece, ...Piece[]], ordinal: number): Chunk {
  const [first] = pieces;
  const { start } = first;
  const end = pieces.at(-1)?.end ?? first.end;
  const text = documentText.slice(start, end);
  const header = pieces.find(({ section }) => section.tableHeader)?.section.tableHeader;
  const tableHeader = header && !text.includes(header) ? header : null;
  const headerTokens = tableHeader ? countTokens(tableHeader) + 1 : 0;
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens + 1, -1);
  return {
    ordinal,
    start,
    end,
    text,
    place: first.place,
    headingPath: first.place.headingPath,
    tableHeader,
    tokenCount: tokens + headerTokens,
  };
}
