import { AppError, type ErrorCode } from '@docent/core/errors';
import { openStream, type StreamEvent } from '@docent/http/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Chat, Following, NumberedEvent } from './chat.ts';
import { errorEvent } from './finish.ts';
import { uiStreamOf } from './uiStream.ts';

/** How the events of an answer are written to the wire. */
export type Encoding = 'events' | 'ui';

/** What asks for the AI SDK's UI message stream: a parameter of `text/event-stream`. */
export const UI_STREAM_TYPE = 'text/event-stream; protocol=ui-message-stream';

/** The encoding that an Accept header asks for. */
export function encodingOf(accept = ''): Encoding {
  return /\btext\/event-stream\s*;\s*protocol="?ui-message-stream\b/i.test(accept)
    ? 'ui'
    : 'events';
}

/** Whoever names JSON and no event stream; everybody else gets the stream. */
export function wantsJson(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept);
}

/**
 * Follows an answer and sends its events as they come, the last one always `done` or `error`. When the process
 * stops, an answer that it writes itself ends first; the reader of another one is told to come back.
 *
 * @param afterId the last event that was seen, in the encoding's own ids; null: from the start.
 * @returns false, and nothing is sent, when that was the end.
 * @throws AppError `not_found`.
 */
export async function sendAnswer(
  chat: Chat,
  { streamId, encoding, afterId }: { streamId: string; encoding: Encoding; afterId: string | null },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  // The parts of the UI stream depend on all that came before.
  const from = encoding === 'ui' ? null : (afterId?.split('.')[0] ?? null);
  const following = await chat.follow(request.principal, streamId, from, request.signal);
  const encode = (events: AsyncIterable<NumberedEvent>): AsyncGenerator<StreamEvent> =>
    encoding === 'ui' ? uiEvents(events, afterId) : ownEvents(events);
  if (following.ended) {
    const first = await encode(following.events).next();
    if (first.done) return false;
  }
  if (encoding === 'ui') reply.header('x-vercel-ai-ui-message-stream', 'v1');
  await pump(chat, streamId, following, encode, request, reply);
  return true;
}

async function* ownEvents(events: AsyncIterable<NumberedEvent>): AsyncGenerator<StreamEvent> {
  for await (const { id, event } of events) {
    yield { ...(id === null ? {} : { id }), event: event.type, data: event };
  }
}

async function* uiEvents(
  events: AsyncIterable<NumberedEvent>,
  afterId: string | null,
): AsyncGenerator<StreamEvent> {
  for await (const { id, chunk } of uiStreamOf(events, afterId)) {
    const numbered = id === null ? {} : { id };
    yield chunk === '[DONE]' ? { ...numbered, text: chunk } : { ...numbered, data: chunk };
  }
}

async function pump(
  chat: Chat,
  streamId: string,
  { events }: Following,
  encode: (events: AsyncIterable<NumberedEvent>) => AsyncIterable<StreamEvent>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const stream = openStream(request, reply);
  const ended = Promise.withResolvers<void>();
  const stopping = Promise.withResolvers<'stopping'>();
  stream.onShutdown(async () => {
    if (chat.isWriting(streamId)) await chat.close();
    else stopping.resolve('stopping');
    await ended.promise;
  });
  const onError = (error: unknown) =>
    request.log.error({ err: error, streamId }, 'an event stream broke');
  try {
    const whole = withEnd(events, stream.signal, stopping.promise, onError);
    for await (const event of encode(whole)) await stream.send(event);
  } finally {
    ended.resolve();
    await stream.end();
  }
}

/** The events up to `done` or `error`; where they break off before, one that says so. */
async function* withEnd(
  following: AsyncIterable<NumberedEvent>,
  signal: AbortSignal,
  stopping: Promise<'stopping'>,
  onError: (error: unknown) => void,
): AsyncGenerator<NumberedEvent> {
  const events = following[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([events.next(), stopping]);
      if (next === 'stopping') {
        yield farewell('shutting_down', CUT);
        return;
      }
      if (next.done) {
        if (!signal.aborted) yield farewell('stream_interrupted', CUT);
        return;
      }
      yield next.value;
      const { type } = next.value.event;
      if (type === 'done' || type === 'error') return;
    }
  } catch (error) {
    onError(error);
    const known = error instanceof AppError;
    const detail = known ? error.message : 'The stream broke; read it again.';
    yield farewell(known ? error.code : 'stream_interrupted', detail);
  } finally {
    // Not awaited: it may be waiting for an event that never comes.
    events.return?.().catch(() => {});
  }
}

const CUT = 'The stream was cut off; read on from the last event.';

/** Without an id of its own: whoever comes back asks for what followed the last real event. */
function farewell(code: ErrorCode, detail: string): NumberedEvent {
  return { id: null, event: errorEvent(code, detail, true) };
}
