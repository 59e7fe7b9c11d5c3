/** What the API answers instead of what was asked for (RFC 9457), as a sentence for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** From the API's list at /docs/errors; `network` when nothing answered. */
  readonly code: string;
  /** To be told to whoever looks after Docent. */
  readonly requestId: string | null;
  /** What is wrong with which field, when the API says so. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  constructor(
    message: string,
    about: {
      status: number;
      code: string;
      requestId?: string | null;
      fields?: ApiProblem['fields'];
      cause?: unknown;
    },
  ) {
    super(message, { cause: about.cause });
    this.status = about.status;
    this.code = about.code;
    this.requestId = about.requestId ?? null;
    this.fields = about.fields ?? [];
  }
}

/** The problem that a response tells. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id');
  const body: unknown = await response.json().catch(() => null);
  const told = typeof body === 'object' && body !== null ? body : {};
  const text = (name: string) => {
    const value: unknown = Reflect.get(told, name);
    return typeof value === 'string' ? value : undefined;
  };
  const sentence =
    text('detail') ?? text('title') ?? `The server answered with ${response.status}.`;
  return new ApiProblem(sentence, {
    status: response.status,
    code: text('code') ?? 'unknown',
    requestId,
    fields: fieldsOf(Reflect.get(told, 'errors')),
  });
}

/** What to tell people of any failure. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return 'Something went wrong.';
}

function fieldsOf(errors: unknown): ApiProblem['fields'] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    if (typeof error !== 'object' || error === null) return [];
    const path: unknown = Reflect.get(error, 'path');
    const message: unknown = Reflect.get(error, 'message');
    if (typeof message !== 'string') return [];
    return [{ path: Array.isArray(path) ? path.join('.') : String(path ?? ''), message }];
  });
}
