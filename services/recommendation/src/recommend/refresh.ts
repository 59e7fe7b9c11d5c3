import type { RecommendationType } from '@docent/contracts/recommend';
import { ENOUGH_ANSWERS, shownLevel } from '../mastery/elo.ts';
import type { Scored } from './blend.ts';
import type { CandidateRow } from './candidates.store.ts';
import type { SkillState } from './facts.store.ts';
import type { Facts } from './facts.ts';
import type { Reason } from './reasons.ts';

/** A skill that was mastered so well is worth keeping. */
const ONCE_MASTERED = 0.6;
/** Below this probability of recall it is time. */
export const FORGOTTEN_BELOW = 0.8;
const DAY_MS = 86_400_000;

/** Items about skills that were mastered once and are being forgotten; the more is forgotten, the higher. */
export function refreshers(
  type: RecommendationType,
  { skills }: Facts,
  candidates: readonly CandidateRow[],
): (Scored<CandidateRow> & { known: Reason })[] {
  if (type === 'course' || ![...skills.values()].some(isFaded)) return [];
  return candidates.flatMap((candidate) => {
    const state = candidate.skillIds
      .flatMap((id) => skills.get(id) ?? [])
      .find((each) => refresherOf(each) !== null);
    const known = state === undefined ? null : refresherOf(state);
    if (state === undefined || known === null) return [];
    const score = (state.mastery ?? 0) * (1 - (state.retention ?? 1));
    const parts = { taste: 0, need: score, fit: 0, popularity: 0 };
    return [{ candidate, parts, ready: 1, score, known }];
  });
}

/** Why a skill is to be practised again; null where that is not what it lacks. */
export function refresherOf(state: SkillState): Reason | null {
  const { skillId, name, retention, lastAnsweredAt, required } = state;
  const level = shownLevel(state);
  if (!isFaded(state) || (required !== null && !isReached(state))) return null;
  if (level === null || retention === null || lastAnsweredAt === null) return null;
  const days = Math.floor((Date.now() - lastAnsweredAt.getTime()) / DAY_MS);
  return { type: 'refresher', skill: { id: skillId, title: name }, level, days, retention };
}

/** Known well enough once, on enough answers, and less likely than four in five to be remembered. */
export function isFaded(state: SkillState): boolean {
  const { answers, mastery, retention } = state;
  return (
    answers >= ENOUGH_ANSWERS &&
    mastery !== null &&
    (mastery >= ONCE_MASTERED || isReached(state)) &&
    retention !== null &&
    retention < FORGOTTEN_BELOW
  );
}

/** There is a target, and the level that is shown is there. */
export function isReached(state: SkillState): boolean {
  return state.required !== null && (shownLevel(state) ?? 1) >= state.required;
}
