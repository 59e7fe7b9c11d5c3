import type { Principal } from '@docent/core/principal';
import type { Person } from './progress.store.ts';

/** Of a caller what decides whose progress they write. */
export type Reporter = Pick<Principal, 'userId' | 'role' | 'departmentIds' | 'grants'>;

/**
 * Whether the caller may write the progress of a person: their own, HR managers that of their departments,
 * administrators everybody's, and whom somebody granted it. Row-level security has the same rule.
 */
export function writesProgressOf(reporter: Reporter, person: Person): boolean {
  return person.id === reporter.userId || reaches(reporter, person);
}

/**
 * The same, but somebody else's: such callers are believed in what is checked elsewhere. Nobody is believed about
 * themselves, whatever their role.
 */
export function oversees(reporter: Reporter, person: Person): boolean {
  return person.id !== reporter.userId && reaches(reporter, person);
}

/** Whether what the caller oversees includes this person, be it themselves: they may assign, for one. */
export function reaches(
  { role, departmentIds, grants = [] }: Reporter,
  { departmentId }: Person,
): boolean {
  if (role === 'admin' || role === 'worker') return true;
  const granted = grants.filter(({ scope }) => scope === 'progress:write');
  if (granted.some(({ extent }) => extent === 'organization')) return true;
  if (departmentId === null || !departmentIds.includes(departmentId)) return false;
  return role === 'hr_manager' || granted.some(({ extent }) => extent === 'department');
}
