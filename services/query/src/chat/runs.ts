import type { Cache } from '@docent/cache/interfaces';
import type { ChatEvent } from '@docent/contracts/chat';
import { AppError } from '@docent/core/errors';
import { z } from 'zod';
import { type Answer, Stopped } from './answer.ts';
import type { AnswerTask } from './draft.ts';
import { type ChatLog, errorEvent } from './finish.ts';
import type { ChatSettings } from './settings.ts';

/** Answers that are being written in this process, detached from the requests that asked for them. */
export interface Runs {
  /** Starts an answer. Resolves when its first event can be read. */
  start(task: AnswerTask): Promise<void>;
  /** Whether an answer is written by this process. */
  has(streamId: string): boolean;
  /** Says that somebody reads an answer, until the returned function is called. */
  reading(streamId: string): () => void;
  /** Lets running answers end, aborts what still runs after the time for it, waits for all. */
  close(): Promise<void>;
}

/** The key of an answer's events. */
export function streamKey(streamId: string): string {
  return `chat:${streamId}`;
}

interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * @param answer writes an answer; ends each with exactly one terminal event.
 * @param closing aborted by `close` once the time for a quiet end is over.
 */
export function makeRuns({
  answer,
  cache,
  settings,
  log,
  closing,
}: {
  answer: Answer;
  cache: Cache;
  settings: ChatSettings;
  log: ChatLog;
  closing: AbortController;
}): Runs {
  const running = new Map<string, Run>();
  const readers = makeReaders(cache, settings.STREAM_GRACE_SECONDS * 1_000);
  let closed: Promise<void> | undefined;

  return {
    has: (streamId) => running.has(streamId),
    reading: (streamId) => readers.enter(streamId),
    async start(task) {
      const { streamId } = task;
      if (closed !== undefined)
        throw new AppError('shutting_down', 'The service is stopping; ask again.');
      const abort = new AbortController();
      const offStop = cache.streams.onStop(streamKey(streamId), () =>
        abort.abort(new Stopped('Somebody asked to stop.')),
      );
      const offWatch = readers.watch(streamId, () =>
        abort.abort(new Stopped('Nobody is reading any more.')),
      );
      const begun = Promise.withResolvers<void>();
      const ended = write(task, abort.signal, begun.resolve).finally(() => {
        offStop();
        offWatch();
        running.delete(streamId);
        begun.resolve();
      });
      running.set(streamId, { abort, ended });
      await begun.promise;
    },
    close() {
      closed ??= drain();
      return closed;
    },
  };

  /** Numbers the events of an answer from 1 and adds them to its log. */
  async function write(task: AnswerTask, signal: AbortSignal, begun: () => void): Promise<void> {
    const key = streamKey(task.streamId);
    let count = 0;
    let over = false;
    const emit = async (event: ChatEvent) => {
      if (over) throw new Error(`${event.type} came after the end of stream ${task.streamId}`);
      over = event.type === 'done' || event.type === 'error';
      count += 1;
      const line = { id: String(count), data: JSON.stringify(event) };
      await cache.streams.append(key, line, {
        ttlSeconds: settings.STREAM_KEPT_SECONDS,
        last: over,
      });
      begun();
    };
    try {
      await answer(task, emit, signal);
    } catch (error) {
      log.error({ err: error, streamId: task.streamId }, 'an answer broke');
    }
    if (over) return;
    await emit(errorEvent('internal_error', 'The answer could not be finished.', count > 1));
  }

  async function drain(): Promise<void> {
    const all = Promise.all([...running.values()].map(({ ended }) => ended));
    const time = Promise.withResolvers<void>();
    const timer = setTimeout(time.resolve, settings.STREAM_DRAIN_SECONDS * 1_000);
    await Promise.race([all, time.promise]);
    clearTimeout(timer);
    const reason = new AppError('shutting_down', 'The service stopped before the answer was done.');
    for (const { abort } of running.values()) abort.abort(reason);
    closing.abort(reason);
    await all;
    readers.close();
  }
}

const Present = z.literal(true);

/**
 * Who reads which answer. Readers on another process are known by a key in the cache that they keep
 * alive; readers here by a count.
 */
function makeReaders(cache: Cache, graceMs: number) {
  const counts = new Map<string, { count: number; beat: NodeJS.Timeout }>();
  const tickMs = Math.max(10, Math.min(5_000, graceMs / 4));
  const keyOf = (streamId: string) => `chat-reader:${streamId}`;
  const beat = (streamId: string) =>
    cache.set(keyOf(streamId), true, Math.max(1, Math.ceil((3 * tickMs) / 1_000)));

  return {
    enter(streamId: string): () => void {
      const here = counts.get(streamId) ?? {
        count: 0,
        beat: setInterval(() => void beat(streamId), tickMs).unref(),
      };
      counts.set(streamId, here);
      here.count += 1;
      if (here.count === 1) void beat(streamId);
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        here.count -= 1;
        if (here.count > 0) return;
        clearInterval(here.beat);
        counts.delete(streamId);
        void cache.delete(keyOf(streamId));
      };
    },

    /** Calls `onAbandoned` when nobody read for the grace time. @returns how to stop watching. */
    watch(streamId: string, onAbandoned: () => void): () => void {
      let seenAt = performance.now();
      const timer = setInterval(async () => {
        const present = counts.has(streamId) || (await cache.get(keyOf(streamId), Present));
        if (present) seenAt = performance.now();
        else if (performance.now() - seenAt >= graceMs) onAbandoned();
      }, tickMs);
      timer.unref();
      return () => clearInterval(timer);
    },

    close(): void {
      for (const here of counts.values()) clearInterval(here.beat);
      counts.clear();
    },
  };
}
