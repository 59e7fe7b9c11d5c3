/** Made text and vectors, the same for the same seed. */
export interface Corpus {
  readonly passages: readonly MadePassage[];
  readonly queries: readonly { readonly text: string; readonly vector: Float32Array }[];
}

export interface MadePassage {
  readonly text: string;
  /** Unit length. */
  readonly vector: Float32Array;
}

export const DIMENSIONS = 512;
const VOCABULARY = 20_000;
const CLUSTERS = 200;
const WORDS_OF_A_PASSAGE = 130;

/**
 * Passages whose words follow Zipf's law and whose vectors are a mixture of 200 Gaussians with a few strong
 * axes, as those of encoders are. A query takes five words of a passage, and a vector near its own.
 */
export function makeCorpus(counts: { passages: number; queries: number }, seed = 20_261): Corpus {
  const random = mulberry32(seed);
  const words = Array.from({ length: VOCABULARY }, (_, rank) => pseudoWord(rank));
  const zipf = zipfSampler(VOCABULARY, random);
  // Later axes carry less, as in an encoder's space.
  const scale = Float32Array.from(
    { length: DIMENSIONS },
    (_, axis) => 1 / Math.sqrt(1 + axis / 16),
  );
  const gaussianVector = () => scale.map((width) => width * gaussian(random));
  const centres = Array.from({ length: CLUSTERS }, gaussianVector);

  const passages = Array.from({ length: counts.passages }, () => {
    const centre = pick(centres, random);
    const noise = gaussianVector();
    return {
      text: Array.from({ length: WORDS_OF_A_PASSAGE }, () => words[zipf()]).join(' '),
      vector: unit(centre.map((value, axis) => value + 0.7 * (noise[axis] ?? 0))),
    };
  });
  const queries = Array.from({ length: counts.queries }, () => {
    const passage = pick(passages, random);
    const noise = gaussianVector();
    const length = Math.hypot(...noise);
    const own = passage.text.split(' ');
    return {
      text: `what is the ${Array.from({ length: 5 }, () => pick(own, random)).join(' ')}`,
      vector: unit(
        passage.vector.map((value, axis) => value + (0.6 * (noise[axis] ?? 0)) / length),
      ),
    };
  });
  return { passages, queries };
}

/** Uniform in [0, 1). @see https://github.com/cprosche/mulberry32 (public domain) */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Ranks from 0; rank r with a probability of about 1 / (r + 1). */
function zipfSampler(size: number, random: () => number): () => number {
  const cumulated = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) {
    sum += 1 / (rank + 1);
    cumulated[rank] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulated[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const SYLLABLES = 'ba de fi go ku la me ni po ru sa te vi wo zu ka le mi no pu'.split(' ');

/** A word of its own for each rank: the number in base 20, written in syllables. */
function pseudoWord(rank: number): string {
  let rest = rank + SYLLABLES.length;
  let word = '';
  while (rest > 0) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return `${word}x`;
}

/** Box and Muller's transform. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
