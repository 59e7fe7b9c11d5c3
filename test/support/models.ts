import { setTimeout as pause } from 'node:timers/promises';
import { terms } from '@docent/core/text';
import type { ChatModel, ChatPart, ChatTurn, Embedder } from '@docent/models/interfaces';

/**
 * A deterministic embedder: a hashed bag of words, unit length, so that texts that share words are near.
 * `batches` records the texts of every call.
 */
export function fakeEmbedder(
  options: { dimensions?: number; id?: string; maxBatch?: number } = {},
): Embedder & { readonly batches: readonly (readonly string[])[] } {
  const dimensions = options.dimensions ?? 64;
  const batches: (readonly string[])[] = [];
  return {
    id: options.id ?? `fake:bag-of-words:${dimensions}`,
    dimensions,
    maxBatch: options.maxBatch ?? 32,
    batches,
    embed: async (texts, { signal } = {}) => {
      signal?.throwIfAborted();
      batches.push([...texts]);
      return texts.map((text) => bagOfWords(text, dimensions));
    },
    close: async () => {},
  };
}

/** A text as a unit vector: every term adds to two hashed places; a text without words is the first axis. */
export function bagOfWords(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const term of terms(text)) {
    const hash = hashOf(term);
    add(vector, hash % dimensions, 1);
    add(vector, (hash >>> 11) % dimensions, hash & 1 ? 0.5 : -0.5);
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  return length === 0 ? vector : vector.map((value) => value / length);
}

function add(vector: Float32Array, index: number, value: number): void {
  vector[index] = (vector[index] ?? 0) + value;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * What a scripted model does in order: a string is written, `{ usage }` reported, `{ waitMs }` waited (an abort
 * ends the wait), an Error thrown at that place.
 */
export type ScriptStep =
  | string
  | Error
  | { readonly waitMs: number }
  | { readonly usage: { readonly promptTokens: number; readonly completionTokens: number } };

export type Script =
  | readonly ScriptStep[]
  | ((turns: readonly ChatTurn[]) => readonly ScriptStep[]);

/** A chat model that follows a script; a reply given as one string is streamed word by word. */
export function scriptedChatModel(
  script: Script,
  options: { id?: string } = {},
): ChatModel & {
  readonly calls: readonly { readonly turns: readonly ChatTurn[]; readonly signal: AbortSignal }[];
} {
  const calls: { turns: readonly ChatTurn[]; signal: AbortSignal }[] = [];
  return {
    id: options.id ?? 'fake:scripted',
    calls,
    async *stream(turns, { signal }): AsyncIterable<ChatPart> {
      calls.push({ turns, signal });
      for (const step of typeof script === 'function' ? script(turns) : script) {
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        if (typeof step === 'string') {
          for (const text of step.match(/\S+\s*|\s+/g) ?? []) {
            signal.throwIfAborted();
            yield { type: 'text', text };
          }
        } else if ('waitMs' in step) await pause(step.waitMs, undefined, { signal });
        else yield { type: 'usage', ...step.usage };
      }
    },
  };
}
