import { type Version, VersionState } from '@docent/contracts/content';
import { Place } from '@docent/contracts/place';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { mayRead, VersionRow, versionColumns } from '../content/rows.ts';
import { LabelRow, labelJson } from '../labels/labels.store.ts';

/** A version as callers see it, or null. */
export function findVersion(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number,
): Promise<Version | null> {
  return maybeOne(
    tx,
    VersionRow,
    sql`
      select ${versionColumns}
        from docent.content_versions v
        join docent.content c on c.org_id = v.org_id and c.id = v.content_id
       where v.org_id = ${orgId}
         and v.content_id = ${contentId}
         ${mayRead(sql`v`)}
         and v.version = ${version}`,
  );
}

/** Versions of a content, newest first, below `before` when it is given. */
export function listVersions(
  tx: Tx,
  orgId: string,
  contentId: string,
  before: number | null,
  limit: number,
): Promise<Version[]> {
  return many(
    tx,
    VersionRow,
    sql`
      select ${versionColumns}
        from docent.content_versions v
        join docent.content c on c.org_id = v.org_id and c.id = v.content_id
       where v.org_id = ${orgId}
         and v.content_id = ${contentId}
         ${mayRead(sql`v`)}
         and (${before}::int is null or v.version < ${before}::int)
       order by v.version desc
       limit ${limit}`,
  );
}

const TextRow = z.object({
  state: VersionState,
  error: z.string().nullable(),
  text: z.string().nullable(),
});

/** The text that was read from a version's file; null while there is none. */
export function findText(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number,
): Promise<z.output<typeof TextRow> | null> {
  return maybeOne(
    tx,
    TextRow,
    sql`
      select state, error, text
        from docent.content_versions v
       where v.org_id = ${orgId}
         and v.content_id = ${contentId}
         and v.version = ${version}
         ${mayRead(sql`v`)}`,
  );
}

const MarkableRow = TextRow.extend({
  title: z.string(),
  url: z.string().nullable(),
  language: z.string().nullable(),
  places: z.array(z.object({ start: z.int(), place: Place })).nullable(),
  currentVersion: z.number().nullable(),
  currentText: z.string().nullable(),
});
export type MarkableRow = z.output<typeof MarkableRow>;

/**
 * The text of a version with the places in it, and the text that replaced it, if any. Versions of before places
 * were stored have those of their chunks, while they are current.
 */
export function findMarkable(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number,
): Promise<MarkableRow | null> {
  return maybeOne(
    tx,
    MarkableRow,
    sql`
      select v.state, v.error, v.text, c.title, c.url, c.language,
             coalesce(v.places, (
               select jsonb_agg(jsonb_build_object('start', k.start_offset,
                        'place', k.place || jsonb_build_object('headingPath', k.heading_path))
                        order by k.ordinal)
                 from docent.chunks k
                where k.org_id = v.org_id
                  and k.content_id = v.content_id
                  and k.version = v.version)) as places,
             c.current_version as "currentVersion",
             (select n.text
                from docent.content_versions n
               where n.org_id = v.org_id
                 and n.content_id = v.content_id
                 and n.version = c.current_version
                 and n.version <> v.version) as "currentText"
        from docent.content_versions v
        join docent.content c on c.org_id = v.org_id and c.id = v.content_id
       where v.org_id = ${orgId}
         and v.content_id = ${contentId}
         and v.version = ${version}
         ${mayRead(sql`v`)}`,
  );
}

const ChunkRow = z.object({
  id: z.string(),
  ordinal: z.number(),
  text: z.string(),
  tableHeader: z.string().nullable(),
  start: z.number(),
  end: z.number(),
  place: Place.omit({ headingPath: true }),
  headingPath: z.array(z.string()),
  language: z.string().nullable(),
  tokenCount: z.number(),
  embedded: z.boolean(),
  labels: z.array(LabelRow),
});
export type ChunkRow = z.output<typeof ChunkRow>;

/** Chunks of a version in order, after the position `after`. */
export function listChunks(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number,
  after: number,
  limit: number,
): Promise<ChunkRow[]> {
  return many(
    tx,
    ChunkRow,
    sql`
      select c.id, c.ordinal, c.content as text, c.table_header as "tableHeader",
             c.start_offset as start, c.end_offset as "end", c.place,
             c.heading_path as "headingPath", t.language, c.token_count as "tokenCount",
             exists (
               select from docent.chunk_embeddings e
                 join docent.embedding_models m on m.org_id = e.org_id and m.id = e.model_id
                where e.org_id = c.org_id
                  and e.chunk_id = c.id
                  and m.status = 'active') as embedded,
             (select coalesce(json_agg(${labelJson} order by l.start_offset, l.id), '[]')
                from docent.passage_labels l
               where l.org_id = c.org_id
                 and l.chunk_id = c.id) as labels
        from docent.chunks c
        join docent.content t on t.org_id = c.org_id and t.id = c.content_id
       where c.org_id = ${orgId}
         and c.content_id = ${contentId}
         and c.version = ${version}
         ${mayRead(sql`c`)}
         and c.ordinal > ${after}
       order by c.ordinal
       limit ${limit}`,
  );
}

/** Puts a version whose processing failed back to its beginning; 0 when it has not failed. */
export function requeueVersion(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number,
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.content_versions
         set state = 'queued',
             step = 'queued',
             percent = 0,
             error = null,
             warning = null,
             lease_token = null,
             finished_at = null
       where org_id = ${orgId}
         and content_id = ${contentId}
         and version = ${version}
         and state in ('no_text', 'password', 'corrupt', 'unsupported', 'too_large', 'timeout', 'failed')`,
  );
}

/** Whether the caller may change this content, and with it what becomes of its versions. */
export async function mayChangeVersion(tx: Tx, orgId: string, contentId: string): Promise<boolean> {
  const row = await one(
    tx,
    z.object({ allowed: z.boolean() }),
    sql`
      select exists (
        select from docent.content c
         where c.org_id = ${orgId}
           and c.id = ${contentId}
           and docent.may_change_content(c.created_by, c.department_id)
      ) as allowed`,
  );
  return row.allowed;
}
