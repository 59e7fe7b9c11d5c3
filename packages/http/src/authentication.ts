import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@docent/core/errors';
import type { Principal, Role, Scope } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { LRUCache } from 'lru-cache';
import { parseKey } from './apiKey.ts';
import { findKey, findOwner, touchKey } from './principal.store.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. Every other route names its `scope`. */
    public?: boolean;
    /** What a key needs for this route; `any`: every valid key; `*`: only one that nothing narrows. */
    scope?: Scope | '*' | 'any';
    /** Roles that may call this route without a grant of its scope; all when missing. */
    roles?: readonly Role[];
    /** Longest time of this route in milliseconds, instead of the app's; a stream that is open has none. */
    timeoutMs?: number;
  }
  interface FastifyRequest {
    /** Who is calling. Reading it on a public route throws. */
    readonly principal: Principal;
  }
}

/** A role or department that changed, a revoked key: in force after this time at the latest. */
const CACHE_MS = 5_000;
const TOUCH_EVERY_MS = 60_000;

export interface Authenticator {
  /**
   * Who a request's `Authorization` header speaks for.
   * @throws AppError `unauthenticated`, or `database_unavailable` when it cannot be told.
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** Notes no further use of keys, and waits for what is still being written. */
  close(): Promise<void>;
}

/** Authentication by API key; nothing is asked of the database for a token that fails its checksum. */
export function createAuthenticator(
  database: Database,
  onError: (error: unknown) => void,
): Authenticator {
  // The hash is part of the key: a wrong secret never finds what the right one has put there.
  const known = new LRUCache<string, Promise<Principal>>({ max: 10_000, ttl: CACHE_MS });
  const touched = new LRUCache<string, true>({ max: 10_000, ttl: TOUCH_EVERY_MS });
  const writing = new Set<Promise<void>>();
  let closed = false;

  return {
    async authenticate(authorization) {
      const token = bearerToken(authorization);
      const key = parseKey(token);
      if (key === null) throw refused();
      const cacheKey = `${key.id}:${key.secretHash.toString('hex')}`;
      let looking = known.get(cacheKey);
      if (looking === undefined) {
        looking = lookUp(database, key.id, key.secretHash);
        known.set(cacheKey, looking);
      }
      try {
        const principal = await looking;
        noteUse(principal, key.id);
        return principal;
      } catch (error) {
        known.delete(cacheKey);
        throw error;
      }
    },
    async close() {
      closed = true;
      await Promise.all(writing);
    },
  };

  // Not on the request's path: nobody waits for a time stamp.
  function noteUse(principal: Principal, keyId: string): void {
    if (closed || touched.has(keyId)) return;
    touched.set(keyId, true);
    const write = database
      .withPrincipal(principal, (tx) => touchKey(tx, principal, keyId))
      .then(() => undefined, onError)
      .finally(() => writing.delete(write));
    writing.add(write);
  }
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new AppError(
      'unauthenticated',
      'Send an API key: "Authorization: Bearer dct_…". There was no Authorization header.',
    );
  }
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) {
    throw new AppError(
      'unauthenticated',
      'The Authorization header must be "Bearer" and an API key.',
    );
  }
  return token;
}

async function lookUp(database: Database, keyId: string, secretHash: Buffer): Promise<Principal> {
  const key = await database.withApiKey(keyId, (tx) => findKey(tx, keyId));
  if (key === null || !timingSafeEqual(Buffer.from(key.secretHash, 'hex'), secretHash)) {
    throw refused();
  }
  if (!key.usable) throw refused();
  const asking: Principal = {
    orgId: key.orgId,
    userId: key.userId,
    role: 'learner',
    departmentIds: [],
    scopes: [],
  };
  const owner = await database.withPrincipal(asking, (tx) => findOwner(tx, key.orgId, key.userId), {
    readOnly: true,
  });
  if (owner === null) throw refused();
  return {
    orgId: key.orgId,
    userId: key.userId,
    role: owner.role,
    departmentIds: owner.departmentIds,
    departmentPath: owner.departmentPath,
    grants: owner.grants,
    apiKeyId: keyId,
    scopes: key.scopes,
  };
}

/** One wording for unknown, wrong, expired, revoked and deactivated: nothing to learn by trying. */
function refused(): AppError {
  return new AppError('unauthenticated', 'The API key is not valid, or not valid any more.');
}
