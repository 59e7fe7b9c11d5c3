import { ApiProblem, problemOf } from '../../api/problem.ts';
import type { Session } from '../../session/session.tsx';

/** A form with a file in it, on its way. */
export interface Transfer {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly form: FormData;
  readonly idempotencyKey?: string;
  /** Share that is there, 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends a file. `fetch` does not tell how far an upload is, hence XMLHttpRequest.
 * @throws ApiProblem; an `AbortError` when `signal` says so.
 */
export async function transfer<T>(
  { token, renew }: Pick<Session, 'token' | 'renew'>,
  what: Transfer,
): Promise<T> {
  let response = await send(token(), what);
  if (response.status === 401) {
    const renewed = await renew();
    if (renewed !== null) response = await send(renewed, what);
  }
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

function send(bearer: string | null, what: Transfer): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = what;
    const request = new XMLHttpRequest();
    request.open(what.method, what.path);
    if (bearer !== null) request.setRequestHeader('authorization', `Bearer ${bearer}`);
    if (what.idempotencyKey !== undefined) {
      request.setRequestHeader('idempotency-key', what.idempotencyKey);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) what.onProgress(loaded / total);
    };
    request.onload = () => {
      const requestId = request.getResponseHeader('x-request-id');
      const headers = new Headers(requestId === null ? {} : { 'x-request-id': requestId });
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () =>
      reject(
        new ApiProblem('The connection broke off. Nothing of this file has been taken in.', {
          status: 0,
          code: 'network',
        }),
      );
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) request.abort();
    else request.send(what.form);
  });
}
