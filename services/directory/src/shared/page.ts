import { AppError } from '@docent/core/errors';
import type { z } from 'zod';

export interface Wanted {
  readonly cursor?: string | undefined;
  /** Rows wanted, 1 to 100. */
  readonly limit: number;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page from one row more than was wanted; `positionOf` tells where the page after it begins. */
export function pageOfRows<R, T>(
  rows: readonly R[],
  limit: number,
  shown: (row: R) => T,
  positionOf: (row: R) => readonly string[],
): Page<T> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(shown),
    nextCursor:
      last === undefined
        ? null
        : Buffer.from(JSON.stringify(positionOf(last))).toString('base64url'),
  };
}

/** @throws AppError `invalid_request` for a cursor that no page gave. */
export function positionFrom<S extends z.ZodType>(
  schema: S,
  cursor: string | undefined,
): z.output<S> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid_request', 'The cursor is not one that a page gave.', { cause });
  }
}

/** A pattern for `ilike` that finds `words` anywhere, whatever characters are in it. */
export function containing(words: string | undefined): string | null {
  return words === undefined ? null : `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}
