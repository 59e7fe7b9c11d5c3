import { AppError } from '@docent/core/errors';
import { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { tokenPattern } from './apiKey.ts';
import { pathOf } from './problem.ts';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output when absent. */
  readonly stream?: { write(line: string): void };
}

/**
 * Options of Fastify's log: one line per response, named fields only. Neither bodies nor queries nor
 * headers are logged; what looks like an API key is cut out of every line, wherever it got in.
 */
export function loggerOptions(
  log: LogOptions | false,
): Pick<FastifyServerOptions, 'logger' | 'logController'> {
  const logController = new LogController({
    disableRequestLogging: true,
    requestIdLogLabel: 'requestId',
  });
  if (log === false) return { logger: false, logController };
  return {
    logController,
    logger: {
      ...lineOptions(log.level),
      ...(log.stream === undefined ? {} : { stream: log.stream }),
    },
  };
}

/** Options of pino for lines of this form: also for processes that answer nobody, such as workers. */
export function lineOptions(level: string) {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [
        'headers',
        '*.headers',
        'authorization',
        'cookie',
        'apiKey',
        'token',
        'body',
        '*.body',
      ],
      censor: '[redacted]',
    },
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: pathOf(request.url),
      }),
      err: (error: unknown) => describeError(error),
    },
    hooks: { streamWrite: (line: string) => line.replaceAll(tokenPattern, 'dct_[redacted]') },
  };
}

/** One line per response: who (ids), what, how long, how many milliseconds. */
export function registerAccessLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: pathOf(request.url),
        route: request.routeOptions.url,
        status: reply.raw.statusCode,
        ms: Math.round(reply.elapsedTime),
        aborted: request.signal.aborted ? true : undefined,
        ...request.caller,
      },
      'request',
    );
  });
}

interface ErrorLine {
  type: string;
  code?: string;
  message: string;
  stack?: string | undefined;
  details?: AppError['details'];
  cause?: ErrorLine;
  // What pino's type of an `err` serializer asks for.
  [key: string]: unknown;
}

/** Named fields only: the properties of a database error hold values of rows. */
function describeError(error: unknown, depth = 0): ErrorLine & { stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' };
  const line: ErrorLine & { stack: string } = {
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
  };
  if ('code' in error && typeof error.code === 'string') line.code = error.code;
  if (error instanceof AppError) line.details = error.details;
  if (error.cause !== undefined && depth < 4) line.cause = describeError(error.cause, depth + 1);
  return line;
}
