import type { Principal } from '@docent/core/principal';

/** Admins, and whom somebody granted it, oversee every department; others those that are theirs. */
export function oversees(
  { role, departmentIds, grants = [] }: Principal,
  department: string,
): boolean {
  const granted = grants.filter(({ scope }) => scope === 'analytics:read');
  if (role === 'admin' || granted.some(({ extent }) => extent === 'organization')) return true;
  const ofDepartments =
    role === 'hr_manager' || granted.some(({ extent }) => extent === 'department');
  return ofDepartments && departmentIds.includes(department);
}
