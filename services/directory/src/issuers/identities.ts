import type { Identity, NewIdentity } from '@docent/contracts/access';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { isPerson } from '../people/records.store.ts';
import { isAdmin } from '../shared/admin.ts';
import { deleteIdentity, insertIdentity, listIdentities } from './identities.store.ts';
import { findIssuer } from './issuers.store.ts';

/** Who people are to the issuers of access tokens: by which tokens they come in. */
export type Identities = ReturnType<typeof makeIdentities>;

export function makeIdentities(database: Database) {
  return {
    /** Oldest first; administrators see everybody's, others their own. @throws AppError `not_found` */
    list(principal: Principal, userId: string): Promise<Identity[]> {
      if (!isAdmin(principal) && userId !== principal.userId) throw notFound('user', userId);
      const reading = async (tx: Tx) => {
        await requirePerson(tx, principal.orgId, userId);
        return listIdentities(tx, principal.orgId, userId);
      };
      return database.withPrincipal(principal, reading, { readOnly: true });
    },

    /** @throws AppError `not_found` (person, issuer), `conflict` (the subject is somebody already) */
    async link(
      tx: Tx,
      principal: Principal,
      userId: string,
      { issuerId, subject }: NewIdentity,
    ): Promise<Identity> {
      const { orgId } = principal;
      await requirePerson(tx, orgId, userId);
      if ((await findIssuer(tx, orgId, issuerId)) === null) throw notFound('issuer', issuerId);
      const identity = { id: newId(), userId, issuerId, subject };
      return insertIdentity(tx, orgId, identity).catch((cause: unknown) => {
        if (violationOf(cause)?.kind !== 'unique') throw cause;
        throw new AppError(
          'conflict',
          'This subject of the issuer is linked to a person already.',
          {
            cause,
          },
        );
      });
    },

    /** Their tokens are refused within 5 seconds. @throws AppError `not_found` */
    async unlink(principal: Principal, userId: string, id: string): Promise<void> {
      const removed = await database.withPrincipal(principal, (tx) =>
        deleteIdentity(tx, principal.orgId, { id, userId }),
      );
      if (removed === 0) throw notFound('identity', id);
    },
  };
}

async function requirePerson(tx: Tx, orgId: string, id: string): Promise<void> {
  if (!(await isPerson(tx, orgId, id))) throw notFound('user', id);
}
