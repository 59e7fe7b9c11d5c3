import { ApiProblem, problemOf } from './problem.ts';
import { saveFile } from './saveFile.ts';

/** How a request differs from a plain one. */
export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** ETag of what is changed: refused with `precondition_failed` when somebody changed it meanwhile. */
  readonly ifMatch?: string | undefined;
  /** The same key makes a repeated request do its work once. */
  readonly idempotencyKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page of a list, as all lists of the API have it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Docent's API with the rights of the person who signed in. */
export interface Api {
  /** The response as it is, for streams, files and headers. @throws ApiProblem when it is not a success. */
  request(path: string, init?: RequestInit & RequestOptions): Promise<Response>;
  /** @throws ApiProblem */
  get<T>(path: string, options?: RequestOptions): Promise<T>;
  /** JSON in, JSON out (undefined when there is no body). @throws ApiProblem */
  send<T = undefined>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<T>;
  /** Saves what the API answers as a file on the person's machine. @throws ApiProblem */
  download(path: string, fileName: string, options?: RequestOptions): Promise<void>;
}

/** Where the API is: the origin of the pages, unless told otherwise. */
export interface ApiOptions {
  readonly base?: string;
  /** The access token, or null when there is none; a promise of it where it must be fetched first. */
  readonly token: () => string | null | Promise<string | null>;
  /** A request was answered with 401: a new token to repeat it once with, or null to give up. */
  readonly renew: () => Promise<string | null>;
  /** What the page around is written in, `hu`; without, the browser says what the person reads. */
  readonly language?: () => string;
}

export function createApi({ base = '', token, renew, language }: ApiOptions): Api {
  return { request, get, send, download };

  async function request(
    path: string,
    { query, ifMatch, idempotencyKey, headers, ...init }: RequestInit & RequestOptions = {},
  ): Promise<Response> {
    const call = (bearer: string | null) => {
      const all = new Headers(headers);
      if (language !== undefined) all.set('accept-language', language());
      if (bearer !== null) all.set('authorization', `Bearer ${bearer}`);
      if (ifMatch !== undefined) all.set('if-match', ifMatch);
      if (idempotencyKey !== undefined) all.set('idempotency-key', idempotencyKey);
      return fetch(`${base}${path}${search(query)}`, { ...init, headers: all });
    };
    try {
      let response = await call(await token());
      if (response.status === 401) {
        const renewed = await renew();
        if (renewed !== null) response = await call(renewed);
      }
      if (!response.ok) throw await problemOf(response);
      return response;
    } catch (error) {
      if (error instanceof ApiProblem || init.signal?.aborted === true) throw error;
      throw new ApiProblem('Docent cannot be reached. Check the connection and try again.', {
        status: 0,
        code: 'network',
        cause: error,
      });
    }
  }

  async function get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await request(path, options);
    return response.json();
  }

  async function send<T = undefined>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<T> {
    const response = await request(path, {
      ...options,
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return JSON.parse(text === '' ? 'null' : text) ?? undefined;
  }

  async function download(path: string, fileName: string, options: RequestOptions = {}) {
    const response = await request(path, options);
    saveFile(await response.blob(), fileName);
  }
}

function search(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
