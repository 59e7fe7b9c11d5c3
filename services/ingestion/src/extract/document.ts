import { Place } from '@docent/contracts/place';
import { z } from 'zod';

/**
 * A run of the text that has one place and one kind. Sections are in order, do not overlap and
 * cover all of the text but white space between them.
 */
export const Section = z.object({
  /** UTF-16 code units into the text, end exclusive. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  place: Place,
  kind: z.enum(['text', 'table', 'code']),
  /** A heading, slide, sheet or another part of the source begins here: no chunk reaches across. */
  boundary: z.boolean(),
  /** First row of a table, as it stands in the text; unset when the table names no columns. */
  tableHeader: z.string().optional(),
});
export type Section = z.infer<typeof Section>;

/** Something in a file that people who read it do not see. */
export const Noticed = z.object({
  reason: z.enum(['invisible_characters', 'hidden_text']),
  /** Of the block that it stood in, UTF-16 code units, end exclusive; null: it is not part of the text. */
  span: z.object({ start: z.int().nonnegative(), end: z.int().positive() }).nullable(),
  excerpt: z.string(),
});
export type Noticed = z.infer<typeof Noticed>;

/** A file as people would read it. */
export const Extracted = z.object({
  text: z.string(),
  /** The title that the file itself states, if it does. */
  title: z.string().nullable(),
  /** ISO 639-1, detected from the text; null when it is too short or too mixed to say. */
  language: z.string().nullable(),
  sections: z.array(Section),
  /** What was left out or guessed, a sentence for people. */
  warning: z.string().nullable(),
  noticed: z.array(Noticed).optional(),
});
export type Extracted = z.infer<typeof Extracted>;

export const FailureState = z.enum([
  'no_text',
  'password',
  'corrupt',
  'unsupported',
  'too_large',
  'timeout',
  'failed',
]);

/** Why a file gave no document. `error`: a sentence for people. */
export const ExtractFailure = z.object({ state: FailureState, error: z.string() });
export type ExtractFailure = z.infer<typeof ExtractFailure>;

export const ExtractResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), document: Extracted }),
  ExtractFailure.extend({ ok: z.literal(false) }),
]);
export type ExtractResult = z.infer<typeof ExtractResult>;
