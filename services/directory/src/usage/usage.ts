import type { Usage } from '@docent/contracts/usage';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { isAdmin } from '../shared/admin.ts';
import {
  findBudgets,
  findOrganizationUsage,
  findOwnUsage,
  listDepartmentUsage,
  listPeopleUsage,
} from './usage.store.ts';

const MOST_PEOPLE = 100;

/**
 * What was used of the plan in a month: administrators see all of it, HR managers their departments, everybody
 * what they used themselves.
 *
 * @param month as 2026-11; default: this one (UTC).
 */
export async function readUsage(
  database: Database,
  principal: Principal,
  { month = new Date().toISOString().slice(0, 7) }: { month?: string | undefined },
  { signal }: { signal: AbortSignal },
): Promise<Usage> {
  const { orgId, userId, role, departmentIds } = principal;
  const first = `${month}-01`;
  const admin = isAdmin(principal);
  const reading = { readOnly: true, signal };
  const used = await database.withPrincipal(
    principal,
    async (tx) => ({
      own: await findOwnUsage(tx, orgId, userId, first),
      departments: await listDepartmentUsage(
        tx,
        orgId,
        admin ? null : role === 'hr_manager' ? departmentIds : [],
        first,
      ),
      plan: admin ? await findOrganizationUsage(tx, orgId, first) : null,
      people: admin ? await listPeopleUsage(tx, orgId, first, MOST_PEOPLE) : [],
    }),
    reading,
  );
  const { own, departments, plan, people } = used;
  const subjects = [userId, ...departments.map(({ id }) => id), ...people.map(({ id }) => id)];
  const limits = await database.withPrincipal(
    workerPrincipal(orgId),
    (tx) => findBudgets(tx, orgId, subjects),
    reading,
  );
  const limitOf = (id: string) => limits.get(id) ?? null;
  return {
    month,
    own: { ...own, limit: limitOf(userId) },
    organization: plan && {
      tokens: { used: plan.tokens, limit: plan.maxTokens },
      storageBytes: { used: plan.storageBytes, limit: plan.maxStorageBytes },
      people: { used: plan.people, limit: plan.maxUsers },
    },
    departments: departments.map((one) => ({ ...one, limit: limitOf(one.id) })),
    people: people.map((one) => ({ ...one, limit: limitOf(one.id) })),
  };
}
