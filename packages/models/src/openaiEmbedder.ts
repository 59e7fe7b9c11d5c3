import { AppError } from '@docent/core/errors';
import { countTokens } from '@docent/core/tokens';
import type OpenAI from 'openai';
import { z } from 'zod';
import type { Embedder } from './interfaces.ts';
import { openAiClient, type Provider } from './openai.ts';
import { type Deadline, deadlineIn, retrying } from './retry.ts';

/** OpenAI's documented limits: 8,192 tokens per input, 300,000 and 2,048 inputs per request. */
const MAX_INPUT_TOKENS = 8_000;
const MAX_REQUEST_TOKENS = 280_000;
const MAX_REQUEST_INPUTS = 2_048;
/** Texts of one call of `embed`: 90,000 tokens at 350 each, so that progress can be told. */
const MAX_BATCH = 256;

/** What OpenAI's models give when no number is asked for. */
const OWN_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

export interface OpenAiEmbedderOptions extends Provider {
  readonly model: string;
  /** Numbers per vector to ask for; absent: the model's own, found out by embedding one word. */
  readonly dimensions?: number | undefined;
}

/**
 * An embedding model of an OpenAI-compatible provider; its id is `openai:<model>:<dimensions>`.
 *
 * @throws AppError like `embed`, when the dimensions are unknown and the model cannot be asked.
 */
export async function openOpenAiEmbedder(options: OpenAiEmbedderOptions): Promise<Embedder> {
  if (options.dimensions) return embedderOf(options, options.dimensions, true);
  const known = OWN_DIMENSIONS[options.model];
  if (known) return embedderOf(options, known, false);
  const client = openAiClient(options);
  const deadline = deadlineIn(options.timeoutMs);
  const [vector] = await request(client, options.model, ['dimensions'], undefined, deadline);
  return embedderOf(options, vector?.length ?? 0, false);
}

/**
 * The embedder that made the vectors stored under `openai:<model>:<dimensions>`. Whether the number was
 * asked for is not stored: it is asked for when the model gives another one by itself.
 */
export function reopenOpenAiEmbedder(
  options: Provider & { readonly model: string; readonly dimensions: number },
): Embedder {
  return embedderOf(options, options.dimensions, 'when needed');
}

function embedderOf(
  options: Provider & { readonly model: string },
  dimensions: number,
  ask: boolean | 'when needed',
): Embedder {
  const client = openAiClient(options);
  let asked = ask === true ? dimensions : undefined;

  async function embedPart(inputs: readonly string[], deadline: Deadline, signal?: AbortSignal) {
    const vectors = await request(client, options.model, inputs, asked, deadline, signal);
    if (vectors.every((vector) => vector.length === dimensions)) return vectors;
    if (ask !== 'when needed' || asked) throw unusable('vectors of another length');
    asked = dimensions;
    return embedPart(inputs, deadline, signal);
  }

  return {
    id: `openai:${options.model}:${dimensions}`,
    dimensions,
    maxBatch: MAX_BATCH,
    embed: async (texts, { signal } = {}) => {
      const deadline = deadlineIn(options.timeoutMs);
      const vectors: Float32Array[] = [];
      for (const inputs of requestsOf(texts)) {
        vectors.push(...(await embedPart(inputs, deadline, signal)));
      }
      return vectors;
    },
    close: async () => {},
  };
}

/** One request, its answer checked: nothing unusable may reach the database. */
async function request(
  client: OpenAI,
  model: string,
  inputs: readonly string[],
  dimensions: number | undefined,
  deadline: Deadline,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const body = {
    model,
    input: [...inputs],
    // A third of the bytes of numbers as text. Servers that ignore it answer with numbers.
    encoding_format: 'base64' as const,
    ...(dimensions === undefined ? {} : { dimensions }),
  };
  const answer = await retrying(
    (attemptSignal) => client.embeddings.create(body, { signal: attemptSignal }),
    { deadline, signal },
  );
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) throw unusable('something else than embeddings');
  const rows = parsed.data.data;
  if (rows.length !== inputs.length) throw unusable('another number of vectors than texts');
  const vectors: (Float32Array | undefined)[] = inputs.map(() => undefined);
  for (const { index, embedding } of rows) vectors[index] = unitLength(numbersOf(embedding));
  return vectors.map((vector) => vector ?? fail());

  function fail(): never {
    throw unusable('two vectors for one text');
  }
}

const Answer = z.object({
  data: z.array(
    z.object({
      index: z.int().nonnegative(),
      embedding: z.union([z.base64(), z.array(z.number())]),
    }),
  ),
});

/** Little-endian 32-bit floats in base64, or the numbers themselves. */
function numbersOf(embedding: string | readonly number[]): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding);
  const bytes = Uint8Array.from(Buffer.from(embedding, 'base64'));
  if (bytes.length % 4 !== 0) throw unusable('half a number');
  return new Float32Array(bytes.buffer);
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) throw unusable('a vector without a direction');
  return vector.map((value) => value / length);
}

function unusable(what: string): AppError {
  return new AppError('model_unavailable', `The embedding model answered with ${what}.`);
}

/** Cuts texts that are too long, and groups them into requests that are not. */
function* requestsOf(texts: readonly string[]): Generator<string[]> {
  let inputs: string[] = [];
  let total = 0;
  for (const text of texts) {
    const input = cut(text);
    // Two bytes a token is more tokens than text has; counting 256 chunks exactly took 200 ms.
    const tokens = Buffer.byteLength(input) / 2;
    if (inputs.length === MAX_REQUEST_INPUTS || total + tokens > MAX_REQUEST_TOKENS) {
      yield inputs;
      inputs = [];
      total = 0;
    }
    inputs.push(input);
    total += tokens;
  }
  if (inputs.length > 0) yield inputs;
}

/** The beginning of a text that the model can read; providers refuse an empty one. */
function cut(text: string): string {
  let input = text.trim() || '.';
  for (let tokens = fits(input); tokens > MAX_INPUT_TOKENS; tokens = fits(input)) {
    input = input.slice(0, Math.floor((input.length * MAX_INPUT_TOKENS * 0.98) / tokens));
  }
  return input;

  function fits(candidate: string): number {
    // A token has at least one character: short texts need no counting.
    return candidate.length <= MAX_INPUT_TOKENS ? 0 : countTokens(candidate);
  }
}
