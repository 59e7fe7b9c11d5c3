import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { FileStore } from '../files.ts';
import { findOriginal, type Original } from './file.store.ts';

/**
 * Where the original file of a version lies, and what it is called.
 * @throws AppError `not_found`
 */
export async function locateFile(
  { database, files }: { database: Database; files: FileStore },
  principal: Principal,
  contentId: string,
  version: number | null,
): Promise<Original & { path: string }> {
  const original = await database.withPrincipal(
    principal,
    (tx) => findOriginal(tx, principal.orgId, contentId, version),
    { readOnly: true },
  );
  if (original === null && version === null) throw notFound('content', contentId);
  if (original === null) throw notFound('version', `${contentId}/${version}`);
  return { ...original, path: files.pathOf(principal.orgId, original.sha256) };
}
