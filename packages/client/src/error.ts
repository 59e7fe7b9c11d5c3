import { Problem } from '@docent/contracts/common';

/** Codes of failures that no server told of. */
export type ClientErrorCode = 'unreachable' | 'unexpected_answer' | 'stream_interrupted';

/**
 * A call that did not give what it was asked for. Switch on `code`: one of the service's problem
 * codes (its page `/docs/errors` lists them) or a `ClientErrorCode`; `detail` is for people.
 */
export class DocentError extends Error {
  override name = 'DocentError';
  readonly code: string;
  /** HTTP status, 400 to 599; 0 when no answer came. */
  readonly status: number;
  readonly detail: string;
  /** To find the request in the service's log; null when no answer came. */
  readonly requestId: string | null;
  /** The whole problem body with its extension members; null when the answer was not a problem. */
  readonly problem: Problem | null;

  constructor(
    failure: { code: string; status: number; detail: string; requestId?: string | null },
    options: { cause?: unknown; problem?: Problem } = {},
  ) {
    super(failure.detail, { cause: options.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.detail = failure.detail;
    this.requestId = failure.requestId ?? null;
    this.problem = options.problem ?? null;
  }
}

/** The failure that a response with a status of 400 or more tells of. */
export async function errorOf(response: Response): Promise<DocentError> {
  const { status } = response;
  const requestId = response.headers.get('x-request-id');
  const problem = Problem.safeParse(await readJson(response));
  if (problem.success) return problemError(problem.data);
  // A gateway's own error page, or a server that is not Docent.
  const detail = `The server answered ${status} ${response.statusText}`.trimEnd();
  return new DocentError({ code: 'unexpected_answer', status, detail: `${detail}.`, requestId });
}

/** The failure that a problem tells of: the body of a response, or the last event of a stream. */
export function problemError(body: unknown): DocentError {
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    const detail = 'The service told of a failure in a way that this client does not know.';
    return new DocentError({ code: 'unexpected_answer', status: 0, detail });
  }
  const { code, status, detail, requestId = null } = problem.data;
  return new DocentError({ code, status, detail, requestId }, { problem: problem.data });
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
