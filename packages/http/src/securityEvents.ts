import { atMost } from '@docent/cache/atMost';
import type { SecurityEventKind } from '@docent/contracts/access';
import { newId } from '@docent/core/ids';
import { type Origin, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { deleteOldEvents, insertEvent } from './securityEvents.store.ts';

export interface SecurityEvent {
  readonly kind: SecurityEventKind;
  /** Null: it could not be told whose it is; then there is a log line and a count, and no row. */
  readonly orgId: string | null;
  readonly origin: Origin;
  readonly userId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly issuerId?: string | undefined;
  /** SHA-256 of issuer and subject, in hex. */
  readonly identityHash?: string | undefined;
  /** Facts that an administrator may read: never a secret. */
  readonly details?: Readonly<Record<string, string | number>> | undefined;
}

export interface SecurityEvents {
  /** Keeps an event; neither waits nor throws. */
  record(event: SecurityEvent): void;
  /** Writes what repeated, and waits for what is still being written. */
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly securityEvents: SecurityEvents;
  }
}

/** Events of one kind, key, person and address within this time are one row with a count. */
const REPEAT_MS = 60_000;
/** Rows that are written at a time; what comes above it is counted in the metrics only. */
const MAX_WRITING = 20;

/**
 * Security events as rows of their organization, written beside the request; a flood of one kind is two
 * rows a minute.
 *
 * @param options.count told of every event (for the metrics).
 */
export function createSecurityEvents(
  database: Database,
  { log, count }: { log: FastifyBaseLogger; count: (kind: SecurityEventKind) => void },
): SecurityEvents {
  const writing = new Set<Promise<void>>();
  const recent = new LRUCache<string, { event: SecurityEvent; repeats: number }>({
    ...atMost(10_000),
    ttl: REPEAT_MS,
    ttlAutopurge: true,
    dispose: ({ event, repeats }) => {
      if (repeats > 0) keep(event, repeats);
    },
  });
  let sinceSweep = 0;

  return {
    record(event) {
      count(event.kind);
      const { kind, orgId, userId, apiKeyId, issuerId, identityHash, origin } = event;
      const same = JSON.stringify([
        kind,
        orgId,
        userId,
        apiKeyId,
        issuerId,
        identityHash,
        origin.ip,
      ]);
      const known = recent.get(same);
      if (known !== undefined) {
        known.repeats += 1;
        return;
      }
      recent.set(same, { event, repeats: 0 });
      keep(event, 1);
    },
    async close() {
      recent.clear();
      await Promise.all(writing);
    },
  };

  function keep(event: SecurityEvent, times: number): void {
    const { kind, orgId, userId, apiKeyId, issuerId, origin, details } = event;
    const { ip, requestId } = origin;
    log.warn(
      { kind, orgId, userId, apiKeyId, issuerId, ip, requestId, times, details },
      'security',
    );
    if (orgId === null || writing.size >= MAX_WRITING) return;
    const sweep = sinceSweep++ % 64 === 0;
    const worker = workerPrincipal(orgId);
    const write = database
      .withPrincipal(worker, async (tx) => {
        await insertEvent(tx, { ...event, orgId, id: newId(), count: times });
        if (sweep) await deleteOldEvents(tx, orgId);
      })
      .then(undefined, (err: unknown) => log.warn({ err }, 'could not keep a security event'))
      .finally(() => writing.delete(write));
    writing.add(write);
  }
}

/** Keeps an event of a request whose caller is known: a limit that was exceeded, say. */
export function recordSecurityEvent(
  request: FastifyRequest,
  kind: SecurityEventKind,
  details?: SecurityEvent['details'],
): void {
  const { orgId, userId, apiKeyId, issuerId, origin } = request.principal;
  request.server.securityEvents.record({
    kind,
    orgId,
    userId,
    apiKeyId,
    issuerId,
    details,
    origin: origin ?? originOf(request),
  });
}

/** Where a request came from. */
export function originOf(request: FastifyRequest): Origin {
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, 300);
  return { requestId: request.id, ip: request.ip, userAgent };
}
