import { AppError } from '@docent/core/errors';
import { violationOf } from '@docent/database/violation';
import { toProblem } from '@docent/http/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR, MEDIA_TYPE } from './vocabulary.ts';

/** Answers with the error body of RFC 7644, section 3.12. What is a bug stays in the log. */
export function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const { status, detail, scimType, code } = toProblem(error, request.url, request.id);
  if (status >= 500) request.log.error({ err: error, code }, 'a SCIM request failed');
  reply.header('cache-control', 'no-store');
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="docent"');
  if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 2);
  const type = typeof scimType === 'string' ? scimType : typeOf(error, status);
  const body = {
    schemas: [ERROR],
    status: String(status),
    ...(type === undefined ? {} : { scimType: type }),
    detail,
  };
  return reply
    .code(status)
    .type(`${MEDIA_TYPE}; charset=utf-8`)
    .serializer(JSON.stringify)
    .send(body);
}

function typeOf(error: unknown, status: number): string | undefined {
  if (status === 400) return 'invalidValue';
  const refused =
    error instanceof AppError && error.cause instanceof AppError ? error.cause : error;
  return violationOf(refused)?.kind === 'unique' ? 'uniqueness' : undefined;
}
