import { type LabelReview, type PassageLabel, SuspicionReason } from '@docent/contracts/content';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import { many, maybeOne, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Lease } from '../processing/lease.store.ts';
import type { NewLabel } from './label.ts';

/** A label as `labelJson` makes it. */
export const LabelRow = z
  .object({
    id: z.string(),
    label: z.enum(['suspicious']),
    reason: SuspicionReason,
    version: z.number(),
    chunkId: z.string().nullable(),
    start: z.number().nullable(),
    end: z.number().nullable(),
    excerpt: z.string(),
    dismissedAt: z.string().nullable(),
    dismissedBy: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: z.string(),
  })
  .transform(
    ({ start, end, dismissedAt, dismissedBy, note, createdAt, ...row }): PassageLabel => ({
      ...row,
      span: start === null || end === null ? null : { start, end },
      dismissed:
        dismissedAt === null
          ? null
          : { at: new Date(dismissedAt).toISOString(), by: dismissedBy, note },
      createdAt: new Date(createdAt).toISOString(),
    }),
  );

/** A row `l` of passage_labels as JSON. */
export const labelJson: Sql = sql`json_build_object(
  'id', l.id, 'label', l.label, 'reason', l.reason, 'version', l.version, 'chunkId', l.chunk_id,
  'start', l.start_offset, 'end', l.end_offset, 'excerpt', l.excerpt, 'dismissedAt', l.dismissed_at,
  'dismissedBy', l.dismissed_by, 'note', l.note, 'createdAt', l.created_at)`;

const Labelled = z.object({ shown: LabelRow }).transform(({ shown }) => shown);

/** Writes the labels of a version whose chunks are stored. */
export async function insertLabels(
  tx: Tx,
  lease: Lease,
  labels: readonly NewLabel[],
): Promise<void> {
  if (labels.length === 0) return;
  await run(
    tx,
    sql`
      insert into docent.passage_labels (org_id, id, content_id, version, chunk_id, label, reason, start_offset,
             end_offset, excerpt, fingerprint)
      select ${lease.orgId}, l.id, ${lease.contentId}, ${lease.version}, l."chunkId", 'suspicious', l.reason,
             l.start, l."end", l.excerpt, decode(l.fingerprint, 'hex')
        from jsonb_to_recordset(${JSON.stringify(labels.map((label) => ({ id: newId(), ...label })))}::jsonb) l
             (id uuid, "chunkId" uuid, reason text, start int, "end" int, excerpt text, fingerprint text)`,
  );
}

/** What was reviewed in an older version and is the same in this one needs no second look. */
export function keepReviews(tx: Tx, lease: Lease): Promise<number> {
  return run(
    tx,
    sql`
      update docent.passage_labels l
         set dismissed_at = o.dismissed_at,
             dismissed_by = o.dismissed_by,
             note = o.note
        from docent.passage_labels o
       where l.org_id = ${lease.orgId}
         and l.content_id = ${lease.contentId}
         and l.version = ${lease.version}
         and o.org_id = l.org_id
         and o.content_id = l.content_id
         and o.version < l.version
         and o.fingerprint = l.fingerprint
         and o.dismissed_at is not null`,
  );
}

export function deleteOlderLabels(tx: Tx, lease: Lease): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.passage_labels
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version < ${lease.version}`,
  );
}

/** Labels of a content in the order of its text, after the one with this id. */
export function listLabels(
  tx: Tx,
  orgId: string,
  contentId: string,
  { dismissed, after, limit }: { dismissed: boolean | null; after: string | null; limit: number },
): Promise<PassageLabel[]> {
  return many(
    tx,
    Labelled,
    sql`
      select ${labelJson} as shown
        from docent.passage_labels l
       where l.org_id = ${orgId}
         and l.content_id = ${contentId}
         and (${dismissed}::boolean is null or (l.dismissed_at is not null) = ${dismissed}::boolean)
         and (${after}::uuid is null
              or (coalesce(l.start_offset, -1), l.id) > (
                   select coalesce(a.start_offset, -1), a.id
                     from docent.passage_labels a
                    where a.org_id = ${orgId}
                      and a.content_id = ${contentId}
                      and a.id = ${after}::uuid))
       order by coalesce(l.start_offset, -1), l.id
       limit ${limit}`,
  );
}

/** Writes what somebody decided; null when there is no such label that they may change. */
export function reviewLabel(
  tx: Tx,
  { orgId, userId }: Principal,
  { contentId, labelId }: { contentId: string; labelId: string },
  { dismissed, note }: LabelReview,
): Promise<PassageLabel | null> {
  return maybeOne(
    tx,
    Labelled,
    sql`
      update docent.passage_labels l
         set dismissed_at = case when ${dismissed} then now() end,
             dismissed_by = case when ${dismissed} then ${userId}::uuid end,
             note = case when ${dismissed} then ${note ?? null} end
       where l.org_id = ${orgId}
         and l.content_id = ${contentId}
         and l.id = ${labelId}
      returning ${labelJson} as shown`,
  );
}
