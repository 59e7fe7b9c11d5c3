/**
 * Everything that can go wrong and that a caller may want to tell apart. Codes are API: add freely,
 * never rename. Each has a section in packages/http/errors.md (a test fails when one is missing).
 */
export const errorCodes = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'no_such_route',
  'method_not_allowed',
  'conflict',
  'idempotency_key_in_flight',
  'idempotency_key_reused',
  'precondition_failed',
  'too_large',
  'unsupported_media_type',
  'rate_limited',
  'budget_exhausted',
  'version_not_ready',
  'stream_interrupted',
  'issuer_unavailable',
  'model_unavailable',
  'model_rate_limited',
  'model_timeout',
  'database_unavailable',
  'overloaded',
  'request_timeout',
  'shutting_down',
  'internal_error',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Facts that are safe to show the caller: ids, limits, counts. Never secrets, never document text. */
export type ErrorDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** A failure we expected. Anything else that is thrown is a bug and becomes a 500. */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The one wording for "it is not there or not yours": the two must not be told apart. */
export function notFound(kind: string, id: string): AppError {
  return new AppError('not_found', `There is no ${kind} ${id}.`, { details: { kind, id } });
}
