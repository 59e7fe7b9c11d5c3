import type { UserSkill, UserSkillDetail } from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { type PageRequest, readPage } from '@docent/http/paging';
import { findOverseen } from '../people.store.ts';
import { catchUpLearner } from './mastery.ts';
import { findSkillHistory, findUserSkill, listUserSkills } from './skills.store.ts';

/**
 * What somebody can do, with the evidence: the caller's own, administrators' of everybody, HR managers' of the own
 * departments. Answers that mastery does not have yet are counted first.
 *
 * @throws AppError `not_found` when there is no such person for the caller.
 */
export async function userSkills(
  database: Database,
  principal: Principal,
  userId: string,
  page: PageRequest,
): Promise<{ items: UserSkill[]; nextCursor: string | null }> {
  const { orgId } = principal;
  await catchUp(database, principal, userId);
  return database.withPrincipal(
    principal,
    (tx) =>
      readPage('name', page, (after, limit) => listUserSkills(tx, orgId, userId, after, limit)),
    { readOnly: true },
  );
}

/**
 * One of them, also a skill of which nothing is known, with how its estimate moved.
 *
 * @throws AppError `not_found` when there is no such person or skill for the caller.
 */
export async function userSkill(
  database: Database,
  principal: Principal,
  userId: string,
  skillId: string,
): Promise<UserSkillDetail> {
  const { orgId } = principal;
  await catchUp(database, principal, userId);
  return database.withPrincipal(
    principal,
    async (tx) => {
      const [skill, history] = await Promise.all([
        findUserSkill(tx, orgId, userId, skillId),
        findSkillHistory(tx, orgId, userId, skillId),
      ]);
      if (skill === null) throw notFound('skill', skillId);
      return { ...skill, history };
    },
    { readOnly: true },
  );
}

async function catchUp(database: Database, principal: Principal, userId: string): Promise<void> {
  const { orgId } = principal;
  const person = await database.withPrincipal(principal, (tx) => findOverseen(tx, orgId, userId), {
    readOnly: true,
  });
  if (person === null) throw notFound('user', userId);
  if (person.masteryStale) await catchUpLearner(database, orgId, userId);
}
