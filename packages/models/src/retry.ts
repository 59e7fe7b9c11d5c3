import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@docent/core/errors';
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';

/** After the first try. */
const MAX_RETRIES = 2;
/** Full jitter: a random wait up to 0.5 s, then up to 1 s. */
const BASE_DELAY_MS = 500;

/**
 * The one place that tries a model again: at most twice, for 408, 409, 429, 5xx and lost connections, after a
 * random wait or what the provider's Retry-After says, and only if that ends before the deadline.
 *
 * @param attempt one try; its signal aborts at the deadline and when the caller's signal does
 * @throws AppError `model_unavailable`, `model_rate_limited`, `model_timeout`; the caller's abort as it is
 */
export async function retrying<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  options: { readonly deadline: Deadline; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  const { deadline } = options;
  const signal = options.signal
    ? AbortSignal.any([options.signal, deadline.signal])
    : deadline.signal;
  for (let retries = 0; ; retries += 1) {
    try {
      signal.throwIfAborted();
      return await attempt(signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      const failure = failureOf(error, deadline);
      const waitMs = failure.retryAfterMs ?? Math.random() * BASE_DELAY_MS * 2 ** retries;
      if (!failure.retryable || retries >= MAX_RETRIES || waitMs >= deadline.remainingMs()) {
        throw failure.error;
      }
      await pause(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}

export interface Deadline {
  readonly signal: AbortSignal;
  remainingMs(): number;
}

export function deadlineIn(timeoutMs: number): Deadline {
  const end = performance.now() + timeoutMs;
  return {
    signal: AbortSignal.timeout(timeoutMs),
    remainingMs: () => Math.max(0, end - performance.now()),
  };
}

/**
 * What a failed call is to us. The cause carries status and code only: a provider's message may quote the
 * key or the prompt.
 */
export function failureOf(
  error: unknown,
  deadline: Deadline,
): { readonly error: AppError; readonly retryable: boolean; readonly retryAfterMs?: number } {
  if (error instanceof AppError) return { error, retryable: false };
  if (deadline.signal.aborted) return { error: timedOut('in time', error), retryable: false };
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) {
    return { error: timedOut('in time', error), retryable: true };
  }
  const status = error instanceof APIError ? error.status : undefined;
  if (!(error instanceof APIError) || status === undefined) {
    return { error: unavailable('The model cannot be reached.', error), retryable: true };
  }
  const retryAfterMs = retryAfterOf(error.headers);
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) {
    // A used-up quota does not come back within an answer.
    const retryable = error.code !== 'insufficient_quota';
    return { error: rateLimited(error, retryAfterMs), retryable, ...after };
  }
  if (status === 408 || status === 409 || status >= 500) {
    return {
      error: unavailable(`The model answered with HTTP ${status}.`, error),
      retryable: true,
      ...after,
    };
  }
  return {
    error: unavailable(
      REFUSALS[status] ?? `The model refused the request (HTTP ${status}).`,
      error,
    ),
    retryable: false,
  };
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'The model provider does not accept the configured key.',
  403: 'The model provider does not allow this with the configured key.',
  404: 'The model provider does not know the configured model or address.',
};

export function timedOut(what: string, cause?: unknown): AppError {
  return new AppError('model_timeout', `The model did not answer ${what}.`, { cause: bare(cause) });
}

export function unavailable(message: string, cause?: unknown): AppError {
  const status = cause instanceof APIError && cause.status ? { status: cause.status } : {};
  return new AppError('model_unavailable', message, { details: status, cause: bare(cause) });
}

function rateLimited(cause: APIError, retryAfterMs: number | undefined): AppError {
  return new AppError('model_rate_limited', 'The model provider limits our requests.', {
    details:
      retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) },
    cause: bare(cause),
  });
}

/** The kind of an error without anything that the provider or our request said. */
function bare(cause: unknown): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  const facts = cause instanceof APIError ? [cause.status, cause.code, cause.type] : [];
  return new Error([cause.constructor.name, ...facts.filter(Boolean)].join(' '));
}

/** Seconds or an HTTP date; undefined when absent or not understood. Never negative. */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const precise = headers?.get('retry-after-ms');
  if (precise && Number.isFinite(Number(precise))) return Math.max(0, Number(precise));
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
