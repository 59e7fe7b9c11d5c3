import type { Grant, NewGrant } from '@docent/contracts/directory';
import { hasScope } from '@docent/core/access';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import { isPerson } from '../people/records.store.ts';
import { isAdmin, requireAdmin } from '../shared/admin.ts';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import { listGrants, revokeGrant, upsertGrant } from './grants.store.ts';

/** Rights beyond a person's role, given by administrators. They count within 5 seconds. */
export type Grants = ReturnType<typeof makeGrants>;

export function makeGrants(database: Database) {
  return {
    /** Newest first; administrators see everybody's, others their own. */
    async list(
      principal: Principal,
      userId: string,
      { cursor, limit, inForce }: Wanted & { inForce: boolean },
    ): Promise<Page<Grant>> {
      if (!isAdmin(principal) && userId !== principal.userId) throw notFound('user', userId);
      const after = positionFrom(Position, cursor);
      const rows = await database.withPrincipal(
        principal,
        async (tx) => {
          await requirePerson(tx, principal.orgId, userId);
          return listGrants(tx, principal.orgId, userId, { inForce, after, limit: limit + 1 });
        },
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        ({ grant }) => grant,
        ({ position, grant }) => [position, grant.id],
      );
    },

    /**
     * Gives a right; the same one again is renewed.
     *
     * @returns `created` is false when a grant was renewed.
     * @throws AppError `forbidden` (more than the caller has), `not_found`, `invalid_request` (it would have
     *   expired already, or is nothing that can be granted)
     */
    async add(
      principal: Principal,
      userId: string,
      given: NewGrant,
    ): Promise<{ grant: Grant; created: boolean }> {
      requireAdmin(principal);
      requireGrantable(given);
      if (!hasScope(principal, given.scope)) {
        throw new AppError(
          'forbidden',
          `Nobody grants what they lack: this key lacks ${given.scope}.`,
          {
            details: { requiredScope: given.scope, scopes: principal.scopes },
          },
        );
      }
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        await requirePerson(tx, orgId, userId);
        const id = newId();
        const row = await upsertGrant(tx, orgId, {
          ...given,
          id,
          userId,
          grantedBy: principal.userId,
        });
        return { grant: row.grant, created: row.grant.id === id };
      });
    },

    /** @throws AppError `not_found`, also when it was revoked before */
    revoke(principal: Principal, userId: string, id: string): Promise<Grant> {
      requireAdmin(principal);
      const { orgId, userId: revokedBy } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const row = await revokeGrant(tx, orgId, { id, userId, revokedBy });
        if (row === null) throw notFound('grant', id);
        return row.grant;
      });
    },
  };
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

/** What administrators alone do: with it, somebody could make themselves one. */
const NEVER: readonly NewGrant['scope'][] = ['scim', 'keys:write'];

function requireGrantable({ scope, expiresAt }: NewGrant): void {
  if (NEVER.includes(scope)) {
    throw new AppError('invalid_request', `${scope} comes with the role and cannot be granted.`);
  }
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) {
    throw new AppError('invalid_request', 'expiresAt must be in the future.');
  }
}

async function requirePerson(tx: Tx, orgId: string, id: string): Promise<void> {
  if (!(await isPerson(tx, orgId, id))) throw notFound('user', id);
}
