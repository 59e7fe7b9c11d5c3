import { AppError } from '@docent/core/errors';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { IssuerRow } from './issuers.store.ts';

/** Signatures that issuers may use. What is not here is not looked at: `none`, secrets that two share. */
export const tokenAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** Longer ones are not read, characters. Tokens with 200 groups have about 7,000. */
const MAX_LENGTH = 8_192;
/** How far the clocks of an issuer and of this machine may be apart, seconds. */
const LEEWAY_SECONDS = 60;

const Header = z.looseObject({
  alg: z.enum(tokenAlgorithms),
  typ: z
    .string()
    .regex(/^(application\/)?(at\+)?jwt$/i)
    .optional(),
  kid: z.string().max(500).optional(),
});

const Claims = z.looseObject({
  iss: z.string().min(1).max(500),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string().max(500), z.array(z.string().max(500)).max(20)]),
  exp: z.number(),
  nbf: z.number().optional(),
  // Tokens that say that somebody signed out have it (OpenID Connect Back-Channel Logout 1.0).
  events: z.undefined().optional(),
});

/** What a token says of itself: nothing is proven yet. */
export interface UnprovenToken {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** Three parts of base64url: what may be a token of an issuer. */
export function looksLikeToken(token: string): boolean {
  return token.length <= MAX_LENGTH && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/**
 * What a token says; null when it cannot be right whoever signed it: another kind of token or algorithm,
 * times that are over or to come, a name that is there twice.
 */
export function readToken(token: string): UnprovenToken | null {
  const [header = '', payload = ''] = token.split('.');
  const kind = Header.safeParse(parseOnce(header));
  const claims = Claims.safeParse(parseOnce(payload));
  if (!kind.success || !claims.success) return null;
  const { iss, sub, aud, exp, nbf } = claims.data;
  const now = Date.now() / 1000;
  if (exp <= now - LEEWAY_SECONDS || (nbf ?? 0) > now + LEEWAY_SECONDS) return null;
  return { issuer: iss, subject: sub, audiences: [aud].flat() };
}

/**
 * What a token says, proven by a key of its issuer. The key is looked for in the issuer's own set: what the
 * token's header offers (`jwk`, `jku`, `x5c`, `x5u`) is not looked at.
 *
 * @throws AppError `unauthenticated`; `issuer_unavailable` of `keys`.
 */
export async function verifyToken(
  token: string,
  issuer: Pick<IssuerRow, 'issuer' | 'audience' | 'algorithms'>,
  keys: JWTVerifyGetKey,
): Promise<JWTPayload> {
  const options = {
    algorithms: [...issuer.algorithms],
    issuer: issuer.issuer,
    audience: issuer.audience,
    clockTolerance: LEEWAY_SECONDS,
    requiredClaims: ['exp', 'sub', 'iss', 'aud'],
  };
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw refusedToken(error);
    // A token that does not name its key: any of the set's that would do.
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (cause) {
        if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw refusedToken(cause);
      }
    }
    throw refusedToken(error);
  }
}

/** One wording for everything that is wrong with a token: nothing to learn by trying. */
export function refusedToken(cause?: unknown): AppError {
  return new AppError('unauthenticated', 'The access token is not valid, or not valid any more.', {
    cause,
  });
}

/** The JSON of a part, or undefined; also when a name is there twice: programs disagree which one counts. */
function parseOnce(part: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
    const value: unknown = JSON.parse(text);
    return repeatsName(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** A member's name is there twice in one object of this valid JSON. */
function repeatsName(json: string): boolean {
  // Of each object that is open: the names so far. Arrays are null.
  const open: (Set<string> | null)[] = [];
  let nameFollows = false;
  for (const [token] of json.matchAll(TOKENS)) {
    const names = open.at(-1);
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      nameFollows = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      nameFollows = false;
    } else if (token === ',') {
      nameFollows = names instanceof Set;
    } else if (nameFollows && names instanceof Set) {
      // Two spellings of one name are the same: `\u0073ub` is `sub`.
      const name = z.string().parse(JSON.parse(token));
      if (names.has(name)) return true;
      names.add(name);
      nameFollows = false;
    }
  }
  return false;
}
