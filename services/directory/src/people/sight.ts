import type { Extent, Principal, Scope } from '@docent/core/principal';
import { type Sql, sql } from '@docent/database/sql';

/**
 * True, in a statement over `docent.users u`, of people of whom the caller reads everything: administrators of
 * all, HR managers of their departments, everybody of themselves, and as far as somebody granted it.
 */
export function wholeSight(principal: Principal): Sql {
  const all = isOf(principal, 'admin') || isGranted(principal, 'directory:read', 'organization');
  const departments =
    isOf(principal, 'hr_manager') || isGranted(principal, 'directory:read', 'department')
      ? principal.departmentIds
      : [];
  return sql`(${all}::boolean
    or coalesce(u.department_id = any (${departments}::uuid[]), false)
    or u.id = ${principal.userId}::uuid)`;
}

/** True, in the same statement, of people whose existence the caller may know of. */
export function anySight(principal: Principal): Sql {
  return sql`(${wholeSight(principal)}
    or u.status = 'active'
      and (u.visibility = 'organization'
        or u.visibility = 'department' and u.department_id = any (${principal.departmentIds}::uuid[])))`;
}

/** How far the caller may change people: `all`, some departments' only, or nobody. */
export type Reach = 'all' | readonly string[];

export function reachOf(principal: Principal): Reach {
  if (isOf(principal, 'admin') || isGranted(principal, 'directory:write', 'organization')) {
    return 'all';
  }
  return isGranted(principal, 'directory:write', 'department') ? principal.departmentIds : [];
}

export function reaches(reach: Reach, departmentId: string | null): boolean {
  return reach === 'all' || (departmentId !== null && reach.includes(departmentId));
}

function isOf({ role }: Principal, wanted: 'admin' | 'hr_manager'): boolean {
  return role === wanted || role === 'worker';
}

function isGranted({ grants = [] }: Principal, scope: Scope, extent: Extent): boolean {
  return grants.some(
    (grant) =>
      grant.scope === scope && (grant.extent === extent || grant.extent === 'organization'),
  );
}
