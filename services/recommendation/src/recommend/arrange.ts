import type { RecommendationType } from '@docent/contracts/recommend';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import {
  BLEND,
  type BlendWeights,
  blend,
  difficultyFit,
  diversify,
  EXPLORED_PLACE,
  explore,
  firstUnmet,
  LEAST_READY,
  readiness,
  type Scored,
} from './blend.ts';
import {
  type CandidateRow,
  findContent,
  findCourses,
  findItems,
  findSkills,
} from './candidates.store.ts';
import type { Random } from './explore.ts';
import { findPrerequisites, type PrerequisiteRow } from './facts.store.ts';
import type { Facts } from './facts.ts';
import { findOrigins } from './origins.store.ts';
import type { Reason } from './reasons.ts';
import { refreshers } from './refresh.ts';
import type { Subject } from './subject.store.ts';

/** A candidate in its place. */
export interface Ranked {
  readonly candidate: CandidateRow;
  /** 0 to 1. */
  readonly score: number;
  readonly reason: Reason;
  /** Probability that it was put there. */
  readonly propensity: number;
}

/** What comes before an item, and how far the learner is with it, 0 to 1: courses by completion. */
type Step = PrerequisiteRow & { readonly known: number };

type Item = Scored<CandidateRow> & { readonly known?: Reason };

/** An organization's own shares of the score; what is no such thing is as good as none. */
const Weights = z.object({
  taste: z.number().min(0).max(1),
  need: z.number().min(0).max(1),
  fit: z.number().min(0).max(1),
  popularity: z.number().min(0).max(1),
});

/** The list: candidates scored, gated by what must come before, varied, one place of ten for something new. */
export async function arrange(
  tx: Tx,
  orgId: string,
  subject: Subject,
  asked: { type: RecommendationType; limit: number; facts: Facts; random: Random },
): Promise<Ranked[]> {
  const { type, limit, facts, random } = asked;
  const { wanted } = facts;
  const underWay = facts.items
    .filter(({ kind, status }) => kind === 'course' && status === 'in_progress')
    .map(({ itemId }) => itemId);
  const candidates =
    type === 'course'
      ? await findCourses(tx, orgId, wanted)
      : type === 'skill'
        ? await findSkills(tx, orgId, wanted)
        : await findContent(tx, orgId, wanted, underWay);
  const prerequisites =
    subject.profiling && type !== 'content'
      ? await findPrerequisites(
          tx,
          orgId,
          type,
          candidates.map(({ itemId }) => itemId),
        )
      : [];
  const completed = new Set(
    facts.items.flatMap(({ itemId, status }) => (status === 'completed' ? itemId : [])),
  );
  const steps = prerequisites.map((row): Step => {
    const skill = facts.skills.get(row.id)?.known ?? 0;
    return { ...row, known: row.kind === 'skill' ? skill : Number(completed.has(row.id)) };
  });
  const before = Map.groupBy(steps, ({ itemId }) => itemId);
  const weights = subject.profiling
    ? (Weights.safeParse(subject.weights).data ?? BLEND)
    : { taste: 0, need: 0, fit: 0, popularity: 1 };

  const scored: Item[] = score(candidates, facts, before, weights);
  const open = scored.filter(({ ready }) => ready >= LEAST_READY);
  const blocked = scored.filter(({ ready }) => ready < LEAST_READY);
  const first = await insteadOfBlocked(tx, orgId, type, facts, { blocked, before });
  const items = merge([
    ...open,
    ...first,
    ...(subject.profiling ? refreshers(type, facts, candidates) : []),
  ]);
  const chosen = diversify(items, limit);
  const tried = subject.profiling ? tryNew(items, chosen, limit, random) : null;
  const list = tried === null ? chosen : tried.list;

  const reasons = await reasonsOf(tx, orgId, type, subject, facts, list);
  return list.map((item, index) => {
    const isTried = tried !== null && item === tried.item;
    return {
      candidate: item.candidate,
      score: item.score,
      reason: isTried ? { type: 'explore' } : (reasons[index] ?? { type: 'explore' }),
      propensity: isTried ? tried.propensity : 1,
    };
  });
}

function score(
  candidates: readonly CandidateRow[],
  { skills }: Facts,
  before: ReadonlyMap<string, readonly Step[]>,
  weights: BlendWeights,
): Scored<CandidateRow>[] {
  const withGoal = candidates.map((candidate) => ({
    ...candidate,
    taste: Math.max(candidate.taste, candidate.goal ?? 0),
  }));
  return blend(
    withGoal,
    ({ itemId, difficulty, skillIds }) => {
      const known = skillIds.flatMap((id) => skills.get(id)?.known ?? []);
      const mastery = known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
      return {
        fit: difficultyFit(difficulty, mastery),
        ready: readiness(before.get(itemId) ?? []),
      };
    },
    weights,
  );
}

