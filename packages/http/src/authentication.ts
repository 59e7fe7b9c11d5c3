import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@docent/core/errors';
import type { Principal, Role } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { parseKey } from './apiKey.ts';
import { findKey, findOwner, touchKey } from './principal.store.ts';

/** What a key may be narrowed to; `*` is every right of its owner. */
export const scopes = ['content:read', 'content:write', 'search', 'chat'] as const;
export type Scope = (typeof scopes)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. Every other route names its `scope`. */
    public?: boolean;
    /** What a key needs for this route; `any`: every valid key. */
    scope?: Scope | 'any';
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

/**
 * A preHandler that lets only these roles pass.
 * @throws AppError `forbidden` that names the roles.
 */
export function requireRole(...allowed: Role[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (allowed.includes(request.principal.role)) return;
    throw new AppError('forbidden', `This needs the role ${allowed.join(' or ')}.`, {
      details: { requiredRoles: allowed, role: request.principal.role },
    });
  };
}

/** @throws AppError `forbidden` that names the scope, when the key has neither it nor `*`. */
export function checkScope(principal: Principal, scope: Scope | 'any'): void {
  if (scope === 'any') return;
  if (principal.scopes.includes('*') || principal.scopes.includes(scope)) return;
  throw new AppError('forbidden', `This key lacks the scope ${scope}.`, {
    details: { requiredScope: scope, scopes: principal.scopes },
  });
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
    apiKeyId: keyId,
    scopes: key.scopes,
  };
}

/** One wording for unknown, wrong, expired, revoked and deactivated: nothing to learn by trying. */
function refused(): AppError {
  return new AppError('unauthenticated', 'The API key is not valid, or not valid any more.');
}
