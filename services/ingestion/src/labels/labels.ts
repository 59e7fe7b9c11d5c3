import type { LabelReview, PassageLabel } from '@docent/contracts/content';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import { refused } from '../content/rights.ts';
import { mayChangeVersion } from '../processing/versions.store.ts';
import { listLabels, reviewLabel } from './labels.store.ts';

/**
 * Labels of a content in the order of its text, those of its file first.
 *
 * @param query.dismissed null: reviewed ones, too.
 * @throws AppError `not_found`, `forbidden` when it is somebody else's, `invalid_request` for a wrong cursor.
 */
export function pageOfLabels(
  database: Database,
  principal: Principal,
  contentId: string,
  query: { dismissed: boolean | null; cursor?: string | undefined; limit: number },
): Promise<{ items: PassageLabel[]; nextCursor: string | null }> {
  const { dismissed, cursor, limit } = query;
  const after = z
    .uuid()
    .nullable()
    .safeParse(cursor ?? null);
  if (!after.success) {
    throw new AppError('invalid_request', 'The cursor is not one that a page gave.');
  }
  return database.withPrincipal(
    principal,
    async (tx) => {
      await requireOwn(tx, principal.orgId, contentId);
      const wanted = { dismissed, after: after.data, limit: limit + 1 };
      const rows = await listLabels(tx, principal.orgId, contentId, wanted);
      const items = rows.slice(0, limit);
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    { readOnly: true },
  );
}

/**
 * Notes that a labelled passage was reviewed and is harmless, or takes that back. On record in the audit log.
 * @throws AppError `not_found`, `forbidden` when the content is somebody else's.
 */
export function review(
  database: Database,
  principal: Principal,
  of: { contentId: string; labelId: string },
  decision: LabelReview,
): Promise<PassageLabel> {
  return database.withPrincipal(principal, async (tx) => {
    await requireOwn(tx, principal.orgId, of.contentId);
    const label = await reviewLabel(tx, principal, of, decision);
    if (label === null) throw notFound('label', of.labelId);
    return label;
  });
}

async function requireOwn(tx: Tx, orgId: string, contentId: string): Promise<void> {
  if (!(await mayChangeVersion(tx, orgId, contentId))) throw await refused(tx, orgId, contentId);
}
