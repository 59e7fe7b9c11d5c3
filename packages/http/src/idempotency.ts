import { createHash } from 'node:crypto';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import { deleteExpired, findOutcome, storeOutcome, tryLock } from './idempotency.store.ts';

/** `schema.headers` of a route that takes an `Idempotency-Key`; other headers stay as they are. */
export const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe(
      '1 to 255 visible ASCII characters, new for every intended effect. Sending a request again with its key within 24 hours repeats the answer, not the effect.',
    ),
});

export interface Outcome {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What JSON can carry. */
  readonly body: unknown;
}

/** What `withIdempotency` reads of a Fastify request. */
export interface IdempotentRequest {
  readonly principal: Principal;
  readonly method: string;
  readonly params: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What `sendOutcome` uses of a Fastify reply. */
export interface OutcomeReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: unknown): unknown;
}

/**
 * Runs `effect` in a transaction, at most once per `Idempotency-Key` of the caller on this route in
 * 24 hours; the outcome is stored in the same transaction, so it exists if and only if the effect
 * does. A failure stores nothing: the request may be sent again. Without the header the effect
 * simply runs.
 *
 * @param fingerprint what makes two requests the same: the body, or a hash of it. The path's
 *   parameters are added to it.
 * @throws AppError `invalid_request` (a key of other characters), `idempotency_key_in_flight`,
 *   `idempotency_key_reused`, or what `effect` throws.
 */
export async function withIdempotency(
  database: Database,
  request: IdempotentRequest,
  fingerprint: string | Uint8Array,
  effect: (tx: Tx) => Promise<Outcome>,
): Promise<Outcome & { replayed: boolean }> {
  const { principal } = request;
  const key = idempotencyKey(request);
  if (key === null) {
    return { ...(await database.withPrincipal(principal, effect)), replayed: false };
  }
  const slot = { principal, route: `${request.method} ${request.routeOptions.url ?? ''}`, key };
  const print = createHash('sha256')
    .update(JSON.stringify(request.params ?? {}))
    .update('\0')
    .update(fingerprint)
    .digest('hex');
  const slotHash = createHash('sha256')
    .update(JSON.stringify([principal.orgId, principal.userId, slot.route, key]))
    .digest();

  return database.withPrincipal(principal, async (tx) => {
    // Lock and look-up are two statements: the second must see what the lock's last holder committed.
    if (!(await tryLock(tx, slotHash.readBigInt64BE(0)))) {
      throw new AppError(
        'idempotency_key_in_flight',
        'A request with this Idempotency-Key is still running; ask again in a moment.',
      );
    }
    const stored = await findOutcome(tx, slot);
    if (stored !== null) {
      if (stored.fingerprint !== print) {
        throw new AppError(
          'idempotency_key_reused',
          'This Idempotency-Key was used for another request; take a new key for a new effect.',
        );
      }
      const { status, headers, body } = stored;
      return { status, headers, body, replayed: true };
    }
    const outcome = await effect(tx);
    const { status, headers = {} } = outcome;
    await storeOutcome(tx, slot, { fingerprint: print, status, headers, body: outcome.body });
    // One key in 64, told by its hash, sweeps up what is too old.
    if (slotHash.readUInt8(8) % 64 === 0) await deleteExpired(tx, principal);
    return { ...outcome, replayed: false };
  });
}

/** Sends an outcome; a repeated one says so in `Idempotent-Replayed`. */
export function sendOutcome<R extends OutcomeReply>(
  reply: R,
  outcome: Outcome & { replayed: boolean },
): R {
  reply.code(outcome.status);
  reply.headers({ ...outcome.headers });
  if (outcome.replayed) reply.headers({ 'idempotent-replayed': 'true' });
  reply.send(outcome.body);
  return reply;
}

function idempotencyKey(request: IdempotentRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError(
    'invalid_request',
    'Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces.',
  );
}
