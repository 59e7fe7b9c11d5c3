import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { DocentError, errorOf } from './error.ts';

export interface ClientOptions {
  /** Address of the service, with or without a path: `http://localhost:3000`. */
  readonly url: string;
  /** API key. */
  readonly key: string;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
  /** Further tries of a call that may be repeated, 0 or more; default 2. */
  readonly retries?: number;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Values that are undefined are left out; a list becomes a parameter per value. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** A POST that changes nothing, so that it may be repeated without an Idempotency-Key. */
  readonly safe?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Transport {
  /** The answer's body, checked. @throws DocentError */
  json<T extends z.ZodType>(schema: T, request: ApiRequest): Promise<z.output<T>>;
  /** Any answer below 400; its body is the caller's to read or cancel. @throws DocentError */
  open(request: ApiRequest): Promise<Response>;
}

/** Longest pause before another try, milliseconds: a longer Retry-After is the caller's decision. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Calls over HTTP. GET, PUT and DELETE, POSTs that are safe and POSTs with an Idempotency-Key are
 * tried again after a lost connection and after 429, 502, 503 and 504, with growing pauses or as
 * long as Retry-After says; nothing else is.
 */
export function createTransport(options: ClientOptions): Transport {
  const { retries = 2, fetch: send = fetch } = options;
  const base = options.url.replace(/\/+$/, '');

  return { json, open };

  async function json<T extends z.ZodType>(schema: T, request: ApiRequest): Promise<z.output<T>> {
    const response = await open(request);
    const body: unknown = await response.json().catch(() => undefined);
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    const detail = `The answer to ${request.method} ${request.path} is not what this client expects.`;
    const requestId = response.headers.get('x-request-id');
    throw new DocentError(
      { code: 'unexpected_answer', status: response.status, detail, requestId },
      { cause: result.error },
    );
  }

  async function open(request: ApiRequest): Promise<Response> {
    const tries = mayRepeat(request) ? retries : 0;
    for (let attempt = 0; ; attempt++) {
      const outcome = await attemptOnce(request);
      if (outcome instanceof Response) return outcome;
      const pauseMs = outcome.retryAfterMs ?? 250 * 2 ** attempt * (0.5 + Math.random());
      if (attempt >= tries || !outcome.transient || pauseMs > LONGEST_PAUSE_MS) throw outcome.error;
      await sleep(pauseMs, undefined, request.signal ? { signal: request.signal } : {});
    }
  }

  async function attemptOnce(request: ApiRequest): Promise<Response | Failure> {
    const { method, json: body, form, signal } = request;
    const headers = new Headers({ authorization: `Bearer ${options.key}`, ...request.headers });
    if (!headers.has('accept')) headers.set('accept', 'application/json');
    if (body !== undefined) headers.set('content-type', 'application/json');
    let response: Response;
    try {
      response = await send(addressOf(request), {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(form === undefined ? {} : { body: form }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      // What the caller aborted is the caller's, not a failure of the service.
      signal?.throwIfAborted();
      return { error: unreachable(base, cause), transient: true, retryAfterMs: null };
    }
    if (response.status < 400) return response;
    const error = await errorOf(response);
    const transient =
      [429, 502, 503, 504].includes(error.status) || error.code === 'idempotency_key_in_flight';
    return { error, transient, retryAfterMs: retryAfterMs(response) };
  }

  function addressOf({ path, query = {} }: ApiRequest): URL {
    const address = new URL(base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) {
        address.searchParams.append(name, String(one));
      }
    }
    return address;
  }
}

interface Failure {
  readonly error: DocentError;
  readonly transient: boolean;
  readonly retryAfterMs: number | null;
}

function mayRepeat({ method, headers, safe }: ApiRequest): boolean {
  if (method === 'POST') return safe === true || headers?.['idempotency-key'] !== undefined;
  return method !== 'PATCH';
}

function unreachable(url: string, cause: unknown): DocentError {
  const detail = `${url} cannot be reached${reasonOf(cause)}.`;
  return new DocentError({ code: 'unreachable', status: 0, detail }, { cause });
}

/** What the system said, such as ECONNREFUSED: fetch itself says "fetch failed" only. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = error.cause instanceof Error ? error.cause : error;
  return 'code' in inner ? ` (${String(inner.code)})` : '';
}

/** `Retry-After` in milliseconds; both of its forms: seconds and a date. */
function retryAfterMs(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
