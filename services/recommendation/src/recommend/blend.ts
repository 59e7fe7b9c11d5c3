import { sigmoid } from '../mastery/elo.ts';
import type { Random } from './explore.ts';
import { sampleBeta } from './explore.ts';

/** Shares of the score, 1 in all. A product choice, not measured: an organization may set its own. */
export interface BlendWeights {
  readonly taste: number;
  readonly need: number;
  readonly fit: number;
  readonly popularity: number;
}

export const BLEND: BlendWeights = { taste: 0.45, need: 0.35, fit: 0.1, popularity: 0.1 };

/** What speaks for an item, and what it is. */
export interface Candidate {
  readonly itemId: string;
  /** 0 to 1: what the learner may like, by what everybody learned or by what it is about. */
  readonly taste: number;
  /** 0 to 1: share of the learner's gaps that it closes. */
  readonly need: number;
  /** 0 or more: how popular it is where the learner works. */
  readonly popularity: number;
  /** 1 to 5; null: nobody said. */
  readonly difficulty: number | null;
  /** What it is about. */
  readonly skillIds: readonly string[];
  /** Over everybody: how often it was shown, and taken up. */
  readonly shown: number;
  readonly enrolled: number;
}

/** What must come before an item, and how far the learner is with it, 0 to 1. */
export interface Prerequisite {
  readonly id: string;
  readonly kind: 'skill' | 'course';
  /** Longest way from the item to it. */
  readonly depth: number;
  readonly known: number;
}

/** Mastery of a prerequisite from which on it stands in nobody's way. */
const KNOWN_ENOUGH = 0.7;
/** Below this readiness the item is not recommended: what is missing is. */
export const LEAST_READY = 0.5;
/** The chance of success that people learn best at, and how much it may vary: eighty-five percent rule (Wilson 2019). */
const BEST_CHANCE = 0.75;
const CHANCE_SPREAD = 0.15;
/** Logits for each level of difficulty. */
const LOGITS_PER_DIFFICULTY = 0.8;

/** 0 to 1: 1 when everything that comes before is known well enough. */
export function readiness(prerequisites: readonly Prerequisite[]): number {
  return Math.min(1, ...prerequisites.map(({ known }) => known / KNOWN_ENOUGH));
}

/** What is to be learned first: the unmet prerequisite that is farthest from the item, so nothing of it is missing. */
export function firstUnmet(prerequisites: readonly Prerequisite[]): Prerequisite | null {
  const unmet = prerequisites.filter(({ known }) => known < KNOWN_ENOUGH);
  unmet.sort((a, b) => b.depth - a.depth || a.known - b.known || (a.id < b.id ? -1 : 1));
  return unmet[0] ?? null;
}

/**
 * How well the difficulty suits the learner, 0 to 1.
 *
 * @param mastery of what the item is about, 0 to 1; null: unknown, taken as even.
 */
export function difficultyFit(difficulty: number | null, mastery: number | null): number {
  const known = Math.min(Math.max(mastery ?? 0.5, 0.01), 0.99);
  const ability = Math.log(known / (1 - known));
  const chance = sigmoid(ability - LOGITS_PER_DIFFICULTY * ((difficulty ?? 3) - 3));
  return Math.exp(-((chance - BEST_CHANCE) ** 2) / (2 * CHANCE_SPREAD ** 2));
}

export interface Scored<C extends Candidate> {
  readonly candidate: C;
  /** 0 to 1. */
  readonly score: number;
  /** What each signal adds to the score, before the gate. */
  readonly parts: BlendWeights;
  /** The gate: the score was multiplied by it. */
  readonly ready: number;
}

/**
 * The score of a candidate, 0 to 1. `taste`, `need` and `popularity` are divided by the best among the candidates: of
 * many gaps each course closes a small share, which would never count beside taste.
 */
