import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { terms } from '@docent/core/text';
import type { ChatModel, ChatPart, ChatTurn, Embedder } from '@docent/models/interfaces';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

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

/** What the stand-in does wrong with one request; without, it answers as a provider should. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string; readonly code?: string }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'slow first token'; readonly ms: number }
  /** Chat: the connection is closed, politely or not, after so many tokens. */
  | { readonly kind: 'cut'; readonly afterTokens: number; readonly politely?: boolean }
  | { readonly kind: 'stall'; readonly afterTokens: number }
  | { readonly kind: 'malformed event'; readonly afterTokens: number }
  | { readonly kind: 'no [DONE]' }
  /** Chat: every byte in a packet of its own. */
  | { readonly kind: 'single bytes' }
  | { readonly kind: 'finish'; readonly reason: 'length' | 'content_filter' }
  | { readonly kind: 'no usage' }
  /** Embeddings. `numbers`: not base64, as some servers do; no fault. */
  | {
      readonly kind:
        | 'wrong dimension'
        | 'NaN'
        | 'zero'
        | 'short batch'
        | 'twice'
        | 'not embeddings';
    }
  | { readonly kind: 'reordered' | 'numbers' };

/** A request as the stand-in received it. */
export interface ModelRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Resolves to true when the client closed the connection before the answer was complete. */
  readonly aborted: Promise<boolean>;
}

export interface ModelServer {
  /** With `/v1`: what OPENAI_BASE_URL takes. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** The next requests meet these faults, one each; null is none. */
  script(...faults: readonly (Fault | null)[]): void;
}

/**
 * An OpenAI-compatible provider on localhost, closed when the test ends: chat completions as a stream, one
 * word per token, and embeddings as bags of words. Not @copilotkit/aimock: that has neither silence,
 * stalls, broken vectors and split bytes nor a record of aborted requests.
 */
export async function modelServer(
  options: { reply?: string; dimensions?: number } = {},
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const faults: (Fault | null)[] = [];
  const server = createServer(async (request, response) => {
    const aborted = Promise.withResolvers<boolean>();
    response.on('close', () => aborted.resolve(!response.writableFinished));
    const body = Body.parse(await json(request));
    requests.push({
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body,
      aborted: aborted.promise,
    });
    const fault = faults.shift() ?? null;
    if (fault && 'status' in fault) return refuse(response, fault);
    if (fault?.kind === 'silent') return;
    if (request.url?.endsWith('/embeddings')) {
      return sendJson(response, 200, embeddingsOf(body, options.dimensions ?? 64, fault));
    }
    await streamChat(response, options.reply ?? 'Hello there, learner.', fault);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    script: (...next) => faults.push(...next),
  };
}

const Body = z.looseObject({
  input: z.array(z.string()).optional(),
  dimensions: z.number().optional(),
  encoding_format: z.string().optional(),
});

function refuse(response: ServerResponse, fault: Extract<Fault, { status: number }>): void {
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
  // Providers quote keys and prompts in such messages; none of it may get any further.
  const message = 'Incorrect API key provided: SECRET-KEY. Your prompt was SECRET-PROMPT.';
  sendJson(response, fault.status, { error: { message, type: 'error', code: fault.code ?? null } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function embeddingsOf(body: z.infer<typeof Body>, own: number, fault: Fault | null): unknown {
  const kind = fault && 'kind' in fault ? fault.kind : null;
  if (kind === 'not embeddings') return { hello: 'world' };
  const dimensions = (body.dimensions ?? own) + (kind === 'wrong dimension' ? 1 : 0);
  const data = (body.input ?? []).map((text, index) => {
    const vector = bagOfWords(text, dimensions);
    if (kind === 'NaN') vector[0] = Number.NaN;
    if (kind === 'zero') vector.fill(0);
    const asText = body.encoding_format === 'base64' && kind !== 'numbers';
    const embedding = asText ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index: kind === 'twice' ? 0 : index, embedding };
  });
  if (kind === 'reordered') data.reverse();
  if (kind === 'short batch') data.pop();
  return { object: 'list', model: 'stand-in', data, usage: { prompt_tokens: 1, total_tokens: 1 } };
}

async function streamChat(
  response: ServerResponse,
  reply: string,
  fault: Exclude<Fault, { status: number }> | null,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (fault?.kind === 'slow first token') await pause(fault.ms);
  await write(event({ role: 'assistant', content: '' }));
  for (const [index, token] of (reply.match(/\S+\s*/g) ?? []).entries()) {
    if (fault && 'afterTokens' in fault && fault.afterTokens === index) {
      if (fault.kind === 'stall') return;
      if (fault.kind === 'malformed event') await write('data: {"choices": [{"del\n\n');
      else if (fault.politely) return void response.end();
      else {
        // What was written must have left, or the client would see no token at all.
        await pause(20);
        return void response.destroy();
      }
    }
    await write(event({ content: token }));
  }
  await write(event({}, fault?.kind === 'finish' ? fault.reason : 'stop'));
  if (fault?.kind !== 'no usage') {
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    await write(`data: ${JSON.stringify({ ...CHUNK, choices: [], usage })}\n\n`);
  }
  if (fault?.kind !== 'no [DONE]') await write('data: [DONE]\n\n');
  response.end();

  async function write(text: string): Promise<void> {
    if (fault?.kind !== 'single bytes') return void response.write(text);
    for (const byte of Buffer.from(text)) {
      response.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const CHUNK = { id: 'chunk', object: 'chat.completion.chunk', created: 0, model: 'stand-in' };

function event(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...CHUNK, choices })}\n\n`;
}
