import type {
  OrganizationLimits,
  OrganizationStatus,
} from '@docent/contracts/directoryOrganizations';
import { notFound } from '@docent/core/errors';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { z } from 'zod';
import { lockOrganization, saveOrganization } from './organizations.store.ts';

/** What changes; what is undefined stays, a limit of null is none. */
export type Plan = {
  readonly status: z.infer<typeof OrganizationStatus> | undefined;
} & { readonly [limit in keyof OrganizationLimits]: OrganizationLimits[limit] | undefined };

/**
 * Sets status and limits of an organization from outside, as the one who runs the installation.
 *
 * @returns the organization as it is now.
 * @throws AppError `not_found`, `conflict` (a limit of nobody)
 */
export function limitOrganization(database: Database, orgId: string, plan: Plan) {
  return database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    const row = await lockOrganization(tx, orgId);
    if (row === null) throw notFound('organization', orgId);
    const { organization: before } = row;
    const limit = <K extends keyof OrganizationLimits>(name: K) =>
      plan[name] === undefined ? before.limits[name] : plan[name];
    const after = {
      ...before,
      status: plan.status ?? before.status,
      limits: {
        maxUsers: limit('maxUsers'),
        maxStorageBytes: limit('maxStorageBytes'),
        maxTokensPerMonth: limit('maxTokensPerMonth'),
      },
    };
    await saveOrganization(tx, orgId, after);
    return after;
  });
}
