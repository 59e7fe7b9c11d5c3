import type { RecommendationType } from '@docent/contracts/recommend';
import { ENOUGH_ANSWERS } from '../mastery/elo.ts';
import type { Scored } from './blend.ts';
import type { CandidateRow } from './candidates.store.ts';
import type { SkillState } from './facts.store.ts';
import type { Facts } from './facts.ts';
import type { Reason } from './reasons.ts';

/** A skill that was mastered so well is worth keeping. */
const ONCE_MASTERED = 0.6;
/** Below this probability of recall it is time. */
const FORGOTTEN_BELOW = 0.8;
const DAY_MS = 86_400_000;

/** Items about skills that were mastered once and are being forgotten; the more is forgotten, the higher. */
export function refreshers(
  type: RecommendationType,
  { skills }: Facts,
  candidates: readonly CandidateRow[],
): (Scored<CandidateRow> & { known: Reason })[] {
  const faded = new Map([...skills].filter(([, state]) => isFaded(state)));
  if (type === 'course' || faded.size === 0) return [];
  return candidates.flatMap((candidate) => {
    const state = candidate.skillIds.flatMap((id) => faded.get(id) ?? [])[0];
    if (state === undefined || state.retention === null || state.lastAnsweredAt === null) return [];
    const days = Math.floor((Date.now() - state.lastAnsweredAt.getTime()) / DAY_MS);
    const score = (state.mastery ?? 0) * (1 - state.retention);
    const known: Reason = {
      type: 'refresher',
      skill: { id: state.skillId, title: state.name },
      days,
      retention: state.retention,
    };
    const parts = { taste: 0, need: score, fit: 0, popularity: 0 };
    return [{ candidate, parts, ready: 1, score, known }];
  });
}

/** Mastered on enough answers, and less likely than four in five to be remembered. */
export function isFaded({ answers, mastery, retention }: SkillState): boolean {
  return (
    answers >= ENOUGH_ANSWERS &&
    mastery !== null &&
    mastery >= ONCE_MASTERED &&
    retention !== null &&
    retention < FORGOTTEN_BELOW
  );
}
