import { Problem } from '@docent/contracts/common';
import { AppError, type ErrorCode } from '@docent/core/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** The only place where a failure meets HTTP. Leaving a code out does not compile. */
export const errorTable: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  invalid_request: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 401, title: 'Authentication needed' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  no_such_route: { status: 404, title: 'No such route' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  idempotency_key_in_flight: { status: 409, title: 'The same request is still running' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key used for another request' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  rate_limited: { status: 429, title: 'Too many requests' },
  budget_exhausted: { status: 429, title: 'Budget exhausted' },
  version_not_ready: { status: 409, title: 'Version not ready' },
  stream_interrupted: { status: 503, title: 'Stream interrupted' },
  issuer_unavailable: { status: 503, title: 'Issuer unavailable' },
  model_unavailable: { status: 503, title: 'Model unavailable' },
  model_rate_limited: { status: 503, title: 'Model rate limited' },
  model_timeout: { status: 504, title: 'Model timeout' },
  database_unavailable: { status: 503, title: 'Database unavailable' },
  overloaded: { status: 503, title: 'Overloaded' },
  request_timeout: { status: 503, title: 'Request timeout' },
  shutting_down: { status: 503, title: 'Shutting down' },
  internal_error: { status: 500, title: 'Internal error' },
};

/** Seconds after which trying again makes sense, sent as `Retry-After`. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
  idempotency_key_in_flight: 1,
  rate_limited: 10,
  issuer_unavailable: 5,
  model_unavailable: 5,
  model_rate_limited: 10,
  database_unavailable: 2,
  overloaded: 2,
  shutting_down: 2,
};

/**
 * The RFC 9457 body for anything that was thrown. Details of an AppError become members of their
 * own, which cannot overwrite `status` or `code`; what is not an AppError and not a refusal of the
 * framework is a bug, and its text stays in the log.
 */
export function toProblem(error: unknown, instance: string, requestId: string): Problem {
  const { code, detail, members } = describe(error);
  const { status, title } = errorTable[code];
  return {
    ...members,
    type: `/docs/errors#${code}`,
    title,
    status,
    detail,
    instance,
    code,
    requestId,
  };
}

/** Sends a failure as a problem; the error handler, the not-found handler and the router use it. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const body = toProblem(error, pathOf(request.url), request.id);
  const code = errorCodeOf(error);
  // Who stops a service knows why it is not ready: that is no error.
  if (body.status >= 500 && code !== 'shutting_down')
    request.log.error({ err: error, code }, body.title);
  else request.log.debug({ code, detail: body.detail }, body.title);

  reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="docent"');
  const retryAfter = retryAfterOf(error) ?? RETRY_AFTER[code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', retryAfter);
  }
  // Plain JSON.stringify: an error response must not be able to fail a response schema.
  return reply
    .code(body.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(body);
}

/** What the failure itself says: `details.retryAfterSeconds`. */
function retryAfterOf(error: unknown): number | undefined {
  const seconds = error instanceof AppError ? error.details.retryAfterSeconds : undefined;
  return typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** Response schemas of a route from the codes it may throw: `...problems('not_found', 'conflict')`. */
export function problems(...codes: ErrorCode[]): Record<number, ProblemResponse> {
  const responses: Record<number, ProblemResponse> = {};
  for (const code of codes) {
    const { status, title } = errorTable[code];
    const others = responses[status] ? `${responses[status].description}; ` : '';
    responses[status] = {
      description: `${others}${title} (\`${code}\`)`,
      content: { 'application/problem+json': { schema: Problem } },
    };
  }
  return responses;
}

export interface ProblemResponse {
  description: string;
  content: { 'application/problem+json': { schema: typeof Problem } };
}

/** The path alone: a query may hold what a person asked. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function errorCodeOf(error: unknown): ErrorCode {
  return describe(error).code;
}

interface Description {
  code: ErrorCode;
  detail: string;
  members: Readonly<Record<string, unknown>>;
}

function describe(error: unknown): Description {
  if (error instanceof AppError) {
    return { code: error.code, detail: error.message, members: error.details };
  }
  if (hasZodFastifySchemaValidationErrors(error)) return describeValidation(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refusal = REFUSALS[code];
  if (refusal !== undefined) return { ...refusal, members: {} };
  if (error instanceof Error && 'statusCode' in error) {
    const status = Number(error.statusCode);
    if (status >= 400 && status < 500) {
      return { code: codeOfStatus(status), detail: error.message, members: {} };
    }
  }
  return { code: 'internal_error', detail: 'The request failed.', members: {} };
}

/** What the framework refuses by itself, in our words: its own name the framework's internals. */
const REFUSALS: Readonly<Record<string, { code: ErrorCode; detail: string } | undefined>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'too_large',
    detail: 'The body is larger than this route takes.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'This route does not take a body of that Content-Type.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_request', detail: 'The JSON body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    detail: 'The body is not as long as its Content-Length says.',
  },
  FST_ERR_BAD_URL: { code: 'invalid_request', detail: 'The address is not a valid URL.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'no_such_route', detail: 'A part of the path is too long.' },
};

function codeOfStatus(status: number): ErrorCode {
  if (status === 413) return 'too_large';
  if (status === 415) return 'unsupported_media_type';
  if (status === 404) return 'no_such_route';
  return 'invalid_request';
}

function describeValidation(
  error: Pick<FastifyError, 'validationContext'> & {
    validation: readonly { instancePath: string; message?: string }[];
  },
): Description {
  const where = error.validationContext ?? 'request';
  const errors = error.validation.map((issue) => ({
    path: [where, ...issue.instancePath.split('/').filter((part) => part !== '')].join('.'),
    message: issue.message ?? 'is not valid',
  }));
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return {
    code: 'invalid_request',
    detail: first === undefined ? 'Not valid.' : `${first.path}: ${first.message}${more}`,
    members: { errors },
  };
}
