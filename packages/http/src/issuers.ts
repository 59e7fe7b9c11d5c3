import { atMost } from '@docent/cache/atMost';
import { AppError } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import { LRUCache } from 'lru-cache';
import type { UnprovenToken } from './accessToken.ts';
import { findIssuers, type IssuerRow } from './issuers.store.ts';

/** How long what is stored of an issuer serves to check signatures. Who is let in is asked of the database. */
const KNOWN_MS = 10 * 60_000;
/** How long it is believed that nobody knows an issuer, or an issuer's audience. */
const UNKNOWN_MS = 5_000;
/** Look-ups that find nothing: of one address a minute, and of all in ten seconds. */
const MISSES_OF_ADDRESS = 10;
const MISSES_OF_ALL = 50;

export interface Issuers {
  /**
   * The issuer that a token names, by the audience that it is for; null when there is none.
   *
   * @throws AppError `overloaded` when too many tokens name issuers that nobody knows.
   */
  find(token: UnprovenToken, ip: string): Promise<IssuerRow | null>;
  /** What is stored has changed. */
  forget(issuer: string): void;
}

/**
 * Issuers by their URLs. A token that is no good takes no connection while its issuer is known; tokens that
 * name unknown ones take a few only, however many come.
 */
export function createIssuers(database: Database): Issuers {
  const known = new LRUCache<string, { rows: IssuerRow[]; readAt: number }>({
    ...atMost(1_000),
    ttl: KNOWN_MS,
  });
  const unknown = new LRUCache<string, true>({ ...atMost(10_000), ttl: UNKNOWN_MS });
  const missesOf = new LRUCache<string, { misses: number }>({ ...atMost(10_000), ttl: 60_000 });
  const missesOfAll = new LRUCache<'all', { misses: number }>({ ...atMost(1), ttl: 10_000 });
  const asking = new Map<string, Promise<IssuerRow[]>>();

  return {
    async find(token, ip) {
      const { issuer } = token;
      const entry = known.get(issuer);
      const row = forAudience(entry?.rows ?? [], token);
      if (row !== null) return row;
      const recent = entry !== undefined && performance.now() - entry.readAt < UNKNOWN_MS;
      if (recent || unknown.has(issuer)) return null;
      const giveBack = countMiss(ip);
      if (giveBack === null) return null;
      try {
        const found = forAudience(await ask(issuer), token);
        if (found !== null) giveBack();
        return found;
      } catch (error) {
        giveBack();
        throw error;
      }
    },
    forget: (issuer) => {
      known.delete(issuer);
    },
  };

  // Counted before it is asked: what comes at once counts, too.
  function countMiss(ip: string): (() => void) | null {
    const ofAddress = missesOf.get(ip) ?? { misses: 0 };
    const ofAll = missesOfAll.get('all') ?? { misses: 0 };
    if (ofAddress.misses >= MISSES_OF_ADDRESS) return null;
    if (ofAll.misses >= MISSES_OF_ALL) {
      throw new AppError('overloaded', 'Too many tokens name issuers that nobody knows here.');
    }
    if (ofAddress.misses === 0) missesOf.set(ip, ofAddress);
    if (ofAll.misses === 0) missesOfAll.set('all', ofAll);
    for (const count of [ofAddress, ofAll]) count.misses += 1;
    return () => {
      for (const count of [ofAddress, ofAll]) count.misses -= 1;
    };
  }

  async function ask(issuer: string): Promise<IssuerRow[]> {
    const running = asking.get(issuer);
    if (running !== undefined) return running;
    const look = database
      .withIssuer(issuer, (tx) => findIssuers(tx, issuer))
      .then((rows) => {
        if (rows.length > 0) known.set(issuer, { rows, readAt: performance.now() });
        else unknown.set(issuer, true);
        return rows;
      })
      .finally(() => asking.delete(issuer));
    asking.set(issuer, look);
    return look;
  }
}

/** The one row that the token is for; a token that is for two organizations is for none. */
function forAudience(rows: readonly IssuerRow[], { audiences }: UnprovenToken): IssuerRow | null {
  const [row, ...others] = rows.filter(({ audience }) => audiences.includes(audience));
  return row === undefined || others.length > 0 ? null : row;
}
