import type {
  ApiKey,
  ApiKeyRotation,
  ApiKeyUpdate,
  CreatedApiKey,
  NewApiKey,
} from '@docent/contracts/access';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { createKey } from '@docent/http/apiKey';
import { z } from 'zod';
import { isPerson } from '../people/records.store.ts';
import { isAdmin, requireAdmin } from '../shared/admin.ts';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import {
  type ApiKeyRow,
  expireKeySoon,
  findKey,
  insertKey,
  listKeys,
  revokeKey,
  updateKey,
} from './apiKeys.store.ts';

const DEFAULT_DAYS = 90;
const DAY_SECONDS = 86_400;

/**
 * API keys: everybody's own, for administrators everybody's. A key acts for its owner, and nobody makes or
 * changes one that may do more than they may themselves.
 */
export type ApiKeys = ReturnType<typeof makeApiKeys>;

/** @param options.maxDays longest life of a key, days. */
export function makeApiKeys(database: Database, { maxDays }: { readonly maxDays: number }) {
  return {
    /** Newest first. */
    async list(
      principal: Principal,
      wanted: Wanted & {
        readonly userId?: string | undefined;
        readonly status?: ApiKey['status'] | undefined;
      },
    ): Promise<Page<ApiKey>> {
      const { cursor, limit, userId = null, status = null } = wanted;
      const after = positionFrom(Position, cursor);
      const query = { seenBy: seenBy(principal), userId, status, after, limit: limit + 1 };
      const rows = await database.withPrincipal(
        principal,
        (tx) => listKeys(tx, principal.orgId, query),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        ({ key }) => key,
        ({ position, key }) => [position, key.id],
      );
    },

    /** @throws AppError `not_found` */
    async get(principal: Principal, id: string): Promise<ApiKey> {
      const reading = (tx: Tx) => existing(tx, principal, id);
      return (await database.withPrincipal(principal, reading, { readOnly: true })).key;
    },

    /**
     * A new key for the caller, or by an administrator for somebody else.
     *
     * @throws AppError `forbidden` (somebody else's, or more than the caller may), `not_found` (the person),
     *   `invalid_request` (too long a life)
     */
    async create(tx: Tx, principal: Principal, wanted: NewApiKey): Promise<CreatedApiKey> {
      const { orgId, userId: caller } = principal;
      const { userId = caller, expiresInDays = Math.min(DEFAULT_DAYS, maxDays) } = wanted;
      requireWithin(principal, wanted.scopes);
      if (userId !== caller) requireAdmin(principal);
      if (expiresInDays > maxDays) {
        throw new AppError('invalid_request', `A key may live ${maxDays} days here.`, {
          details: { maxDays },
        });
      }
      if (!(await isPerson(tx, orgId, userId))) throw notFound('user', userId);
      const { token, ...made } = createKey(wanted.env);
      const { key } = await insertKey(tx, orgId, {
        ...made,
        userId,
        createdBy: caller,
        name: wanted.name,
        description: wanted.description ?? null,
        scopes: wanted.scopes,
        rateLimitPerMinute: wanted.rateLimitPerMinute ?? null,
        expiresInSeconds: expiresInDays * DAY_SECONDS,
        rotatedFrom: null,
      });
      return { ...key, token };
    },

    /** @throws AppError `not_found`, `forbidden` (it may do more than the caller) */
    change(principal: Principal, id: string, change: ApiKeyUpdate): Promise<ApiKey> {
      return database.withPrincipal(principal, async (tx) => {
        await changeable(tx, principal, id);
        return (await updateKey(tx, principal.orgId, id, change)).key;
      });
    },

    /**
     * A new key in the place of another, which works on for a while.
     *
     * @throws AppError `not_found`, `forbidden`, `conflict` (revoked, expired, or rotated before)
     */
    async rotate(
      tx: Tx,
      principal: Principal,
      id: string,
      { overlapSeconds }: ApiKeyRotation,
    ): Promise<CreatedApiKey> {
      const { orgId } = principal;
      const { key: old, env } = await changeable(tx, principal, id);
      if (old.status !== 'active') {
        throw new AppError('conflict', `The key is ${old.status}: make a new one.`);
      }
      const { token, ...made } = createKey(env);
      const { key } = await insertKey(tx, orgId, {
        ...made,
        userId: old.userId,
        createdBy: principal.userId,
        name: old.name,
        description: old.description,
        scopes: old.scopes,
        rateLimitPerMinute: old.rateLimitPerMinute,
        expiresInSeconds: lifeOf(old),
        rotatedFrom: id,
      }).catch((error: unknown) => {
        if (violationOf(error)?.constraint !== 'api_keys_successor') throw error;
        throw new AppError('conflict', 'The key was rotated before.', { cause: error });
      });
      await expireKeySoon(tx, orgId, id, overlapSeconds);
      return { ...key, token };
    },

    /** Also of a key that was revoked before. @throws AppError `not_found`, `forbidden` */
    revoke(principal: Principal, id: string, reason: string | null): Promise<ApiKey> {
      return database.withPrincipal(principal, async (tx) => {
        await changeable(tx, principal, id);
        await revokeKey(tx, principal.orgId, id, { by: principal.userId, reason });
        return (await existing(tx, principal, id)).key;
      });
    },
  };

  /** As long as the old key's, as far as the installation allows it today. */
  function lifeOf({ createdAt, expiresAt }: ApiKey): number {
    const life =
      expiresAt === null
        ? DEFAULT_DAYS * DAY_SECONDS
        : (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
    return Math.min(life, maxDays * DAY_SECONDS);
  }
}

const Position = z.tuple([z.iso.datetime(), z.string()]);

/** Whose keys the caller sees alone; null: everybody's. */
function seenBy(principal: Principal): string | null {
  return isAdmin(principal) ? null : principal.userId;
}

async function existing(tx: Tx, principal: Principal, id: string): Promise<ApiKeyRow> {
  const row = await findKey(tx, principal.orgId, id, seenBy(principal));
  if (row === null) throw notFound('API key', id);
  return row;
}

async function changeable(tx: Tx, principal: Principal, id: string): Promise<ApiKeyRow> {
  const row = await existing(tx, principal, id);
  requireWithin(principal, row.key.scopes);
  return row;
}

/** A key is no way to more than one has. */
function requireWithin(principal: Principal, wanted: readonly string[]): void {
  if (principal.scopes.includes('*')) return;
  const missing = wanted.filter((scope) => !principal.scopes.includes(scope));
  if (missing.length === 0) return;
  throw new AppError('forbidden', `Your key itself lacks ${missing.join(', ')}.`, {
    details: { requiredScope: missing, scopes: principal.scopes },
  });
}
