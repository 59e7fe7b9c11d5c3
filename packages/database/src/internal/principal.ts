import { hash } from 'node:crypto';
import type { Principal } from '@docent/core/principal';
import type { ClientBase } from 'pg';

/** What a transaction is set to: whom its statements are for, and where they came from. */
export interface Identity {
  readonly orgId?: string;
  readonly userId?: string;
  readonly role?: string;
  readonly departmentIds?: string;
  readonly departmentPath?: string;
  readonly scopes?: string;
  readonly grants?: string;
  readonly apiKeyId?: string;
  readonly issuer?: string;
  readonly requestId?: string;
  readonly ip?: string;
  readonly userAgent?: string;
}

/** Stands between the values where they are signed; no value may hold it. */
const SEPARATOR = '\x1f';

export function identityOf(principal: Principal): Identity {
  const { origin } = principal;
  return {
    orgId: principal.orgId,
    userId: principal.userId,
    role: principal.role,
    departmentIds: `{${principal.departmentIds.join(',')}}`,
    departmentPath: `{${(principal.departmentPath ?? []).join(',')}}`,
    scopes: principal.scopes.join(' '),
    grants: (principal.grants ?? []).map(({ scope, extent }) => `${scope}=${extent}`).join(' '),
    apiKeyId: principal.apiKeyId ?? '',
    requestId: origin?.requestId ?? '',
    ip: origin?.ip ?? '',
    userAgent: origin?.userAgent ?? '',
  };
}

/**
 * The statement that makes the settings of a transaction, signed with the key of its connection: the
 * database takes no others, and notices when they are changed later.
 *
 * @param options.prepared the server parses it once for each connection; not where clients share one.
 */
export function beginAs(
  identity: Identity,
  key: SessionKey,
  { prepared }: { prepared: boolean },
): { text: string; values: unknown[]; name?: string } {
  const said = [
    identity.orgId,
    identity.userId,
    identity.role,
    identity.departmentIds,
    identity.departmentPath,
    identity.scopes,
    identity.grants,
    identity.apiKeyId,
    identity.issuer,
    identity.requestId,
    identity.ip,
    identity.userAgent,
  ]
    .map((value) => printable(value ?? ''))
    .join(SEPARATOR);
  const inner = hash('sha256', Buffer.concat([key.inner, Buffer.from(said)]), 'buffer');
  const signature = hash('sha256', Buffer.concat([key.outer, inner]), 'buffer');
  return {
    text: 'select docent.begin_as($1, $2)',
    values: [signature, said],
    ...(prepared ? { name: 'begin_as' } : {}),
  };
}

/** The key of a connection as HMAC-SHA256 takes it (RFC 2104). `createHmac` takes six times as long: 15 µs. */
export interface SessionKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const keys = new WeakMap<ClientBase, SessionKey>();

/**
 * The key of a connection: asked for when it is first used, before anything else can run on it.
 *
 * @returns null when another process has had it: a connection that ended a moment ago had the same number
 *   at the server. Use another connection.
 */
export async function keyOf(client: ClientBase): Promise<SessionKey | null> {
  const known = keys.get(client);
  if (known !== undefined) return known;
  try {
    // `read write`: the server's default may be to read only.
    const [, answer] = await Promise.all([
      client.query('begin read write'),
      client.query('select docent.open_session() as key'),
      client.query('commit'),
    ]);
    const given: unknown = answer.rows[0]?.key;
    if (!Buffer.isBuffer(given)) throw new Error('the database gave no key');
    const key = { inner: padded(given, 0x36), outer: padded(given, 0x5c) };
    keys.set(client, key);
    return key;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    if (error instanceof Error && Reflect.get(error, 'code') === '55000') return null;
    throw error;
  }
}

function padded(key: Buffer, pad: number): Buffer {
  return Buffer.from(Array.from({ length: 64 }, (_, index) => (key[index] ?? 0) ^ pad));
}

/** Some of it is written by strangers: what cannot be stored, or would look like a separator, is a space. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return text.replace(/[\x00-\x1f]/g, ' ');
}
