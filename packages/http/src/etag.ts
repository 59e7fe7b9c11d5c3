import { createHash } from 'node:crypto';
import { AppError } from '@docent/core/errors';
import { z } from 'zod';

/** Names the state of a thing as a caller is shown it: the value of its `ETag`. */
export function etagOf(shown: object): string {
  const hash = createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
  return `"${hash.slice(0, 22)}"`;
}

/** `schema.headers` of a route that changes what was read before. */
export const IfMatchHeaders = z.looseObject({
  'if-match': z
    .string()
    .max(1_000)
    .optional()
    .describe('The ETag that was read: 412 when it has changed since'),
});

/**
 * @param ifMatch value of the `If-Match` header, if there was one.
 * @throws AppError `precondition_failed` when it names another state.
 */
export function checkIfMatch(ifMatch: string | undefined, item: { readonly id: string }): void {
  if (ifMatch === undefined) return;
  const given = ifMatch.split(',').map((part) => part.trim());
  if (given.includes('*') || given.includes(etagOf(item))) return;
  throw new AppError('precondition_failed', 'It has changed since it was read.', {
    details: { id: item.id },
  });
}
