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
import { type CandidateRow, findCourses, findItems, findSkills } from './candidates.store.ts';
import { departmentSkills } from './department.ts';
import type { Random } from './explore.ts';
import { findPrerequisites, type PrerequisiteRow } from './facts.store.ts';
import type { Facts } from './facts.ts';
import { findContent } from './material.store.ts';
import type { Reason, Through } from './reasons.ts';
import { refreshers } from './refresh.ts';
import type { Subject } from './subject.store.ts';
import { withReasons } from './why.ts';

/** A candidate in its place. */
export interface Ranked {
  readonly candidate: CandidateRow;
  /** 0 to 1. */
  readonly score: number;
  readonly reason: Reason;
  /** What the reason is of, where that is not the item. */
  readonly through: Through | null;
  /** Probability that it was put there. */
  readonly propensity: number;
}

/** What comes before an item, and how far the learner is with it, 0 to 1: courses by completion. */
type Step = PrerequisiteRow & { readonly known: number };

/** `known`: the reason is settled; `through`: what it is of. */
export type Item = Scored<CandidateRow> & { readonly known?: Reason; readonly through?: Through };

/** An organization's own shares of the score; what is no such thing is as good as none. */
const Weights = z.object({
  taste: z.number().min(0).max(1),
  need: z.number().min(0).max(1),
  fit: z.number().min(0).max(1),
  popularity: z.number().min(0).max(1),
});

/** Recommended courses whose material is looked for. */
const COURSES_OF_MATERIAL = 20;

/** The list: candidates scored, gated by what must come before, varied, one place of ten for something new. */
export async function arrange(
  tx: Tx,
  orgId: string,
  subject: Subject,
  asked: { type: RecommendationType; limit: number; facts: Facts; random: Random },
): Promise<Ranked[]> {
  const { type, limit, facts, random } = asked;
  const items = await weigh(tx, orgId, subject, type, facts);
  const speaking = items.filter((item) => speaksFor(item));
  const chosen = diversify(speaking, limit);
  const tried = subject.profiling ? tryNew(items, chosen, limit, random) : null;
  const reasoned = await withReasons(tx, orgId, type, subject, facts, tried?.list ?? chosen);
  const list = reasoned.flatMap(({ item, reason }): Ranked[] => {
    const { candidate, score: value } = item;
    const ranked = { candidate, score: value, through: null };
    if (item === tried?.item) {
      return [{ ...ranked, reason: { type: 'explore' }, propensity: tried.propensity }];
    }
    // Nothing true could be said of it.
    if (reason === null) return [];
    return [{ ...ranked, reason, through: item.through ?? null, propensity: 1 }];
  });
  return [...list, ...newest(items, list, limit, subject.profiling)];
}

/** Everything that may be shown, each once, with its score. */
async function weigh(
  tx: Tx,
  orgId: string,
  subject: Subject,
  type: RecommendationType,
  facts: Facts,
): Promise<Item[]> {
  const courses = type === 'content' ? await coursesFor(tx, orgId, subject, facts) : [];
  const candidates = await findCandidates(tx, orgId, subject, type, facts, courses);
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
  return merge([
    ...open,
    ...first,
    ...open.flatMap((item) => asMaterial(item, courses)),
    ...(subject.profiling ? refreshers(type, facts, candidates) : []),
    ...(type === 'skill' && !subject.profiling
      ? await departmentSkills(tx, orgId, facts.wanted)
      : []),
  ]);
}

/** What is recommended of courses, with nothing on trial among them. */
async function coursesFor(
  tx: Tx,
  orgId: string,
  subject: Subject,
  facts: Facts,
): Promise<Ranked[]> {
  const items = await weigh(tx, orgId, subject, 'course', facts);
  const chosen = diversify(items.filter(speaksFor), COURSES_OF_MATERIAL);
  const reasoned = await withReasons(tx, orgId, 'course', subject, facts, chosen);
  return reasoned.flatMap(({ item: { candidate, score: value }, reason }) =>
    reason === null ? [] : [{ candidate, score: value, reason, through: null, propensity: 1 }],
  );
}

function findCandidates(
  tx: Tx,
  orgId: string,
  { profiling }: Subject,
  type: RecommendationType,
  { items, wanted }: Facts,
  courses: readonly Ranked[],
): Promise<CandidateRow[]> {
  if (type === 'course') return findCourses(tx, orgId, wanted);
  if (type === 'skill') return findSkills(tx, orgId, wanted);
  const underWay = items.flatMap(({ kind, status, itemId }) =>
    profiling && kind === 'course' && status === 'in_progress' ? itemId : [],
  );
  const recommended = courses.map(({ candidate, score: value }) => ({
    itemId: candidate.itemId,
    score: value,
  }));
  return findContent(tx, orgId, wanted, { underWay, recommended });
}

/** Content as material of a course that is recommended, for the course's reason. */
function asMaterial(item: Item, courses: readonly Ranked[]): Item[] {
  const { materialOf, materialScore } = item.candidate;
  const course = courses.find(({ candidate }) => candidate.itemId === materialOf);
  if (course === undefined) return [];
  const { itemId: id, title } = course.candidate;
  const through: Through = { how: 'material', course: { id, title } };
  return [{ ...item, score: materialScore, known: course.reason, through }];
}

/** More than that it is there, and not too difficult. */
function speaksFor({ known, parts }: Item): boolean {
  return known !== undefined || parts.taste + parts.need + parts.popularity > 0;
}

/** Material that came in so many days is new. */
const NEW_DAYS = 90;

/**
 * The newest material for the places that are left. Somebody without any other list is told of it whatever its age.
 */
function newest(
  items: readonly Item[],
  list: readonly Ranked[],
  limit: number,
  profiling: boolean,
): Ranked[] {
  const shown = new Set(list.map(({ candidate }) => candidate.itemId));
  const since = profiling && list.length > 0 ? Date.now() - NEW_DAYS * 86_400_000 : 0;
  return items
    .flatMap(({ candidate, score: value }) => {
      const { addedAt, itemId } = candidate;
      if (addedAt === null || shown.has(itemId) || addedAt.getTime() < since) return [];
      const reason: Reason = { type: 'new', added: addedAt };
      return [{ candidate, score: value, reason, through: null, propensity: 1, addedAt }];
    })
    .sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime())
    .slice(0, Math.max(0, limit - list.length));
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

/** Each item once, by what speaks most for it: what can be told comes before what only fits. */
function merge(items: readonly Item[]): Item[] {
  const best = new Map<string, Item>();
  for (const item of items) {
    const other = best.get(item.candidate.itemId);
    const better =
      other === undefined ||
      (speaksFor(item) === speaksFor(other) ? item.score > other.score : speaksFor(item));
    if (better) best.set(item.candidate.itemId, item);
  }
  return [...best.values()];
}

/** One place of so many is for what is tried. */
const OF_WHICH_ONE = 10;

/** One place of the first ten goes to something that few have seen and that would not stand there anyway. */
function tryNew(
  items: readonly Item[],
  chosen: readonly Item[],
  limit: number,
  random: Random,
): { list: Item[]; item: Item; propensity: number } | null {
  if (chosen.length < EXPLORED_PLACE) return null;
  const rest = items.filter(
    (item) =>
      item.score > 0 && !chosen.slice(0, OF_WHICH_ONE).includes(item) && item.known === undefined,
  );
  const choice = explore(rest, random);
  if (choice === null) return null;
  const others = chosen.filter((item) => item !== choice.item);
  const list = others.toSpliced(EXPLORED_PLACE - 1, 0, choice.item).slice(0, limit);
  return { list, ...choice };
}
