import { timingSafeEqual } from 'node:crypto';
import { atMost } from '@docent/cache/atMost';
import { AppError } from '@docent/core/errors';
import { type Origin, type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { LRUCache } from 'lru-cache';
import type { Lockout } from './lockout.ts';
import { findKey, findOwner } from './principal.store.ts';
import type { SecurityEvent, SecurityEvents } from './securityEvents.ts';

/** A role or department that changed, a revoked key: in force after this time at the latest. */
const CACHE_MS = 5_000;

/** What a token of an API key has in it. */
export interface PresentedKey {
  readonly id: string;
  readonly secretHash: Buffer;
}

export interface KeySignIn {
  /**
   * Who an API key acts for.
   *
   * @throws AppError `unauthenticated`; `rate_limited` when it was guessed at from this address;
   *   `database_unavailable` when it cannot be told.
   */
  signIn(key: PresentedKey, origin: Origin): Promise<Principal>;
}

type Outcome =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | {
      readonly kind: 'refused';
      readonly why: SecurityEvent['kind'];
      readonly orgId: string | null;
    };

export function createKeySignIn(deps: {
  readonly database: Database;
  readonly lockout: Lockout;
  readonly securityEvents: SecurityEvents;
}): KeySignIn {
  const { database, lockout, securityEvents } = deps;
  // The hash is part of the key: a wrong secret never finds what the right one has put there.
  const known = new LRUCache<string, Promise<Outcome>>({ ...atMost(10_000), ttl: CACHE_MS });

  return {
    async signIn(key, origin) {
      const seconds = lockout.secondsLeft(key.id, origin.ip);
      if (seconds > 0) throw lockedOut(seconds);
      const outcome = await remembered(key);
      if (outcome.kind === 'principal') return outcome.principal;
      await note(key, outcome, origin);
      throw refused();
    },
  };

  /** Remembered for 5 s, also that a key is no good; not that it could not be looked up. */
  function remembered(key: PresentedKey): Promise<Outcome> {
    const cacheKey = `${key.id}:${key.secretHash.toString('hex')}`;
    const before = known.get(cacheKey);
    if (before !== undefined) return before;
    const looking = lookUp(database, key);
    known.set(cacheKey, looking);
    looking.catch(() => known.delete(cacheKey));
    return looking;
  }

  async function note(
    { id }: PresentedKey,
    { why, orgId }: Outcome & { readonly kind: 'refused' },
    origin: Origin,
  ): Promise<void> {
    const apiKeyId = orgId === null ? undefined : id;
    securityEvents.record({ kind: why, orgId, apiKeyId, origin });
    // Only who does not know the secret is guessing.
    if (why !== 'sign_in_failed') return;
    const seconds = await lockout.failed(id, origin.ip);
    if (seconds === 0) return;
    securityEvents.record({
      kind: 'locked_out',
      orgId,
      apiKeyId,
      origin,
      details: { seconds },
    });
  }
}

async function lookUp(database: Database, { id, secretHash }: PresentedKey): Promise<Outcome> {
  const key = await database.withApiKey(id, (tx) => findKey(tx, id));
  if (key === null) return { kind: 'refused', why: 'sign_in_failed', orgId: null };
  const { orgId, userId } = key;
  if (!timingSafeEqual(Buffer.from(key.secretHash, 'hex'), secretHash)) {
    return { kind: 'refused', why: 'sign_in_failed', orgId };
  }
  if (key.revoked) return { kind: 'refused', why: 'revoked_key_used', orgId };
  if (key.expired) return { kind: 'refused', why: 'expired_key_used', orgId };
  const owner = await database.withPrincipal(
    workerPrincipal(orgId),
    (tx) => findOwner(tx, orgId, userId),
    { readOnly: true, keepPlans: true },
  );
  if (owner === null) return { kind: 'refused', why: 'sign_in_refused', orgId };
  const limit = key.rateLimitPerMinute;
  const principal: Principal = {
    orgId,
    userId,
    ...owner,
    apiKeyId: id,
    ...(limit === null ? {} : { rateLimitPerMinute: limit }),
    scopes: key.scopes,
  };
  return { kind: 'principal', principal };
}

/** One wording for unknown, wrong, expired, revoked and deactivated: nothing to learn by trying. */
function refused(): AppError {
  return new AppError('unauthenticated', 'The API key is not valid, or not valid any more.');
}

function lockedOut(seconds: number): AppError {
  return new AppError(
    'rate_limited',
    `There were too many wrong secrets for this key from this address. Wait ${seconds} s.`,
    { details: { retryAfterSeconds: seconds } },
  );
}
