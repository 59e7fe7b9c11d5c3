import type { z } from 'zod';

/**
 * Answers kept for a while. A cache that cannot be reached is a cache that misses: no function here
 * rejects or waits longer than a fraction of a second because Redis is gone.
 */
export interface Cache {
  readonly kind: 'redis' | 'memory';
  /** The value stored under `key`, or null: never stored, expired, unreachable, or not what `schema` says. */
  get<T>(key: string, schema: z.ZodType<T>): Promise<T | null>;
  /** Stores a JSON value for `ttlSeconds` (1 or more); says nothing when it could not. */
  set(key: string, value: unknown, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Adds one to a counter, and gives it: 1 the first time and again `ttlSeconds` (1 or more) after that.
   * Null when it could not be counted.
   */
  increment(key: string, ttlSeconds: number): Promise<number | null>;
  /**
   * Takes `cost` units out of every bucket, or out of none when one of them has less. Null when it could not
   * be counted.
   */
  take(buckets: readonly Bucket[], cost: number): Promise<Taken | null>;
  readonly streams: EventLog;
  close(): Promise<void>;
}

/** Units that are used up and come back evenly: `perMinute` at once at most, and as many in a minute (GCRA). */
export interface Bucket {
  /** Of buckets that are taken from together, keys have the same `{…}` in them: one Redis node has them all. */
  readonly key: string;
  /** 1 to 1,000,000. */
  readonly perMinute: number;
}

export interface Taken {
  /** The first bucket that had too little; null: all had enough. */
  readonly refused: number | null;
  /** Milliseconds until it will have enough; 0 when nothing was refused. */
  readonly retryAfterMs: number;
  /** What is in each bucket now, in whole units, and the milliseconds until it is full. */
  readonly left: readonly { readonly units: number; readonly fullInMs: number }[];
}

/** An event of a running answer. Ids are whole numbers from 1 as text, each larger than the one before. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/**
 * The events of running answers, kept so that a reader who lost the connection can come back, also to
 * another process when Redis is there.
 */
export interface EventLog {
  /**
   * Adds an event. The process that appends is the only writer of `key`.
   *
   * @param options.ttlSeconds how long the whole stream is kept after this event
   * @param options.last this event ends the stream; nothing may follow
   */
  append(
    key: string,
    event: StreamEvent,
    options: { ttlSeconds: number; last?: boolean },
  ): Promise<void>;
  /**
   * The stored events after `afterId` (null: from the start), then live ones as they come. Ends after
   * the last event of the stream, or quietly when the signal aborts.
   *
   * @throws AppError `stream_interrupted` when the stream is not there, expired, or out of reach for 5 s.
   */
  read(
    key: string,
    afterId: string | null,
    options: { signal: AbortSignal },
  ): AsyncIterable<StreamEvent>;
  exists(key: string): Promise<boolean>;
  /** Asks the writer of `key`, wherever it runs, to stop. Remembered for a minute. */
  requestStop(key: string): Promise<void>;
  /** Calls back once when a stop is asked for, at once if it already was. Returns how to stop listening. */
  onStop(key: string, callback: () => void): () => void;
}
