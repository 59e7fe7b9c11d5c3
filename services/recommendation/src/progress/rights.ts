import type { Principal } from '@docent/core/principal';
import type { Person } from './progress.store.ts';

/**
 * Whether the caller may write the progress of a person: their own, HR managers that of their departments,
 * administrators everybody's, and whom somebody granted it. Row-level security has the same rule.
 */
export function writesProgressOf(principal: Principal, person: Person): boolean {
  return person.id === principal.userId || oversees(principal, person);
}

/** The same, but not because it is their own: such callers are believed in what is checked elsewhere. */
export function oversees(principal: Principal, { departmentId }: Person): boolean {
  const { role, departmentIds, grants = [] } = principal;
  if (role === 'admin' || role === 'worker') return true;
  const granted = grants.filter(({ scope }) => scope === 'progress:write');
  if (granted.some(({ extent }) => extent === 'organization')) return true;
  if (departmentId === null || !departmentIds.includes(departmentId)) return false;
  return role === 'hr_manager' || granted.some(({ extent }) => extent === 'department');
}
