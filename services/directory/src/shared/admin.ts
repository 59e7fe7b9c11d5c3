import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';

/**
 * For what no grant gives: whoever may do this could give themselves the rest.
 * @throws AppError `forbidden`
 */
export function requireAdmin(principal: Principal): void {
  if (isAdmin(principal)) return;
  throw new AppError('forbidden', 'This needs the role admin.', {
    details: { requiredRoles: ['admin'], role: principal.role },
  });
}

export function isAdmin({ role }: Principal): boolean {
  return role === 'admin' || role === 'worker';
}
