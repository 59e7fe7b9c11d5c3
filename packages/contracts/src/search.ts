import { z } from 'zod';
import { Timestamp } from './common.ts';
import { ContentType, Validity } from './content.ts';
import { Place } from './place.ts';

/** Narrowing of a search: each filter that is set must hold; a list means any of its values. */
export const SearchFilters = z
  .object({
    contentTypes: z.array(ContentType).min(1).max(6),
    tags: z.array(z.string().min(1).max(100)).min(1).max(50),
    languages: z
      .array(z.string().regex(/^[a-z]{2}$/))
      .min(1)
      .max(20),
    sourceServices: z.array(z.string().min(1).max(100)).min(1).max(50),
    contentIds: z.array(z.uuid()).min(1).max(100),
    state: Validity.describe(
      'Default: effective. What is upcoming or expired is found only by those who may change it',
    ),
  })
  .partial()
  .strict();
export type SearchFilters = z.infer<typeof SearchFilters>;

export const SearchMode = z.enum(['hybrid', 'words', 'vectors']);
export type SearchMode = z.infer<typeof SearchMode>;

export const SearchRequest = z
  .object({
    query: z.string().trim().min(1).max(4_000),
    filters: SearchFilters.default({}),
    limit: z.int().min(1).max(100).default(10),
    maxPerContent: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Most passages of one content; 1 gives the best passage of each'),
    mode: SearchMode.default('hybrid'),
    rerank: z
      .boolean()
      .default(true)
      .describe('Read the best candidates again to put them in order; `hybrid` only'),
  })
  .strict();
export type SearchRequest = z.infer<typeof SearchRequest>;

/** Parts of a passage's score. All: higher is better. */
export const ScoreParts = z.object({
  words: z.number().nonnegative().describe('BM25 of title, headings and text, unbounded'),
  wordsNormalised: z
    .number()
    .min(0)
    .max(1)
    .describe('BM25 over the most this question could reach'),
  vector: z.number().min(-1).max(1).nullable().describe('Cosine similarity; null: no vector yet'),
});
export type ScoreParts = z.infer<typeof ScoreParts>;

/** A chunk as a search returned it. */
export const Passage = z.object({
  id: z.uuid(),
  contentId: z.uuid(),
  version: z.int().positive(),
  title: z.string(),
  url: z.string().nullable(),
  contentType: ContentType,
  language: z.string().nullable(),
  effectiveFrom: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
  text: z.string(),
  tableHeader: z.string().nullable().describe('Header row that belongs to a part of a table'),
  span: z
    .object({ start: z.int().nonnegative(), end: z.int().nonnegative() })
    .describe('Place of `text` in the version’s text, UTF-16 code units, end exclusive'),
  place: Place,
  highlights: z
    .array(z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() }))
    .describe('Words of the question in `text`, UTF-16 code units, end exclusive'),
  score: z.number().min(0).max(1).describe('Comparable within one answer only'),
  parts: ScoreParts,
});
export type Passage = z.infer<typeof Passage>;

export const SearchResponse = z.object({
  passages: z.array(Passage),
  correctedQuery: z
    .string()
    .nullable()
    .describe(
      'What was searched instead: misspelt words as the material writes them; null when there are none',
    ),
  mode: SearchMode.describe('What was really used: `words` when no vectors could be made'),
  tookMs: z.number().nonnegative(),
});
export type SearchResponse = z.infer<typeof SearchResponse>;
