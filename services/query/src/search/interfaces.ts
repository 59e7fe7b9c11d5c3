import type { Passage, SearchFilters, SearchMode, SearchResponse } from '@docent/contracts/search';
import type { Principal } from '@docent/core/principal';

/** What to look for. The first four are what `POST /v1/search` takes. */
export interface SearchInput {
  readonly query: string;
  readonly filters: SearchFilters;
  /** Passages wanted, 1 to 100. */
  readonly limit: number;
  readonly mode: SearchMode;
  /** Most passages of one content, ≥ 1; default: no cap. */
  readonly maxPerContent?: number | undefined;
  /** How many of the best passages bring the chunks right before and after them, ≥ 0; default 0. */
  readonly withNeighbours?: number;
  /** Whether the best candidates of both signals are read again to be put in order; default true. */
  readonly rerank?: boolean;
}

/** A word of the question as the index knows it. */
export interface QueryTerm {
  /** Stemmed and without accents: what `terms` of @docent/core/text gives for the same word. */
  readonly lexeme: string;
  /** Text configuration that made the lexeme. */
  readonly config: string;
  /** Inverse document frequency over the organization, > 0; higher is rarer. */
  readonly idf: number;
  /** Chunks that hold it, at last count; 0: none. */
  readonly df: number;
}

export interface FoundPassage extends Passage {
  /** Position among its version's chunks, from 0. */
  readonly ordinal: number;
  /** What was added to its score because its content is the caller's: department, language, course; ≥ 0. */
  readonly context: number;
  /** When its version was taken in, ISO 8601. */
  readonly uploadedAt: string;
  /** Its text configuration: the terms with the same one are those that it was scored by. */
  readonly config: string;
}

/** A chunk right before or after one of the best passages; not a hit itself. */
export interface Neighbour {
  readonly id: string;
  readonly contentId: string;
  readonly version: number;
  readonly ordinal: number;
  readonly text: string;
  readonly tableHeader: string | null;
  readonly span: Passage['span'];
  readonly place: Passage['place'];
}

/** The answer of `POST /v1/search` and what an answerer needs besides. */
export interface SearchResult extends SearchResponse {
  /** The corrected query, or the one that was asked: what passages are compared with. */
  readonly query: string;
  /** Best first; ties by id. */
  readonly passages: FoundPassage[];
  readonly neighbours: Neighbour[];
  /** Rarest first; once per text configuration that the organization's content uses. */
  readonly terms: QueryTerm[];
  /** The most BM25 that the best passage could reach on this question, in its text configuration. */
  readonly reach: number;
  /** The model whose vectors were searched; null when words alone were. */
  readonly modelId: string | null;
}

/**
 * Finds the passages that answer a query best, among what the principal may see.
 *
 * @throws AppError `database_unavailable`. A model that fails is not an error: words alone are
 *   searched then, and `mode` says so.
 */
export type Search = (
  principal: Principal,
  input: SearchInput,
  options: { signal: AbortSignal },
) => Promise<SearchResult>;
