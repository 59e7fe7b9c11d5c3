import { AppError } from './errors.ts';
import type { Principal, Role, Scope } from './principal.ts';

/** What a route asks of its caller. */
export interface Needs {
  /** `any`: every caller that could be authenticated. `*`: only one that nothing narrows. */
  readonly scope: Scope | '*' | 'any';
  /** Roles that have it without a grant; all of them when missing. */
  readonly roles?: readonly Role[] | undefined;
}

/**
 * The one place that decides whether a caller may use a route: its key must have the scope, and its role
 * must be among the roles, or somebody granted it the scope. Which rows they then see and change is for
 * row-level security.
 *
 * @throws AppError `forbidden` that names what is missing.
 */
export function checkAccess(principal: Principal, { scope, roles }: Needs): void {
  if (scope !== 'any' && !hasScope(principal, scope)) {
    throw new AppError('forbidden', `This key lacks the scope ${scope}.`, {
      details: { requiredScope: scope, scopes: principal.scopes },
    });
  }
  if (roles === undefined || principal.role === 'worker' || roles.includes(principal.role)) return;
  if (principal.grants?.some((grant) => grant.scope === scope)) return;
  throw new AppError('forbidden', `This needs the role ${roles.join(' or ')}.`, {
    details: { requiredRoles: roles, role: principal.role },
  });
}

/** The caller's key, if it is one, is not narrowed to something else. */
export function hasScope({ scopes }: Principal, scope: Scope | '*'): boolean {
  return scopes.includes('*') || scopes.includes(scope);
}
