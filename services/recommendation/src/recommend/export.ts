import type { LearningExport, UserSkill } from '@docent/contracts/recommend';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { userSkills } from '../mastery/skills.ts';
import { findEverything } from './export.store.ts';
import { learningProfile } from './profile.ts';

/**
 * Everything that the learning layer stores about somebody: the caller's own, or anybody's for administrators.
 *
 * @throws AppError `not_found`
 */
export async function exportLearning(
  database: Database,
  principal: Principal,
  userId: string,
): Promise<LearningExport> {
  const { recommendations: _newest, ...profile } = await learningProfile(
    database,
    principal,
    userId,
  );
  const skills: UserSkill[] = [];
  let cursor: string | undefined;
  do {
    const page = await userSkills(database, principal, userId, { cursor, limit: 100 });
    skills.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const rows = await database.withPrincipal(
    principal,
    (tx) => findEverything(tx, principal.orgId, userId),
    { readOnly: true },
  );
  return { exportedAt: new Date().toISOString(), profile, skills, ...rows };
}
