import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, type Version } from '@docent/contracts/content';
import {
  LONGEST_TEXT_PAGE,
  type StoredChunk,
  type VersionText,
} from '@docent/contracts/contentText';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { refused } from '../content/rights.ts';
import {
  findText,
  findVersion,
  listChunks,
  listVersions,
  mayChangeVersion,
  requeueVersion,
} from './versions.store.ts';

/** Names one version of a content. */
export interface VersionKey {
  readonly id: string;
  readonly version: number;
}

/** @throws AppError `not_found` */
export async function readVersion(
  database: Database,
  principal: Principal,
  key: VersionKey,
): Promise<Version> {
  const version = await database.withPrincipal(
    principal,
    (tx) => findVersion(tx, principal.orgId, key.id, key.version),
    { readOnly: true },
  );
  if (version === null) throw notFound('version', `${key.id}/${key.version}`);
  return version;
}

/**
 * Versions of a content, newest first.
 * @throws AppError `not_found`, `invalid_request` for a cursor that no page gave.
 */
export async function pageOfVersions(
  database: Database,
  principal: Principal,
  contentId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: Version[]; nextCursor: string | null }> {
  const before = parseCursor(cursor);
  const rows = await database.withPrincipal(
    principal,
    (tx) => listVersions(tx, principal.orgId, contentId, before, limit + 1),
    { readOnly: true },
  );
  // Every content has a version: one without any is not there.
  if (rows.length === 0 && before === null) throw notFound('content', contentId);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : String(last.version) };
}

/**
 * States of a version as they change, the present one first, the final one last. Reads the row again
 * and again, so it does not matter which process works on the version or how many watch.
 *
 * @param everyMs pause between two looks
 * @throws AppError `not_found`, also when it is deleted meanwhile; the signal's reason.
 */
export async function* followVersion(
  database: Database,
  principal: Principal,
  key: VersionKey,
  { signal, everyMs }: { signal: AbortSignal; everyMs: number },
): AsyncGenerator<Version> {
  let shown = '';
  for (;;) {
    const version = await readVersion(database, principal, key);
    const state = JSON.stringify(version);
    if (state !== shown) yield version;
    shown = state;
    if (isFinal(version.state)) return;
    await pause(everyMs, undefined, { signal });
  }
}

/**
 * The text of a version from `start` to `end` (UTF-16 code units, end exclusive, cut to the text's length and to
 * LONGEST_TEXT_PAGE).
 *
 * @throws AppError `not_found`, `version_not_ready` when nothing was read (yet).
 */
export async function readText(
  database: Database,
  principal: Principal,
  key: VersionKey,
  part: { start?: number | undefined; end?: number | undefined },
): Promise<VersionText> {
  const row = await database.withPrincipal(
    principal,
    (tx) => findText(tx, principal.orgId, key.id, key.version),
    { readOnly: true },
  );
  if (row === null) throw notFound('version', `${key.id}/${key.version}`);
  const { text } = row;
  if (text === null) throw notReady(row);
  const start = Math.min(part.start ?? 0, text.length);
  const wanted = Math.min(part.end ?? text.length, text.length);
  const cut = start + LONGEST_TEXT_PAGE;
  // Never between the two halves of a character.
  const end = wanted <= cut ? Math.max(start, wanted) : cut - (isLowSurrogate(text, cut) ? 1 : 0);
  return {
    contentId: key.id,
    version: key.version,
    start,
    end,
    length: text.length,
    text: text.slice(start, end),
    nextStart: end < text.length ? end : null,
  };
}

/** Why a version has no text. */
export function notReady({ state, error }: { state: string; error: string | null }): AppError {
  const why = error ?? `The version is ${state}: its text has not been read yet.`;
  return new AppError('version_not_ready', why, { details: { state } });
}

/** True when cutting a text at this offset would cut a character in two. */
export function isLowSurrogate(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff;
}

/**
 * Chunks of a version in order. Only the current version has any: what it replaced is not searched.
 * @throws AppError `not_found`, `invalid_request` for a cursor that no page gave.
 */
export async function pageOfChunks(
  database: Database,
  principal: Principal,
  key: VersionKey,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: StoredChunk[]; nextCursor: string | null }> {
  const after = parseCursor(cursor) ?? -1;
  await readVersion(database, principal, key);
  const rows = await database.withPrincipal(
    principal,
    (tx) => listChunks(tx, principal.orgId, key.id, key.version, after, limit + 1),
    { readOnly: true },
  );
  const items = rows.slice(0, limit).map(({ start, end, place, headingPath, ...chunk }) => ({
    ...chunk,
    span: { start, end },
    place: { ...place, headingPath },
  }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : String(last.ordinal) };
}

/**
 * Starts over with a version whose processing failed.
 * @throws AppError `not_found`, `forbidden` when it is somebody else's, `conflict` when it has not failed.
 */
export function retryVersion(
  deps: { database: Database; jobs: Jobs },
  principal: Principal,
  key: VersionKey,
): Promise<Version> {
  const { orgId } = principal;
  return deps.database.withPrincipal(principal, async (tx) => {
    const requeued = await requeueVersion(tx, orgId, key.id, key.version);
    const version = await findVersion(tx, orgId, key.id, key.version);
    if (version === null) throw notFound('version', `${key.id}/${key.version}`);
    if (requeued === 0 && !(await mayChangeVersion(tx, orgId, key.id))) {
      throw await refused(tx, orgId, key.id);
    }
    if (requeued === 0) {
      throw new AppError(
        'conflict',
        `The version is ${version.state}: only one that failed can be tried again.`,
        { details: { state: version.state } },
      );
    }
    await deps.jobs.send(tx, 'process-version', {
      orgId,
      contentId: key.id,
      version: key.version,
    });
    return version;
  });
}

function parseCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  if (!/^\d{1,9}$/.test(cursor)) {
    throw new AppError('invalid_request', 'The cursor is not one that a page gave.');
  }
  return Number(cursor);
}