/** What is to be learned before what is out of reach, in its place. */
async function insteadOfBlocked(
  tx: Tx,
  orgId: string,
  type: RecommendationType,
  { wanted }: Facts,
  { blocked, before }: { blocked: readonly Item[]; before: ReadonlyMap<string, readonly Step[]> },
): Promise<Item[]> {
  if (type === 'content') return [];
  const steps = blocked.flatMap((item) => {
    const rows = before.get(item.candidate.itemId) ?? [];
    const missing = firstUnmet(rows);
    const row = rows.find(({ id }) => id === missing?.id);
    // A missing skill is learned in a course; a missing course has no place among skills.
    const id = row === undefined ? null : row.kind === type ? row.id : row.courseId;
    return id === null || wanted.without.includes(id) ? [] : [{ id, item }];
  });
  if (steps.length === 0) return [];
  const rows = await findItems(tx, orgId, type, [...new Set(steps.map(({ id }) => id))]);
  return steps.flatMap(({ id, item: { candidate: later, parts, ready } }): Item[] => {
    const candidate = rows.find(({ itemId }) => itemId === id);
    if (candidate === undefined) return [];
    const known: Reason = {
      type: 'prerequisite',
      before: { id: later.itemId, title: later.title },
      readiness: ready,
    };
    const sum = parts.taste + parts.need + parts.fit + parts.popularity;
    return [{ candidate, parts, ready: 1, score: Math.min(1, sum), known }];
  });
}

/** Each item once, by what speaks most for it. */
function merge(items: readonly Item[]): Item[] {
  const best = new Map<string, Item>();
  for (const item of items) {
    const other = best.get(item.candidate.itemId);
    if (other === undefined || item.score > other.score) best.set(item.candidate.itemId, item);
  }
  return [...best.values()].filter(({ score: value }) => value > 0);
}

/** One place of the first ten goes to something that few have seen, when there is something else to show, too. */
function tryNew(
  items: readonly Item[],
  chosen: readonly Item[],
  limit: number,
  random: Random,
): { list: Item[]; item: Item; propensity: number } | null {
  if (chosen.length < EXPLORED_PLACE) return null;
  const rest = items.filter(
    (item) => !chosen.slice(0, EXPLORED_PLACE - 1).includes(item) && item.known === undefined,
  );
  const choice = explore(rest, random);
  if (choice === null) return null;
  const others = chosen.filter((item) => item !== choice.item);
  const list = others.toSpliced(EXPLORED_PLACE - 1, 0, choice.item).slice(0, limit);
  return { list, ...choice };
}

/** Why each item stands there: what adds most to its score. */
async function reasonsOf(
  tx: Tx,
  orgId: string,
  type: RecommendationType,
  subject: Subject,
  { items, wanted, skills }: Facts,
  list: readonly Item[],
): Promise<Reason[]> {
  const asked = list.flatMap(({ candidate }) => {
    const signal = strongestSignal(candidate);
    return type === 'content' || signal === null ? [] : [{ itemId: candidate.itemId, signal }];
  });
  const origins =
    type === 'content' || asked.length === 0
      ? []
      : await findOrigins(tx, orgId, wanted, type, asked);
  return list.map(({ candidate, parts, known }): Reason => {
    if (known !== undefined) return known;
    const gap = candidate.skillIds
      .flatMap((id) => skills.get(id) ?? [])
      .sort((a, b) => (b.importance ?? 0) * (b.gap ?? 0) - (a.importance ?? 0) * (a.gap ?? 0))[0];
    const needed = gap !== undefined && gap.required !== null && (gap.gap ?? 0) > 0;
    if (needed && gap.required !== null && parts.need > 0 && parts.need >= parts.taste) {
      return {
        type: 'skill_gap',
        skill: { id: gap.skillId, title: gap.name },
        level: gap.known === null ? null : 1 + 4 * gap.known,
        required: gap.required,
      };
    }
    const origin = origins.find(({ itemId }) => itemId === candidate.itemId);
    const signal = strongestSignal(candidate);
    if (origin !== undefined && signal !== null && parts.taste >= parts.popularity) {
      const from = { id: origin.fromId, title: origin.from };
      const reason = {
        next: 'next_step',
        linear: 'next_step',
        together: 'together',
        similar: 'similar',
      } as const;
      return { type: reason[signal], from, people: origin.people };
    }
    const course = items.find(({ itemId }) => itemId === candidate.partOf);
    if (course !== undefined) {
      return { type: 'part_of', course: { id: course.itemId, title: course.title } };
    }
    const goal = [subject.goal, subject.jobTitle].find((each) => each !== null);
    if (candidate.goal !== null && candidate.goal > 0 && goal && parts.taste >= parts.popularity) {
      return { type: 'goal', goal };
    }
    if (candidate.popularity > 0) {
      const where = candidate.ofDepartment ? 'department' : 'organization';
      return { type: 'popular', where, people: candidate.people };
    }
    return { type: 'explore' };
  });
}

function strongestSignal(
  candidate: CandidateRow,
): 'next' | 'together' | 'similar' | 'linear' | null {
  const signals = (['next', 'together', 'similar', 'linear'] as const).filter(
    (signal) => candidate[signal] > 0,
  );
  signals.sort((a, b) => candidate[b] - candidate[a]);
  return signals[0] ?? null;
}
