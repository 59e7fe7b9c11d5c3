import type { RecommendationType } from '@docent/contracts/recommend';
import type { Tx } from '@docent/database/sql';
import { shownLevel } from '../mastery/elo.ts';
import type { Item } from './arrange.ts';
import type { CandidateRow } from './candidates.store.ts';
import type { SkillState } from './facts.store.ts';
import { type Facts, needOf } from './facts.ts';
import { findOrigins, type Origin } from './origins.store.ts';
import type { Reason } from './reasons.ts';
import { isReached, refresherOf } from './refresh.ts';
import type { Subject } from './subject.store.ts';

/** Why each item stands there: what adds most to its score, of what can be told. Null: nothing can. */
export async function withReasons(
  tx: Tx,
  orgId: string,
  type: RecommendationType,
  subject: Subject,
  facts: Facts,
  list: readonly Item[],
): Promise<{ item: Item; reason: Reason | null }[]> {
  const asked = list.flatMap(({ candidate, known }) => {
    const signal = strongestSignal(candidate);
    const told = known !== undefined || signal === null;
    return told ? [] : [{ itemId: candidate.itemId, signal }];
  });
  const origins =
    type === 'content' || asked.length === 0
      ? []
      : await findOrigins(tx, orgId, facts.wanted, type, asked);
  return list.map((item) => {
    const { candidate, parts, known } = item;
    // Of a skill that is there nothing is to be said but that it fades.
    const fading = type === 'skill' ? facts.skills.get(candidate.itemId) : undefined;
    const settled = known ?? (fading === undefined ? null : refresherOf(fading));
    if (settled !== null) return { item, reason: settled };
    const told = [
      { weight: parts.need, reason: needReason(candidate, facts) },
      { weight: parts.taste, reason: tasteReason(candidate, subject, facts, origins) },
      { weight: parts.popularity, reason: popularReason(candidate) },
    ].sort((a, b) => b.weight - a.weight);
    return { item, reason: told.find(({ reason }) => reason !== null)?.reason ?? null };
  });
}

/** The skill that is needed most of what the item is about. */
function needReason({ need, skillIds }: CandidateRow, { skills }: Facts): Reason | null {
  const state = skillIds
    .flatMap((id) => skills.get(id) ?? [])
    .sort((a, b) => needOf(b).need - needOf(a).need)[0];
  if (need === 0 || state === undefined || needOf(state).need === 0) return null;
  return gapOf(state) ?? refresherOf(state);
}

function gapOf(state: SkillState): Reason | null {
  const { skillId, name, required } = state;
  if (required === null || isReached(state)) return null;
  return {
    type: 'skill_gap',
    skill: { id: skillId, title: name },
    level: shownLevel(state),
    required,
  };
}

function tasteReason(
  candidate: CandidateRow,
  subject: Subject,
  { items }: Facts,
  origins: readonly Origin[],
): Reason | null {
  const signal = strongestSignal(candidate);
  const origin = origins.find(({ itemId }) => itemId === candidate.itemId);
  if (origin !== undefined && signal !== null) {
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
  return candidate.goal !== null && candidate.goal > 0 && goal ? { type: 'goal', goal } : null;
}

function popularReason({ popularity, ofDepartment, people }: CandidateRow): Reason | null {
  if (popularity === 0) return null;
  return { type: 'popular', where: ofDepartment ? 'department' : 'organization', people };
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