export function blend<C extends Candidate>(
  candidates: readonly C[],
  of: (candidate: C) => { fit: number; ready: number },
  weights: BlendWeights = BLEND,
): Scored<C>[] {
  const best = (signal: 'taste' | 'need' | 'popularity') =>
    Math.max(0, ...candidates.map((candidate) => candidate[signal])) || 1;
  const bestTaste = best('taste');
  const bestNeed = best('need');
  const bestPopularity = best('popularity');
  return candidates.map((candidate) => {
    const { fit, ready } = of(candidate);
    const parts = {
      taste: (weights.taste * Math.max(0, candidate.taste)) / bestTaste,
      need: (weights.need * candidate.need) / bestNeed,
      fit: weights.fit * fit,
      popularity: (weights.popularity * candidate.popularity) / bestPopularity,
    };
    const sum = parts.taste + parts.need + parts.fit + parts.popularity;
    return { candidate, parts, ready, score: Math.min(1, Math.max(0, sum * Math.min(1, ready))) };
  });
}

/** Weight of the score beside being different from what stands above (MMR, Carbonell & Goldstein, SIGIR 1998). */
const RELEVANCE = 0.8;
/** Of ten items, so many at most are about one skill. */
const MOST_OF_ONE_SKILL = 3;

/** The order to show: good ones first, and different ones among them. */
export function diversify<T extends { score: number; candidate: { skillIds: readonly string[] } }>(
  items: readonly T[],
  limit: number,
): T[] {
  const left = [...items].sort((a, b) => b.score - a.score).map((item) => ({ item, nearest: 0 }));
  const chosen: T[] = [];
  let taken = new Map<string, number>();
  while (chosen.length < limit && left.length > 0) {
    if (chosen.length % 10 === 0) taken = new Map();
    const allowed = left.filter(({ item }) =>
      item.candidate.skillIds.every((skill) => (taken.get(skill) ?? 0) < MOST_OF_ONE_SKILL),
    );
    // Nothing else is left: too much of one skill is better than an empty place.
    const pool = allowed.length > 0 ? allowed : left;
    let best = pool[0];
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const each of pool) {
      const value = RELEVANCE * each.item.score - (1 - RELEVANCE) * each.nearest;
      if (value > bestValue) [best, bestValue] = [each, value];
    }
    if (best === undefined) break;
    const { skillIds } = best.item.candidate;
    chosen.push(best.item);
    left.splice(left.indexOf(best), 1);
    for (const skill of skillIds) taken.set(skill, (taken.get(skill) ?? 0) + 1);
    for (const other of left) {
      other.nearest = Math.max(other.nearest, overlap(other.item.candidate.skillIds, skillIds));
    }
  }
  return chosen;
}

/** Cosine of two sets of skills, 0 to 1. */
function overlap(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const shared = a.filter((skill) => b.includes(skill)).length;
  return shared / Math.sqrt(a.length * b.length);
}

/** Items that were shown more often are known well enough. */
const FEW_IMPRESSIONS = 50;
/** Before anything is known of an item: one of ten is taken up. */
const PRIOR = { taken: 1, left: 9 };
/** Which of ten places something new is tried at: seen, but not the first. */
export const EXPLORED_PLACE = 7;
/** Draws that the probability of a choice is estimated from. */
const DRAWS = 100;
const POOL = 20;

/**
 * Something new to try (Thompson sampling, Chapelle & Li, NIPS 2011): whoever draws the highest rate of take-up.
 *
 * @returns null when there is nothing new; `propensity`: probability that this one was chosen.
 */
export function explore<T extends { score: number; candidate: Candidate }>(
  items: readonly T[],
  random: Random,
): { item: T; propensity: number } | null {
  const pool = items
    .filter(({ candidate }) => candidate.shown < FEW_IMPRESSIONS)
    .sort((a, b) => b.score - a.score)
    .slice(0, POOL);
  if (pool.length === 0) return null;
  const draw = () => {
    const rates = pool.map(({ candidate: { shown, enrolled } }) =>
      sampleBeta(PRIOR.taken + enrolled, PRIOR.left + Math.max(0, shown - enrolled), random),
    );
    return rates.indexOf(Math.max(...rates));
  };
  const choice = draw();
  const item = pool[choice];
  if (item === undefined) return null;
  const times = Array.from({ length: DRAWS }, draw).filter((other) => other === choice).length;
  return { item, propensity: (times + 1) / (DRAWS + 1) };
}
