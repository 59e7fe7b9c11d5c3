import type { Me } from '@docent/contracts/directory';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { findDepartments, findSelf } from './people.store.ts';

/** Who is calling and what they may do. */
export async function readMe(
  database: Database,
  principal: Principal,
  options: { signal: AbortSignal },
): Promise<Me> {
  return database.withPrincipal(
    principal,
    async (tx) => {
      const self = await findSelf(tx, principal);
      if (self === null) throw notFound('user', principal.userId);
      const departments = await findDepartments(tx, principal.orgId, principal.departmentIds);
      return {
        user: { id: principal.userId, name: self.name, email: self.email },
        organization: { id: principal.orgId, name: self.organizationName },
        role: self.role,
        departments,
        apiKeyId: principal.apiKeyId ?? null,
        scopes: [...principal.scopes],
        grants: [...(principal.grants ?? [])],
        signIn: {
          method: principal.apiKeyId === undefined ? 'access_token' : 'api_key',
          issuerId: principal.issuerId ?? null,
        },
      };
    },
    { readOnly: true, signal: options.signal },
  );
}
