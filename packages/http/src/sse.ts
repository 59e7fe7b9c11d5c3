import { AppError } from '@docent/core/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type StreamEvent = {
  /** What `Last-Event-ID` brings back: no line break, no NUL. */
  readonly id?: string;
  readonly event?: string;
} & (
  | {
      /** What JSON can carry; always sent as one line of JSON. */
      readonly data: unknown;
    }
  | {
      /** One line that is sent as it is, such as the `[DONE]` of some protocols. */
      readonly text: string;
    }
);

export interface EventStream {
  /** Aborted when the reader is gone or too slow: nothing that is sent after that goes anywhere. */
  readonly signal: AbortSignal;
  /** Resolves when the reader may get the next one. Does nothing once the stream is over. */
  send(event: StreamEvent): Promise<void>;
  /** Ends the stream after what was sent. */
  end(): Promise<void>;
  /** Called once when the process is asked to stop: send the terminal event; `end` follows. */
  onShutdown(farewell: () => void | Promise<void>): void;
}

/** Streams that are open in an app; stopping it says farewell to each of them. */
export interface OpenStreams {
  add(stream: { stop(): Promise<void> }): void;
  delete(stream: { stop(): Promise<void> }): void;
  readonly size: number;
  /** The app is stopping: a stream that opens now ends as soon as it has its farewell. */
  readonly stopping: boolean;
  stopAll(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly openStreams: OpenStreams;
  }
}

/** A reader that takes nothing for this long is dropped: its events would pile up in memory. */
const SLOW_READER_MS = 30_000;

/**
 * One event in the wire format of server-sent events (WHATWG HTML, 9.2).
 *
 * JSON has no raw line break, so whatever text the data holds stays one line and one event.
 *
 * @throws RangeError when id, event or text holds a character that would end its line, and TypeError for
 *   data that JSON cannot carry.
 */
export function encodeEvent({ id, event, ...content }: StreamEvent): string {
  let text = '';
  if (id !== undefined) text += `id: ${line('id', id)}\n`;
  if (event !== undefined) text += `event: ${line('event', event)}\n`;
  if ('text' in content) return `${text}data: ${line('text', content.text)}\n\n`;
  const json = JSON.stringify(content.data);
  if (json === undefined) throw new TypeError('an event needs data that JSON can carry');
  return `${text}data: ${json}\n\n`;
}

/**
 * Answers with a stream of events. The handler returns `reply` (or nothing) and owns the stream:
 * every way through it ends in `end()`.
 *
 * @param heartbeatMs pause after which a comment keeps proxies from closing the connection.
 */
export function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { heartbeatMs = 15_000, slowReaderMs = SLOW_READER_MS } = {},
): EventStream {
  if (request.method === 'HEAD') {
    throw new AppError('method_not_allowed', 'An event stream is read with GET or POST.');
  }
  const { raw } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Tells nginx and those like it not to collect events before passing them on.
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();

  const { openStreams } = request.server;
  const farewells: (() => void | Promise<void>)[] = [];
  let sending = Promise.resolve();
  const tracked = { stop };
  const heartbeat = setInterval(() => {
    if (isOpen() && !raw.writableNeedDrain) raw.write(':\n\n');
  }, heartbeatMs);
  heartbeat.unref();
  openStreams.add(tracked);
  raw.once('close', () => {
    clearInterval(heartbeat);
    openStreams.delete(tracked);
  });

  return {
    signal: request.signal,
    send(event) {
      const text = encodeEvent(event);
      // One after another: callers that do not wait still cannot overfill a slow reader's buffer.
      sending = sending.then(() => write(text));
      return sending;
    },
    end,
    onShutdown(farewell) {
      farewells.push(farewell);
      if (openStreams.stopping) setImmediate(() => void stop());
    },
  };

  function isOpen(): boolean {
    return !raw.destroyed && !raw.writableEnded;
  }

  async function write(text: string): Promise<void> {
    if (!isOpen() || raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        request.log.warn({ slowReaderMs }, 'closed a stream whose reader is too slow');
        raw.destroy();
      }, slowReaderMs);
      const done = () => {
        clearTimeout(timer);
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.once('drain', done).once('close', done);
    });
  }

  async function end(): Promise<void> {
    await sending;
    if (!isOpen()) return;
    clearInterval(heartbeat);
    await new Promise<void>((resolve) => {
      raw.once('close', resolve);
      raw.end(resolve);
    });
  }

  async function stop(): Promise<void> {
    try {
      for (const farewell of farewells.splice(0)) await farewell();
    } catch (error) {
      request.log.error({ err: error }, 'a stream could not send its last event');
    } finally {
      await end();
    }
  }
}

/** The set of streams that an app has open. */
export function createOpenStreams(): OpenStreams {
  const open = new Set<{ stop(): Promise<void> }>();
  let stopping = false;
  return {
    add: (stream) => void open.add(stream),
    delete: (stream) => void open.delete(stream),
    get size() {
      return open.size;
    },
    get stopping() {
      return stopping;
    },
    async stopAll() {
      stopping = true;
      await Promise.all([...open].map((stream) => stream.stop()));
    },
  };
}

function line(field: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new RangeError(`the ${field} of an event must be one line`);
  return value;
}
