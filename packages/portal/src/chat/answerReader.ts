import type { UiChunk } from '@docent/contracts/uiStream';
import type { Api } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { serverEvents } from './sse.ts';

/** What asks for the stream that this reads. */
const ACCEPT = 'text/event-stream; protocol=ui-message-stream';

/** Waits before the tries to reconnect, milliseconds; the last one repeats. */
const PAUSES_MS = [300, 1_000, 2_000, 4_000, 8_000];
/** Tries without a single part in between, after which the reader gives up: about a minute. */
const TRIES = 10;

export type Asking =
  | { readonly message: string; readonly conversationId?: string; readonly replaces?: string }
  /** An answer that was asked for before. */
  | { readonly streamId: string };

export interface ReaderOptions {
  readonly signal: AbortSignal;
  /** The connection was lost, or is there again. */
  readonly onConnection?: (connected: boolean) => void;
  /** Resolves when the next try may begin. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A part of an answer, with the request that carried it. */
export interface ReadPart {
  readonly chunk: UiChunk;
  readonly requestId: string | null;
}

/**
 * Asks and gives the parts of the answer, each once and in order, up to its `finish` or `error`, also when the
 * connection is lost on the way: then the rest is asked for after the last part that came.
 *
 * @throws ApiProblem what the API refuses, or `network` when it stays out of reach.
 */
export async function* readAnswer(
  api: Api,
  asking: Asking,
  { signal, onConnection = () => {}, pause = pauseFor }: ReaderOptions,
): AsyncGenerator<ReadPart> {
  let streamId = 'streamId' in asking ? asking.streamId : null;
  let lastId = '';
  let failures = 0;
  // A question that is sent again because its answer never came must be the same one.
  const idempotencyKey = crypto.randomUUID();
  for (;;) {
    let failure: unknown = null;
    try {
      const response = await connect();
      if (response.status === 204 || response.body === null) return;
      const requestId = response.headers.get('x-request-id');
      for await (const { id, data } of serverEvents(response.body)) {
        if (data === '[DONE]') return;
        const chunk: UiChunk = JSON.parse(data);
        if (isFarewell(chunk) && id === lastId) break;
        if (failures > 0) onConnection(true);
        failures = 0;
        lastId = id;
        if (chunk.type === 'data-meta') streamId = chunk.data.streamId;
        yield { chunk, requestId };
        if (chunk.type === 'finish' || chunk.type === 'error') return;
      }
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      failure = error;
    }
    signal.throwIfAborted();
    failures += 1;
    if (failures > TRIES) throw failure ?? unreachable();
    onConnection(false);
    await pause(PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? 0, signal);
  }

  function connect(): Promise<Response> {
    if (streamId !== null) {
      const headers = { accept: ACCEPT, ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      return api.request(`/v1/chat/streams/${streamId}`, { headers, signal });
    }
    return api.request('/v1/chat', {
      method: 'POST',
      headers: { accept: ACCEPT, 'content-type': 'application/json' },
      body: JSON.stringify(asking),
      idempotencyKey,
      signal,
    });
  }
}

/**
 * The service stops, or cannot read the stream just now: the answer goes on, and can be read from elsewhere. Such
 * a part has no id of its own; the end of an answer that failed for these reasons has one.
 */
function isFarewell(chunk: UiChunk): boolean {
  return (
    chunk.type === 'data-error' &&
    (chunk.data.code === 'stream_interrupted' || chunk.data.code === 'shutting_down')
  );
}

/** Whether trying again may help: the network, or the service for the moment. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { status, code } = error;
  return status === 0 || status === 429 || status >= 502 || code === 'idempotency_key_in_flight';
}

function unreachable(): ApiProblem {
  return new ApiProblem('Docent cannot be reached. Check the connection and try again.', {
    status: 0,
    code: 'network',
  });
}

/** Ends early when the machine is online again. @throws the reason of the signal. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
  signal.throwIfAborted();
}
