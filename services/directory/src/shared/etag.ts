import { AppError } from '@docent/core/errors';

/**
 * @param ifMatch the header `If-Match`; without it any state will do.
 * @throws AppError `precondition_failed` when it names another state than `etag`.
 */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) return;
  const given = ifMatch.split(',').map((part) => part.trim().replace(/^W\//, ''));
  if (given.includes('*') || given.includes(etag.replace(/^W\//, ''))) return;
  throw new AppError('precondition_failed', 'It has changed since it was read.');
}
