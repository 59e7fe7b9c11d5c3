import { AppError } from '@docent/core/errors';
import type { Position } from '@docent/database/resource';
import { z } from 'zod';

export interface PageRequest {
  readonly cursor?: string | undefined;
  /** Rows wanted, 1 to 100. */
  readonly limit: number;
}

/** Orders that lists have: by name, or by a time with its microseconds. */
const positions = { name: z.string().max(1_000), time: z.iso.datetime() };

/**
 * A page of a list that is read with one row more than `limit`.
 *
 * @param read gives the rows after a position, each with its own.
 * @throws AppError `invalid_request` for a cursor that no page gave.
 */
export async function readPage<T>(
  order: keyof typeof positions,
  { cursor, limit }: PageRequest,
  read: (after: Position | null, limit: number) => Promise<(Position & { item: T })[]>,
): Promise<{ items: T[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : parseCursor(order, cursor);
  const rows = await read(after, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(({ item }) => item),
    nextCursor:
      last === undefined
        ? null
        : Buffer.from(JSON.stringify([last.position, last.id])).toString('base64url'),
  };
}

function parseCursor(order: keyof typeof positions, cursor: string): Position {
  try {
    const [position, id] = z
      .tuple([positions[order], z.uuid()])
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { position, id };
  } catch (cause) {
    throw new AppError('invalid_request', 'The cursor is not one that a page gave.', { cause });
  }
}
