import type { RecommendationType } from '@docent/contracts/recommend';
import type { Tx } from '@docent/database/sql';
import { shownLevel } from '../mastery/elo.ts';
import type { Wanted } from './candidates.store.ts';
import {
  findDismissed,
  findItemStates,
  findSkillStates,
  type ItemState,
  type SkillState,
} from './facts.store.ts';
import { isFaded, isReached } from './refresh.ts';
import { startingSettings } from './settings.ts';
import type { Subject } from './subject.store.ts';
import type { Goal } from './vectors.ts';

/** What is known about a learner when something is to be recommended. */
export interface Facts {
  /** What was begun or assigned, newest first. */
  readonly items: readonly ItemState[];
  readonly skills: ReadonlyMap<string, SkillState>;
  /** What candidates are looked for with. */
  readonly wanted: Wanted;
}

/** Items after which what is about the same says no more than what people did. */
const SHORT_HISTORY = 5;
/** What is mastered so far is nothing to recommend: a mastery of .8. */
const MASTERED_LEVEL = 4.2;
/** How much forgetting counts beside a gap to a target. */
const FADING = 0.25;

/** Of a learner who is not profiled only what would not be recommended to them: what they finished or dismissed. */
export async function loadFacts(
  tx: Tx,
  orgId: string,
  subject: Subject,
  type: RecommendationType,
  goal: Goal | null,
): Promise<Facts> {
  const { userId, profiling, departmentId, generation } = subject;
  const [items, states, dismissed] = await Promise.all([
    findItemStates(tx, orgId, userId),
    profiling ? findSkillStates(tx, orgId, userId) : [],
    findDismissed(tx, orgId, userId),
  ]);
  const skills = new Map(states.map((state) => [state.skillId, state]));
  const without = [
    ...dismissed,
    ...items.map(({ itemId }) => itemId),
    ...(type === 'skill' ? states.filter(isMastered).map(({ skillId }) => skillId) : []),
  ];
  const gaps = states.map(needOf).filter(({ need }) => need > 0);
  const history = items.filter(({ kind }) => kind === 'course').length;
  const settings = subject.settings ?? startingSettings({ items: 0, learners: 0 });
  const wanted = {
    userId,
    departmentId,
    generation,
    settings: history < SHORT_HISTORY ? { ...settings, similar: 1 } : settings,
    gaps,
    without,
    goal,
    profiling,
  };
  return { items, skills, wanted };
}

/** What is missing to the target, or what is being forgotten of what was mastered. */
export function needOf(state: SkillState): { skillId: string; need: number } {
  const { skillId, importance, gap, retention } = state;
  const missing = isReached(state) ? 0 : (importance ?? 0) * (gap ?? 0);
  const fading = isFaded(state) ? FADING * (1 - (retention ?? 1)) : 0;
  return { skillId, need: Math.max(missing, fading) };
}

function isMastered(state: SkillState): boolean {
  if (isFaded(state)) return false;
  return state.required === null ? (shownLevel(state) ?? 1) >= MASTERED_LEVEL : isReached(state);
}
