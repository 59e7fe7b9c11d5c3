import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 43 characters of 62 are 256 bits: no slow hash is needed to protect them. */
const SECRET_LENGTH = 43;
/** 62^6 > 2^32: a CRC-32 always fits. */
const CHECKSUM_LENGTH = 6;
const TOKEN = new RegExp(
  `^(dct_[a-z]{1,10}_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}}))_([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/** Finds tokens in text, whole or cut, so that a log can leave them out. */
export const tokenPattern = /dct_[a-z]{1,10}_[0-9A-Za-z_]+/g;

export interface NewApiKey {
  /** 12 characters; not secret. */
  readonly id: string;
  /** What it is for: the second part of the token. */
  readonly env: string;
  /** `dct_<env>_<id>_<secret>_<checksum>`: shown once, stored nowhere. */
  readonly token: string;
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Buffer;
  /** Last four characters of the secret, by which people recognise a key. */
  readonly lastFour: string;
}

/**
 * A new API key of 256 random bits.
 *
 * @param env where it is for, 1 to 10 lower-case letters: `live`, `demo`, `test`.
 */
export function createKey(env: string): NewApiKey {
  if (!/^[a-z]{1,10}$/.test(env)) throw new RangeError(`env must be 1 to 10 letters, got "${env}"`);
  const id = randomBase62(ID_LENGTH);
  const secret = randomBase62(SECRET_LENGTH);
  const body = `dct_${env}_${id}_${secret}`;
  return {
    id,
    env,
    token: `${body}_${checksum(body)}`,
    secretHash: hashSecret(secret),
    lastFour: secret.slice(-4),
  };
}

/** Id and hash of a token's secret, or null for what never was a key: no database is asked for it. */
export function parseKey(token: string): { id: string; secretHash: Buffer } | null {
  const [, body, id, secret, check] = TOKEN.exec(token) ?? [];
  if (body === undefined || id === undefined || secret === undefined) return null;
  if (check !== checksum(body)) return null;
  return { id, secretHash: hashSecret(secret) };
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 · 62: bytes above it would make the first letters likelier.
      if (byte < 248 && text.length < length) text += BASE62.charAt(byte % 62);
    }
  }
  return text;
}
