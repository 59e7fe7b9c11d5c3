import type {
  Content,
  ContentFilters,
  ContentSort,
  ContentUpdate,
} from '@docent/contracts/content';
import { AppError, notFound } from '@docent/core/errors';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { etagOf as etagOfState } from '@docent/http/etag';
import { z } from 'zod';
import type { FileStore } from '../files.ts';
import { isReferenced, lockFile } from '../upload/upload.store.ts';
import {
  deleteContent,
  filesOf,
  findContent,
  listContent,
  lockContent,
  updateContent,
} from './content.store.ts';
import { changedPeriod } from './period.ts';
import { recountWords, reindexContent } from './reindex.ts';
import { refused, refuseUnknownDepartments } from './rights.ts';

/** @throws AppError `not_found` */
export async function readContent(
  database: Database,
  principal: Principal,
  id: string,
): Promise<Content> {
  const content = await database.withPrincipal(
    principal,
    (tx) => findContent(tx, principal.orgId, id),
    { readOnly: true, keepPlans: true },
  );
  if (content === null) throw notFound('content', id);
  return content;
}

/**
 * A page of content, newest first unless `sort` says otherwise.
 * @throws AppError `invalid_request` for a cursor that no page gave.
 */
export async function pageOfContent(
  database: Database,
  principal: Principal,
  filters: ContentFilters,
  { cursor, limit, sort }: { cursor?: string | undefined; limit: number; sort: ContentSort },
): Promise<{ items: Content[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : parseCursor(cursor, sort);
  const rows = await database.withPrincipal(
    principal,
    (tx) => listContent(tx, principal.orgId, filters, sort, after, limit + 1),
    { readOnly: true, keepPlans: after === null && isEmpty(filters) },
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => row.content),
    nextCursor: last === undefined ? null : toCursor(last.key, last.content.id),
  };
}

/**
 * Changes metadata. A new title is searched by at once; the vectors follow in the background.
 *
 * @param ifMatch value of the `If-Match` header: the change is made only to the state that the
 *   caller has seen.
 * @throws AppError `not_found`, `forbidden` when it is somebody else's, `precondition_failed`,
 *   `invalid_request` for a department that is not there, or an end before the beginning.
 */
export function changeContent(
  deps: { database: Database; jobs: Jobs },
  principal: Principal,
  id: string,
  update: ContentUpdate,
  ifMatch: string | undefined,
): Promise<Content> {
  const { orgId } = principal;
  return deps.database.withPrincipal(principal, async (tx) => {
    const content = await lockContent(tx, orgId, id);
    if (content === null) throw await refused(tx, orgId, id);
    await refuseUnknownDepartments(tx, orgId, update);
    if (ifMatch !== undefined && !matches(ifMatch, etagOf(content))) {
      throw new AppError('precondition_failed', 'The content has changed since it was read.', {
        details: { id },
      });
    }
    changedPeriod(content, update);
    await updateContent(tx, orgId, id, update);
    if (update.title !== undefined && update.title !== content.title) {
      await reindexContent(tx, deps.jobs, orgId, id);
    }
    const changed = await findContent(tx, orgId, id);
    if (changed === null) throw new Error('a locked content is gone');
    return changed;
  });
}

/**
 * Deletes a content with everything that was made of it, in one transaction; a worker that is at it
 * notices and stops. Its files go after the commit, unless another version stands on the same bytes.
 *
 * @throws AppError `not_found`, `forbidden` when it is somebody else's.
 */
export async function removeContent(
  deps: { database: Database; jobs: Jobs; files: FileStore },
  principal: Principal,
  id: string,
): Promise<void> {
  const { orgId } = principal;
  const hashes = await deps.database.withPrincipal(principal, async (tx) => {
    // Locked first: a version that is being added is seen, or comes after and finds nothing.
    const content = await lockContent(tx, orgId, id);
    if (content === null) throw await refused(tx, orgId, id);
    const found = await filesOf(tx, orgId, id);
    await deleteContent(tx, orgId, id);
    await recountWords(tx, deps.jobs, orgId);
    return found;
  });
  // As a worker: content that the caller does not see may stand on the same bytes.
  for (const sha256 of hashes) {
    await deps.database.withPrincipal(workerPrincipal(orgId), async (tx) => {
      await lockFile(tx, orgId, sha256);
      if (!(await isReferenced(tx, orgId, sha256))) await deps.files.remove(orgId, sha256);
    });
  }
}

/** Names the state of the metadata: progress of a version does not change it. */
export function etagOf(content: Content): string {
  const { title, contentType, language, tags, metadata, url, externalId } = content;
  const { status, visibility, visibleTo, departmentId } = content;
  const rights = [status, visibility, visibleTo, departmentId];
  const period = [content.effectiveFrom, content.expiresAt];
  const said = [title, contentType, language, tags, metadata, url, externalId];
  return etagOfState([...said, ...rights, ...period]);
}

function matches(ifMatch: string, etag: string): boolean {
  const given = ifMatch.split(',').map((part) => part.trim());
  return given.includes('*') || given.includes(etag);
}

const Time = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/);
const TimeCursor = z.tuple([Time, z.uuid()]);
const TitleCursor = z.tuple([z.string().max(1_000), z.uuid()]);

function toCursor(key: string, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function parseCursor(cursor: string, sort: ContentSort): { key: string; id: string } {
  try {
    const given = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [key, id] = (sort === 'title' ? TitleCursor : TimeCursor).parse(given);
    return { key, id };
  } catch (cause) {
    throw new AppError('invalid_request', 'The cursor is not one that a page gave.', { cause });
  }
}

/** Whether nothing is asked for but the default. */
function isEmpty({ state: _, ...filters }: ContentFilters): boolean {
  return Object.values(filters).every((value) => value === undefined);
}
