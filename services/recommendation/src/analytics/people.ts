import type { AtRiskPerson, UserAnalytics } from '@docent/contracts/analytics';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { findUserAnalytics } from './people.store.ts';

/** What analytics know about one person. */
export interface PeopleStory {
  /** @throws AppError `not_found` for whom the caller does not oversee. */
  analyticsOf(principal: Principal, userId: string): Promise<UserAnalytics>;
  /**
   * Who is at risk in a department; each reading goes on record.
   * @throws AppError `not_found` for a department that the caller does not oversee, `forbidden` where the
   *   organization has not switched the list on.
   */
  atRisk(principal: Principal, departmentId: string): Promise<AtRiskPerson[]>;
}

export function makePeople({ database }: { database: Database }): PeopleStory {
  return {
    async analyticsOf(principal, userId) {
      const found = await database.withPrincipal(
        principal,
        (tx) => findUserAnalytics(tx, principal.orgId, userId),
        { readOnly: true },
      );
      if (found === null) throw notFound('user', userId);
      return { ...found, atRisk: null };
    },
    async atRisk() {
      return [];
    },
  };
}
