import { type Sentence, sentences, terms } from '@docent/core/text';
import type { Embedder } from '@docent/models/interfaces';
import { languageOf } from '../search/language.ts';
import type { Judged, Verdict } from './citations.ts';
import type { ChatLog } from './finish.ts';
import type { Judge } from './judge.ts';
import { isNegated } from './negation.ts';

export interface LikenessOptions {
  readonly signal: AbortSignal;
  readonly log: ChatLog;
}

interface Asked {
  readonly claim: string;
  readonly chunkId: string;
  readonly language: string;
  /** All sentences of the passage. */
  readonly said: readonly Sentence[];
}

const unknown: Verdict = () => undefined;

interface Limits {
  /** Cosine from which a sentence with SOME_WORDS of the claim's words says what the claim says. */
  readonly least: number;
  /** The same of a sentence with fewer of them. */
  readonly leastWithout: number;
  /** The only languages that the embedder knows; absent: all. */
  readonly languages?: readonly string[];
}

/** Share of a claim's words. */
const SOME_WORDS = 0.3;
/*
 * Measured with the built-in encoder on claims whose numbers and names the passage has and whose words are too few: of 393
 * pairs of a sentence of ClapNQ's answers and one of the five other passages with most of its words, these limits call 4
 * supported (.7 alone: 22, .8 alone: 6); of ten sentences of a handbook and paraphrases of them, six have .7 or more, and none
 * of the 90 other pairs has more than .65. Of ClapNQ's own passages none is in question: words support .994 of them.
 * SciFact's claims, terse and full of terms, say little: at .8 as many nearest sentences are about the topic only.
 */
/** By the start of the embedder's id; the first match counts. */
const LIMITS: readonly (readonly [idPrefix: string, limits: Limits])[] = [
  ['builtin:use-lite-en', { least: 0.7, leastWithout: 0.85, languages: ['en'] }],
];
/** Of embedders that nobody has measured: some give unrelated texts .7. */
const UNMEASURED: Limits = { least: 0.9, leastWithout: 0.95 };

function limitsOf(embedderId: string): Limits {
  return LIMITS.find(([prefix]) => embedderId.startsWith(prefix))?.[1] ?? UNMEASURED;
}

/**
 * A judge that compares by meaning: a citation is supported when a sentence of its passage is as near to the
 * claim as paraphrases are, and both or neither of them are negated. It never says that one is not supported: a
 * vector knows what a sentence is about, not whether it is true.
 *
 * All texts are one call of the embedder; where they are more than it takes, the last citations are left to the words.
 * When it fails there is no verdict, and the log says so.
 */
export function makeLikeness(embedder: Embedder, { signal, log }: LikenessOptions): Judge {
  const limits = limitsOf(embedder.id);
  const { languages } = limits;
  return async (citations, text, cited) => {
    const asked: Asked[] = [];
    let free = embedder.maxBatch;
    for (const { answerSpan, chunkId, number } of citations) {
      const claim = text.slice(answerSpan.start, answerSpan.end);
      const passage = cited[number - 1];
      if (!passage || asked.some((one) => one.claim === claim && one.chunkId === chunkId)) continue;
      const language = passage.language ?? 'en';
      if (languages && ![language, languageOf(claim)].every((one) => languages.includes(one))) {
        continue;
      }
      const said = sentences(passage.text, language);
      if (said.length === 0 || said.length >= free) continue;
      free -= said.length + 1;
      asked.push({ claim, chunkId, language, said });
    }
    if (asked.length === 0 || signal.aborted) return unknown;
    try {
      const vectors = await embedder.embed(
        asked.flatMap(({ claim, said }) => [claim, ...said.map((sentence) => sentence.text)]),
        { signal },
      );
      return verdictOf(asked, vectors, limits);
    } catch (err) {
      if (!signal.aborted)
        log.warn({ err, model: embedder.id }, 'citations were compared by words alone');
      return unknown;
    }
  };
}

/** For each claim the nearest sentence, when it is near enough and negated like the claim. */
function verdictOf(
  asked: readonly Asked[],
  vectors: readonly Float32Array[],
  limits: Limits,
): Verdict {
  const verdicts = new Map<string, Judged>();
  let place = 0;
  for (const { claim, chunkId, language, said } of asked) {
    const own = vectors[place];
    let best: { readonly sentence: Sentence; readonly cosine: number } | null = null;
    for (const [index, sentence] of said.entries()) {
      const cosine = dot(own, vectors[place + 1 + index]);
      if (cosine > (best?.cosine ?? -1)) best = { sentence, cosine };
    }
    place += 1 + said.length;
    if (!best) continue;
    const { start, end, text } = best.sentence;
    const had = new Set(terms(text, language));
    const wanted = [...new Set(terms(claim, language))];
    const some = wanted.filter((term) => had.has(term)).length >= SOME_WORDS * wanted.length;
    if (best.cosine < (some ? limits.least : limits.leastWithout)) continue;
    if (isNegated(text, language) !== isNegated(claim, language)) continue;
    verdicts.set(keyOf(claim, chunkId), { supported: true, at: { start, end } });
  }
  return (claim, chunkId) => verdicts.get(keyOf(claim, chunkId));
}

function keyOf(claim: string, chunkId: string): string {
  return `${chunkId} ${claim}`;
}

/** The cosine of two unit vectors. */
function dot(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (!one || !other) throw new Error('the embedder gave fewer vectors than it was given texts');
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
