import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, StreamEvent } from './interfaces.ts';
import { interrupted, memoryEvents, STOP_MEMORY_SECONDS } from './memoryEvents.ts';
import type { RedisLink } from './redis.ts';

/** A reader on another process sees events, and a writer a stop, this much later at most. */
const POLL_MS = 100;
/** Events that Redis did not take are sent again after this time. */
const RETRY_MS = 1_000;
/** A reader waits this long for a Redis that went away. */
const PATIENCE_MS = 5_000;
/** More events than the longest answer has; older ones would be dropped. */
const MAX_EVENTS = 20_000;

/**
 * Event log in Redis. What this process writes is also kept in its memory, so that its own readers go on
 * when Redis goes away; what Redis missed is sent when it is back.
 */
export function redisEvents(link: RedisLink): EventLog & { close(): void } {
  const local = memoryEvents();
  const sent = new Map<string, number>();
  const flushing = new Map<string, Promise<void>>();
  const retries = new Map<string, NodeJS.Timeout>();
  const stops = watchStops(link);

  link.onReady(() => {
    for (const key of sent.keys()) void flush(key);
  });

  /** Sends the events that Redis does not have yet, in order, one flush of a stream after the other. */
  function flush(key: string): Promise<void> {
    const next = (flushing.get(key) ?? Promise.resolve()).then(() => sendRest(key));
    flushing.set(key, next);
    return next;
  }

  async function sendRest(key: string): Promise<void> {
    const stream = local.stream(key);
    if (!stream) return forget(key);
    const from = sent.get(key) ?? 0;
    const rest = stream.events.slice(from);
    if (rest.length === 0) return;
    const end = from + rest.length;
    const accepted = await link.run(async (redis) => {
      const pipeline = redis.pipeline();
      rest.forEach(({ id, data }, index) => {
        const last = stream.ended && from + index === stream.events.length - 1;
        const fields = last ? ['data', data, 'last', '1'] : ['data', data];
        pipeline.xadd(streamKey(key), 'MAXLEN', '~', MAX_EVENTS, `${id}-0`, ...fields);
      });
      pipeline.expire(streamKey(key), stream.ttlSeconds);
      const replies = (await pipeline.exec()) ?? [];
      // A command that timed out may have been executed: "equal or smaller" means it is there.
      const failed = replies.find(([error]) => error && !/equal or smaller/.test(error.message));
      if (failed?.[0]) throw failed[0];
      return true;
    });
    if (!accepted) return flushLater(key);
    sent.set(key, end);
    if (stream.ended && end === stream.events.length) forget(key);
  }

  /** A Redis that was slow and not gone says nothing when it is well again. */
  function flushLater(key: string): void {
    clearTimeout(retries.get(key));
    retries.set(key, setTimeout(() => void flush(key), RETRY_MS).unref());
  }

  function forget(key: string): void {
    sent.delete(key);
    flushing.delete(key);
    clearTimeout(retries.get(key));
    retries.delete(key);
  }

  return {
    append: async (key, event, options) => {
      await local.append(key, event, options);
      if (!sent.has(key)) {
        // Streams that expired while Redis was away will never be sent.
        for (const old of sent.keys()) if (!local.stream(old)) forget(old);
        sent.set(key, 0);
      }
      await flush(key);
    },
    read: (key, afterId, options) =>
      local.stream(key)
        ? local.read(key, afterId, options)
        : readRemote(link, key, afterId, options.signal),
    exists: async (key) =>
      local.stream(key) !== null || (await link.run((redis) => redis.exists(streamKey(key)))) === 1,
    requestStop: async (key) => {
      stops.here(key);
      await link.run((redis) => redis.set(stopKey(key), '1', 'EX', STOP_MEMORY_SECONDS));
    },
    onStop: stops.listen,
    close: () => {
      stops.close();
      for (const timer of retries.values()) clearTimeout(timer);
    },
  };
}

/** Polls: no connection is held per reader, and a lost Redis needs no special path. */
async function* readRemote(
  link: RedisLink,
  key: string,
  afterId: string | null,
  signal: AbortSignal,
): AsyncIterable<StreamEvent> {
  let position = afterId ?? '0';
  let unansweredSince: number | null = null;
  while (!signal.aborted) {
    const page = await link.run(async (redis) => {
      const entries = await redis.xrange(streamKey(key), `(${position}-0`, '+', 'COUNT', 500);
      return { entries, exists: entries.length > 0 || (await redis.exists(streamKey(key))) === 1 };
    });
    if (page) {
      unansweredSince = null;
      if (!page.exists) throw interrupted();
      for (const [entryId, [, data = '', mark]] of page.entries) {
        position = entryId.slice(0, entryId.indexOf('-'));
        yield { id: position, data };
        if (mark === 'last') return;
        if (signal.aborted) return;
      }
      // Nothing follows the last event: a reader that already has it is told that the stream ended.
      if (page.entries.length === 0 && (await endsAt(link, key, position))) return;
    } else {
      unansweredSince ??= performance.now();
      if (performance.now() - unansweredSince > PATIENCE_MS) throw interrupted();
    }
    if (!page?.entries.length) await pause(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

async function endsAt(link: RedisLink, key: string, position: string): Promise<boolean> {
  const newest = await link.run((redis) => redis.xrevrange(streamKey(key), '+', '-', 'COUNT', 1));
  const entry = newest?.[0];
  // By id: the last event may have come since the page before was read.
  return !!entry && entry[1].includes('last') && Number.parseInt(entry[0], 10) <= Number(position);
}

/** One look per interval for all running answers of this process; none when nothing runs. */
function watchStops(link: RedisLink) {
  const local = memoryEvents();
  const waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const keys = [...waiting.keys()];
    const marks = await link.run((redis) => redis.mget(keys.map(stopKey)));
    for (const [index, key] of keys.entries()) if (marks?.[index]) await local.requestStop(key);
    schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = waiting.size > 0 ? setTimeout(() => void look(), POLL_MS) : undefined;
    timer?.unref();
  };
  const leave = (key: string) => {
    const left = (waiting.get(key) ?? 1) - 1;
    if (left > 0) waiting.set(key, left);
    else waiting.delete(key);
  };

  return {
    here: (key: string) => void local.requestStop(key),
    listen: (key: string, callback: () => void) => {
      waiting.set(key, (waiting.get(key) ?? 0) + 1);
      let listening = true;
      const end = () => {
        if (listening) leave(key);
        listening = false;
      };
      const off = local.onStop(key, () => {
        end();
        callback();
      });
      if (!timer) schedule();
      return () => {
        end();
        off();
      };
    },
    close: () => {
      waiting.clear();
      clearTimeout(timer);
    },
  };
}

function streamKey(key: string): string {
  return `stream:${key}`;
}

function stopKey(key: string): string {
  return `stop:${key}`;
}
