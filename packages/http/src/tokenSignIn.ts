import { createHash } from 'node:crypto';
import { atMost } from '@docent/cache/atMost';
import { AppError } from '@docent/core/errors';
import { type Origin, type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { readToken, refusedToken, verifyToken } from './accessToken.ts';
import { type Identity, linkPerson } from './firstSignIn.ts';
import { findIdentity } from './identities.store.ts';
import type { IssuerRow } from './issuers.store.ts';
import { createIssuers } from './issuers.ts';
import type { KeySets } from './jwks.ts';
import { findOwner, type OwnerRow } from './principal.store.ts';
import type { SecurityEvents } from './securityEvents.ts';

/** A role or department that changed, an identity that was unlinked: in force after this time at the latest. */
const CACHE_MS = 5_000;

export interface SignedIn {
  readonly principal: Principal;
  readonly identityId: string;
}

export interface TokenSignIn {
  /**
   * Who an access token speaks for. Who they are is asked of our own tables: of the token count issuer and
   * subject only, and name and e-mail address once, for a new person.
   *
   * @throws AppError `unauthenticated`; `forbidden` when the token is good but nobody may come in by it;
   *   `issuer_unavailable`, `overloaded`, `database_unavailable` when it cannot be told.
   */
  signIn(token: string, origin: Origin): Promise<SignedIn>;
}

export function createTokenSignIn(deps: {
  readonly database: Database;
  readonly keySets: KeySets;
  readonly securityEvents: SecurityEvents;
}): TokenSignIn {
  const { database, keySets, securityEvents } = deps;
  const issuers = createIssuers(database);
  const known = new LRUCache<string, Promise<SignedIn>>({ ...atMost(10_000), ttl: CACHE_MS });

  return { signIn };

  async function signIn(token: string, origin: Origin, again = false): Promise<SignedIn> {
    const unproven = readToken(token);
    const issuer = unproven === null ? null : await issuers.find(unproven, origin.ip);
    if (unproven === null || issuer === null) {
      securityEvents.record({ kind: 'sign_in_failed', orgId: null, origin });
      throw refusedToken();
    }
    const event = {
      orgId: issuer.orgId,
      issuerId: issuer.id,
      identityHash: hashOf(unproven.issuer, unproven.subject),
      origin,
    };
    const claims = await verifyToken(token, issuer, keySets.keysAt(issuer.jwksUri)).catch(
      (error: unknown) => {
        const refused = error instanceof AppError && error.code === 'unauthenticated';
        if (refused) securityEvents.record({ ...event, kind: 'sign_in_failed' });
        throw error;
      },
    );
    try {
      return await identified(issuer, { ...claims, sub: unproven.subject }, origin);
    } catch (error) {
      if (error instanceof IssuerChanged) {
        // What the signature was checked by is not in force any more: once more by what is.
        issuers.forget(issuer.issuer);
        if (again) throw refusedToken();
        return signIn(token, origin, true);
      }
      if (error instanceof AppError && error.code === 'forbidden') {
        securityEvents.record({ ...event, kind: 'sign_in_refused' });
      }
      throw error;
    }
  }

  /** Remembered for 5 s, also that somebody may not come in. */
  function identified(
    issuer: IssuerRow,
    claims: JWTPayload & { readonly sub: string },
    origin: Origin,
  ): Promise<SignedIn> {
    const key = JSON.stringify([issuer.orgId, issuer.id, issuer.state, claims.sub]);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const looking = identify(issuer, claims, origin);
    known.set(key, looking);
    looking.catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === 'forbidden')) known.delete(key);
    });
    return looking;
  }

  async function identify(
    issuer: IssuerRow,
    claims: JWTPayload & { readonly sub: string },
    origin: Origin,
  ): Promise<SignedIn> {
    const { orgId } = issuer;
    const worker = { ...workerPrincipal(orgId), origin };
    const found = await database.withPrincipal(
      worker,
      async (tx) => {
        const stored = await findIdentity(tx, issuer, claims.sub);
        const owner = stored?.userId ? await findOwner(tx, orgId, stored.userId) : null;
        return { stored, owner };
      },
      { readOnly: true, keepPlans: true },
    );
    if (!found.stored?.unchanged) throw new IssuerChanged();
    const { identityId, userId } = found.stored;
    if (identityId !== null && userId !== null) {
      return signedIn(issuer, { identityId, userId }, found.owner);
    }
    const identity = await linkPerson(database, worker, issuer, claims);
    if (identity === null) {
      throw new AppError(
        'forbidden',
        'The access token is good, but nobody of the organization is linked to it. Ask an administrator.',
      );
    }
    const reading = (tx: Tx) => findOwner(tx, orgId, identity.userId);
    const owner = await database.withPrincipal(worker, reading, { readOnly: true });
    return signedIn(issuer, identity, owner);
  }
}

function signedIn(issuer: IssuerRow, identity: Identity, owner: OwnerRow | null): SignedIn {
  if (owner === null) {
    throw new AppError(
      'forbidden',
      'The access token is good, but the person or the organization is not active.',
    );
  }
  const principal: Principal = {
    orgId: issuer.orgId,
    userId: identity.userId,
    ...owner,
    issuerId: issuer.id,
    scopes: ['*'],
  };
  return { principal, identityId: identity.identityId };
}

/** The row that a token was checked by is not the one that is stored. */
class IssuerChanged extends Error {}

function hashOf(issuer: string, subject: string): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
}
