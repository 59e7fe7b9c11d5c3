import { AppError } from '@docent/core/errors';

/** RFC 7644, table 9. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'noTarget'
  | 'mutability';

/** A request that cannot be understood; the answer carries the SCIM name of the reason. */
export function refusal(scimType: ScimType, message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { details: { scimType }, cause });
}
