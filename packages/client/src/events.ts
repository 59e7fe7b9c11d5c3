import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { DocentError } from './error.ts';

export interface ServerEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: unknown;
}

/** Tries without a new event before a lost stream is given up; pauses grow from a quarter second. */
const TRIES_TO_RESUME = 5;

/**
 * The events of a stream in order, each once, over as many connections as it takes: when one breaks
 * before the terminal event, `resume` opens the next from the last event seen.
 *
 * @param resume opens the stream after the event with this id; null: cannot be resumed (yet).
 * @throws DocentError `stream_interrupted` when the connection is lost for good.
 */
export async function* followEvents(
  first: Response,
  options: {
    isTerminal: (event: ServerEvent) => boolean;
    resume: (lastEventId: string | null) => Promise<Response> | null;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<ServerEvent, void, undefined> {
  let response: Response | null = first;
  let lastEventId: string | null = null;
  let tries = 0;
  for (;;) {
    let cause: unknown;
    try {
      // No content: what was seen last was the end.
      if (response?.status === 204) return;
      if (response !== null) {
        for await (const event of readEvents(response)) {
          tries = 0;
          lastEventId = event.id ?? lastEventId;
          yield event;
          if (options.isTerminal(event)) return;
        }
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof DocentError) throw error;
      cause = error;
    }
    if (tries >= TRIES_TO_RESUME) throw interrupted(cause);
    if (tries > 0) {
      const wait = options.signal ? { signal: options.signal } : {};
      await sleep(250 * 2 ** (tries - 1), undefined, wait);
    }
    tries++;
    try {
      const opening = options.resume(lastEventId);
      if (opening === null) throw interrupted(cause);
      response = await opening;
    } catch (error) {
      // The service answered: what it said stands. No answer: try again.
      if (!(error instanceof DocentError) || error.code !== 'unreachable') throw error;
      response = null;
    }
  }
}

async function* readEvents(response: Response): AsyncGenerator<ServerEvent, void, undefined> {
  if (response.body === null) return;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  // Leaving the loop cancels the body, and with it the connection.
  for await (const { id, event, data } of events) {
    yield { id, name: event ?? 'message', data: parse(data) };
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    const detail = 'The stream holds an event that is not JSON.';
    throw new DocentError({ code: 'unexpected_answer', status: 200, detail }, { cause });
  }
}

function interrupted(cause: unknown): DocentError {
  const detail = 'The connection was lost before the end of the stream.';
  return new DocentError({ code: 'stream_interrupted', status: 0, detail }, { cause });
}
