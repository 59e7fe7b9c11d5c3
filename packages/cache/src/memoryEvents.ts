import { EventEmitter } from 'node:events';
import { AppError } from '@docent/core/errors';
import type { EventLog, StreamEvent } from './interfaces.ts';

/** How long a stop that nobody listens for yet is remembered. */
export const STOP_MEMORY_SECONDS = 60;

export interface LocalStream {
  readonly events: readonly StreamEvent[];
  readonly ended: boolean;
  readonly ttlSeconds: number;
}

/** The event log of one process; also what the Redis log keeps of the streams that it writes itself. */
export interface LocalEvents extends EventLog {
  stream(key: string): LocalStream | null;
  /** The streams of this process that are not expired. */
  keys(): string[];
}

interface Stored {
  events: StreamEvent[];
  ended: boolean;
  ttlSeconds: number;
  expiresAt: number;
  changed: EventEmitter;
}

/** Event log in this process. Expired streams are swept when a new one starts. */
export function memoryEvents(): LocalEvents {
  const streams = new Map<string, Stored>();
  const stops = new Map<string, number>();
  const listeners = new EventEmitter().setMaxListeners(0);

  const alive = (key: string): Stored | null => {
    const stored = streams.get(key);
    return stored && stored.expiresAt > performance.now() ? stored : null;
  };

  return {
    stream: alive,
    keys: () => [...streams.keys()].filter((key) => alive(key)),
    exists: async (key) => alive(key) !== null,

    append: async (key, event, { ttlSeconds, last = false }) => {
      let stored = alive(key);
      if (!stored) {
        sweep(streams);
        stored = {
          events: [],
          ended: false,
          ttlSeconds,
          expiresAt: 0,
          changed: new EventEmitter().setMaxListeners(0),
        };
        streams.set(key, stored);
      }
      const before = stored.events.at(-1);
      if (stored.ended || (before && Number(before.id) >= Number(event.id))) {
        throw new Error(`Event ${event.id} of stream ${key} comes after its end or out of order.`);
      }
      stored.events.push(event);
      stored.ended = last;
      stored.ttlSeconds = ttlSeconds;
      stored.expiresAt = performance.now() + ttlSeconds * 1000;
      stored.changed.emit('change');
    },

    async *read(key, afterId, { signal }) {
      let position: number | null = null;
      while (!signal.aborted) {
        const stored = alive(key);
        if (!stored) throw interrupted();
        position ??= firstAfter(stored.events, afterId);
        const event = stored.events[position];
        if (event) {
          position += 1;
          yield event;
        } else if (stored.ended) return;
        else await changeOf(stored, signal);
      }
    },

    requestStop: async (key) => {
      stops.set(key, performance.now() + STOP_MEMORY_SECONDS * 1000);
      for (const [stopped, until] of stops) if (until < performance.now()) stops.delete(stopped);
      listeners.emit(key);
    },

    onStop: (key, callback) => {
      if ((stops.get(key) ?? 0) > performance.now()) {
        callback();
        return () => {};
      }
      listeners.once(key, callback);
      return () => listeners.off(key, callback);
    },
  };
}

/** What a reader is told when the rest of a stream cannot come any more. */
export function interrupted(): AppError {
  return new AppError('stream_interrupted', 'The answer’s stream is not available any more.');
}

function sweep(streams: Map<string, Stored>): void {
  for (const [key, { expiresAt }] of streams) {
    if (expiresAt <= performance.now()) streams.delete(key);
  }
}

function firstAfter(events: readonly StreamEvent[], afterId: string | null): number {
  if (afterId === null) return 0;
  const index = events.findIndex(({ id }) => Number(id) > Number(afterId));
  return index === -1 ? events.length : index;
}

/** Resolves at the next event, when the stream expires, or when the signal aborts. */
function changeOf(stored: Stored, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(expiry);
      stored.changed.off('change', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const expiry = setTimeout(done, Math.ceil(stored.expiresAt - performance.now()));
    expiry.unref();
    stored.changed.once('change', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
