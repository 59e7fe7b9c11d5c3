import { atMost } from '@docent/cache/atMost';
import { AppError } from '@docent/core/errors';
import {
  type Origin,
  type Principal,
  type Role,
  type Scope,
  workerPrincipal,
} from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { LRUCache } from 'lru-cache';
import { looksLikeToken } from './accessToken.ts';
import { parseKey } from './apiKey.ts';
import { touchIdentity } from './identities.store.ts';
import type { KeySets } from './jwks.ts';
import { createKeySignIn } from './keySignIn.ts';
import type { Lockout } from './lockout.ts';
import { touchKey } from './principal.store.ts';
import type { SecurityEvents } from './securityEvents.ts';
import { createTokenSignIn } from './tokenSignIn.ts';

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

const TOUCH_EVERY_MS = 60_000;

export interface Authenticator {
  /**
   * Who a request's `Authorization` header speaks for: an API key (`dct_…`) or an access token.
   *
   * @throws AppError `unauthenticated`, `forbidden` (a good token of nobody who may come in), `rate_limited`
   *   (a key that was guessed at), or `issuer_unavailable`, `overloaded`, `database_unavailable` when it
   *   cannot be told.
   */
  authenticate(authorization: string | undefined, origin: Origin): Promise<Principal>;
  /** Notes no further use of keys and identities, and waits for what is still being written. */
  close(): Promise<void>;
}

/** Nothing is asked of the database for a token that cannot be right. */
export function createAuthenticator(deps: {
  readonly database: Database;
  readonly keySets: KeySets;
  readonly lockout: Lockout;
  readonly securityEvents: SecurityEvents;
  /** Told when the use of a key could not be noted. */
  readonly onError: (error: unknown) => void;
}): Authenticator {
  const { database, onError } = deps;
  const keys = createKeySignIn(deps);
  const tokens = createTokenSignIn(deps);
  const touched = new LRUCache<string, true>({ ...atMost(10_000), ttl: TOUCH_EVERY_MS });
  const writing = new Set<Promise<void>>();
  let closed = false;

  return {
    async authenticate(authorization, origin) {
      const token = bearerToken(authorization);
      const key = parseKey(token);
      if (key !== null) {
        const principal = await keys.signIn(key, origin);
        const { orgId } = principal;
        noteUse(orgId, key.id, (tx) => touchKey(tx, { orgId, id: key.id, ip: origin.ip }));
        return principal;
      }
      if (!looksLikeToken(token)) throw notAToken();
      const { principal, identityId } = await tokens.signIn(token, origin);
      const { orgId } = principal;
      noteUse(orgId, identityId, (tx) => touchIdentity(tx, orgId, identityId));
      return principal;
    },
    async close() {
      closed = true;
      await Promise.all(writing);
    },
  };

  // Not on the request's path: nobody waits for a time stamp.
  function noteUse(orgId: string, id: string, touch: (tx: Tx) => Promise<number>): void {
    if (closed || touched.has(id)) return;
    touched.set(id, true);
    const write = database
      .withPrincipal(workerPrincipal(orgId), touch)
      .then(() => undefined, onError)
      .finally(() => writing.delete(write));
    writing.add(write);
  }
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new AppError(
      'unauthenticated',
      'Send "Authorization: Bearer" and an API key (dct_…) or an access token. There was no such header.',
    );
  }
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) {
    throw new AppError(
      'unauthenticated',
      'The Authorization header must be "Bearer" and an API key or an access token.',
    );
  }
  return token;
}

function notAToken(): AppError {
  return new AppError('unauthenticated', 'That is neither an API key nor an access token.');
}
