import type { Place } from '@docent/contracts/place';
import type { Extracted } from '../extract/document.ts';

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
  /** Tokens of `tableHeader` and `text`. */
  tokenCount: number;
}

/** Cut a document into chunks of about `targetTokens` (default 350) that never cross a boundary. */
export function chunk(_document: Extracted, _options: { targetTokens?: number } = {}): Chunk[] {
  throw new Error('Cutting is not written yet.');
}
