import type { LearningProfile, RecommendationRebuild } from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { type PageRequest, readPage } from '@docent/http/paging';
import { findOverseen } from '../people.store.ts';
import { countStored, findStored, listRebuilds, saveProfiling } from './profile.store.ts';

const PURPOSE = 'To show what you can do, what is asked for, and what could help you next.';
const NOT_USED_FOR =
  'Not for decisions about promotion, pay or dismissal. Age, sex, origin and the like are not stored here.';

/**
 * What is stored about somebody's learning, and what for: the caller's own, or anybody's for administrators.
 *
 * @throws AppError `not_found`
 */
export function learningProfile(
  database: Database,
  principal: Principal,
  userId: string,
): Promise<LearningProfile> {
  const { orgId } = principal;
  return database.withPrincipal(
    principal,
    async (tx) => {
      const person = await findOverseen(tx, orgId, userId);
      const mayRead = userId === principal.userId || principal.role === 'admin';
      if (person === null || !mayRead) throw notFound('user', userId);
      const rows = await countStored(tx, orgId, userId);
      const used = person.profiling;
      const about = (what: string, why: string, count: number, usedForRecommendations = used) => ({
        what,
        why,
        rows: count,
        usedForRecommendations,
      });
      return {
        profiling: person.profiling,
        purpose: PURPOSE,
        notUsedFor: NOT_USED_FOR,
        stored: [
          about(
            'Progress in courses and skills',
            'Where you stand, and what people took next',
            rows.progress,
          ),
          about(
            'Levels that you declared or a manager confirmed',
            'Gaps to the targets of your job, where there are no answers',
            rows.declarations,
          ),
          about('Attempts at assessments', 'Results, and passing a course', rows.attempts, false),
          about(
            'Answers that mastery is estimated from',
            'How likely you can apply a skill, and how hard a question is',
            rows.answers,
          ),
          about(
            'Mastery of each skill',
            'What you are ready for, what is not too hard, what to refresh',
            rows.mastery,
          ),
          about(
            'The meaning of your goal and job title',
            'Finding what is near to them',
            rows.goal,
          ),
          about(
            'Recommendations, and what became of them',
            'Not showing again what you dismissed; learning what helps',
            rows.recommendations,
            true,
          ),
        ],
        recommendations: await findStored(tx, orgId, userId),
      };
    },
    { readOnly: true },
  );
}

/**
 * Switches the caller's profiling on or off. Off: lists are the same for everybody of the department, and what the
 * caller does is in nobody else's list.
 *
 * @throws AppError `not_found` for anybody else.
 */
export async function chooseProfiling(
  database: Database,
  principal: Principal,
  userId: string,
  enabled: boolean,
): Promise<void> {
  if (userId !== principal.userId) throw notFound('user', userId);
  await database.withPrincipal(principal, (tx) =>
    saveProfiling(tx, principal.orgId, userId, enabled),
  );
}

/** The log of rebuilds, newest first. */
export function rebuilds(
  database: Database,
  principal: Principal,
  page: PageRequest,
): Promise<{ items: RecommendationRebuild[]; nextCursor: string | null }> {
  return database.withPrincipal(
    principal,
    (tx) =>
      readPage('time', page, (after, limit) => listRebuilds(tx, principal.orgId, after, limit)),
    { readOnly: true },
  );
}

/** Asks for a rebuild in the background. */
export async function requestRebuild(
  database: Database,
  jobs: Jobs,
  { orgId, ...rest }: Principal,
): Promise<void> {
  await database.withPrincipal({ orgId, ...rest }, (tx) =>
    jobs.send(tx, 'rebuild-recommendations', { orgId }, { singletonKey: orgId }),
  );
}
