import { z } from 'zod';
import { PassageLabel, Span } from './content.ts';
import { Place } from './place.ts';

/** Longest part of a text that one request gives, UTF-16 code units. */
export const LONGEST_TEXT_PAGE = 200_000;
/** Longest part of a text that can be marked, UTF-16 code units. */
export const LONGEST_MARKED = 20_000;

/** A part of the text that was read from a file; offsets are UTF-16 code units, `end` exclusive. */
export const VersionText = z.object({
  contentId: z.uuid(),
  version: z.int().positive(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  length: z.int().nonnegative().describe('Length of the whole text'),
  text: z.string(),
  nextStart: z
    .int()
    .nonnegative()
    .nullable()
    .describe('`start` of the next part; null when this one reaches the end of the text'),
});
export type VersionText = z.infer<typeof VersionText>;

/**
 * What a citation points at, in its surroundings: `before + marked + after` is exactly the text of the version
 * from `shown.start` to `shown.end`. It begins and ends with whole sentences of the section that the span stands
 * in, as far as `context` reaches.
 */
export const MarkedText = z.object({
  contentId: z.uuid(),
  version: z.int().positive(),
  title: z.string(),
  url: z.string().nullable().describe('Where people read the original'),
  language: z.string().nullable(),
  length: z.int().nonnegative().describe('Length of the whole text'),
  span: Span.describe(
    'What is marked: as asked for, widened where it would cut a character in two',
  ),
  shown: Span.describe('From the beginning of `before` to the end of `after`'),
  before: z.string(),
  marked: z.string(),
  after: z.string(),
  place: Place.describe('Where the span begins'),
  current: z.boolean().describe('This is the version that searches see'),
  currentVersion: z.int().positive().nullable(),
  inCurrent: Span.nullable().describe(
    'Where the marked text stands in the current version: the nearest place if it occurs more than once, white space may differ; null when it does not occur there any more',
  ),
});
export type MarkedText = z.infer<typeof MarkedText>;

/** Query of the text of a version: `span` with `context`, or `start` with `end`. */
export const textQuery = {
  span: z
    .string()
    .regex(/^\d{1,9}-\d{1,9}$/)
    .optional()
    .describe('`start-end`, as `sourceSpan` of a citation or `span` of a passage has them'),
  context: z.coerce
    .number()
    .int()
    .min(0)
    .max(5_000)
    .default(600)
    .describe('Most characters before and after the marked text'),
  start: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe('Default: 0'),
  end: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe(`Default: the end of the text; at most ${LONGEST_TEXT_PAGE} after \`start\``),
};

/** A chunk as retrieval sees it. */
export const StoredChunk = z.object({
  id: z.uuid(),
  ordinal: z.int().nonnegative(),
  text: z.string(),
  tableHeader: z.string().nullable(),
  span: Span,
  place: Place,
  language: z.string().nullable().describe('Whose stemming finds its words'),
  tokenCount: z.int().nonnegative(),
  embedded: z.boolean().describe('It has a vector of the model that searches use'),
  labels: z.array(PassageLabel).describe('Empty for callers who may not change the content'),
});
export type StoredChunk = z.infer<typeof StoredChunk>;
