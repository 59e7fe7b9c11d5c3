import { atMost } from '@docent/cache/atMost';
import { AppError } from '@docent/core/errors';
import { createLocalJWKSet, errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** A set is fetched anew after this time, beside the requests. */
const FRESH_MS = 5 * 60_000;
/** An issuer that is down is no reason to turn its people away; after this time its keys are too old. */
const STALE_MS = 60 * 60_000;
/** For a key that the set does not have, the set is fetched at most this often. */
const UNKNOWN_KEY_MS = 30_000;
/** An issuer whose set could not be had is asked again after this time. */
const FAILED_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const MAX_SETS = 500;

const KeySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(200) });

export interface KeySetOptions {
  /** `http://localhost` may serve keys: development only. */
  readonly allowLocalHttp: boolean;
  /** Longest time to fetch a set, milliseconds. */
  readonly timeoutMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
  /** Told of a set that could not be had, for the log. */
  readonly onError?: (error: unknown, uri: string) => void;
}

/** The keys of issuers, by the address of their set. */
export interface KeySets {
  /** Finds the key that a token names, for `jwtVerify`; throws AppError `issuer_unavailable`. */
  keysAt(uri: string): JWTVerifyGetKey;
}

/**
 * Key sets that are kept: fetched anew now and then and when a token names a key that is not there; served
 * on while their issuer does not answer.
 */
export function createKeySets(options: KeySetOptions): KeySets {
  const sets = new LRUCache<string, JWTVerifyGetKey>(atMost(MAX_SETS));
  return {
    keysAt(uri) {
      const known = sets.get(uri) ?? keySet(uri, options);
      sets.set(uri, known);
      return known;
    },
  };
}

function keySet(uri: string, options: KeySetOptions): JWTVerifyGetKey {
  const { now = () => performance.now(), onError = () => undefined } = options;
  let stored: LocalJWKSet | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<LocalJWKSet> | null = null;

  return async (header, token) => {
    if (now() - fetchedAt > STALE_MS) stored = null;
    const kept = stored;
    if (kept === null) return (await ask())(header, token);
    if (now() - fetchedAt > FRESH_MS && now() - askedAt > UNKNOWN_KEY_MS) ask().catch(ignore);
    try {
      return await kept(header, token);
    } catch (error) {
      const unknown = error instanceof errors.JWKSNoMatchingKey;
      if (!unknown || (asking === null && now() - askedAt < UNKNOWN_KEY_MS)) throw error;
      const newest = await ask().catch(() => kept);
      return newest(header, token);
    }
  };

  /** The newest set. One request at a time, whoever asks. */
  async function ask(): Promise<LocalJWKSet> {
    if (asking === null && stored === null && now() - askedAt < FAILED_MS) throw unavailable();
    asking ??= fetchSet().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function fetchSet(): Promise<LocalJWKSet> {
    askedAt = now();
    try {
      const set = createLocalJWKSet(await fetchKeySet(uri, options));
      stored = set;
      fetchedAt = now();
      return set;
    } catch (error) {
      onError(error, uri);
      throw unavailable(error);
    }
  }
}

/** Whether keys may be fetched from there: https, or http of this machine where that is allowed. */
export function mayServeKeys(uri: string, allowLocalHttp: boolean): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password } = new URL(uri);
  if (username !== '' || password !== '') return false;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && local && allowLocalHttp);
}

/**
 * @throws Error when the address may not serve keys, does not answer in 5 s, redirects, or answers something
 *   else than a set of keys of at most 256 KB.
 */
async function fetchKeySet(
  uri: string,
  { allowLocalHttp, timeoutMs = FETCH_TIMEOUT_MS }: KeySetOptions,
): Promise<z.infer<typeof KeySet>> {
  if (!mayServeKeys(uri, allowLocalHttp)) throw new Error('keys are fetched by https only');
  const response = await fetch(uri, {
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  if (response.status !== 200) throw new Error(`the key set was answered ${response.status}`);
  return KeySet.parse(JSON.parse(Buffer.concat(parts).toString()));
}

function unavailable(cause?: unknown): AppError {
  return new AppError(
    'issuer_unavailable',
    'The issuer of the access token does not answer, so the token cannot be checked. Try again in a moment.',
    { cause },
  );
}

function ignore(): void {}
