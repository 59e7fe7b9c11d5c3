import { AppError } from '@docent/core/errors';

/** Deeper JSON than this is nobody's request; thousands of levels overflow the stack of zod or of PostgreSQL. */
const MAX_DEPTH = 64;

/**
 * Refuses what PostgreSQL cannot store: U+0000, half a surrogate pair, JSON nested too deeply.
 *
 * @param where name of the value in the error's text.
 * @throws AppError `invalid_request`
 */
export function refuseUnstorable(value: unknown, where: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new AppError(
        'invalid_request',
        `${where}: the text holds a character that cannot be stored (U+0000 or half of a surrogate pair).`,
      );
    }
  } else if (typeof value === 'object' && value !== null) {
    if (depth === MAX_DEPTH) {
      throw new AppError('invalid_request', `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
    }
    for (const [key, item] of Object.entries(value)) {
      refuseUnstorable(key, where, depth);
      refuseUnstorable(item, `${where}.${key}`, depth + 1);
    }
  }
}
