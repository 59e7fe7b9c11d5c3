import type { RoleFilters, TargetRole } from '@docent/contracts/learning';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { type PageRequest, readPage } from '@docent/http/paging';
import { listRoles } from './roles.store.ts';

/** The jobs that there are targets for, by title: each of them can be the goal of a learning path. */
export function targetRoles(
  database: Database,
  principal: Principal,
  filters: RoleFilters,
  page: PageRequest,
): Promise<{ items: TargetRole[]; nextCursor: string | null }> {
  return readPage('name', page, (after, limit) =>
    database.withPrincipal(principal, (tx) => listRoles(tx, principal, filters, after, limit), {
      readOnly: true,
    }),
  );
}
