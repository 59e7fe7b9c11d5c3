import { z } from 'zod';
import type { Projection } from './resources.ts';
import { DEFAULT_RESULTS, MAX_RESULTS } from './vocabulary.ts';

/** How the caller reaches `/scim/v2`, and which attributes they want back. */
export interface Seen extends Projection {
  readonly base: string;
}

/** A list that was asked for. */
export interface Query extends Seen {
  readonly filter: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export const projectionQuery = {
  attributes: z.string().max(1_000).optional().describe('Only these attributes, by commas'),
  excludedAttributes: z.string().max(1_000).optional().describe('Not these attributes, by commas'),
};

/** Numbers out of range mean the nearest that are in it, as RFC 7644 has them. */
export const listQuery = {
  ...projectionQuery,
  filter: z
    .string()
    .max(1_000)
    .optional()
    .describe('`userName eq "ada@example.com"`, with and, or, not; eq ne co sw ew gt ge lt le pr'),
  startIndex: z.coerce
    .number()
    .int()
    .max(1_000_000_000)
    .default(1)
    .transform((value) => Math.max(1, value))
    .describe('First result, from 1'),
  count: z.coerce
    .number()
    .int()
    .default(DEFAULT_RESULTS)
    .transform((value) => Math.min(MAX_RESULTS, Math.max(0, value)))
    .describe(`Results on a page, at most ${MAX_RESULTS}; 0 only counts`),
};
