import type {
  Content,
  ContentFilters,
  ContentSort,
  ContentUpdate,
} from '@docent/contracts/content';
import { emptySql, many, maybeOne, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { ContentRow, contentColumns, mayRead } from './rows.ts';

/** A content that the caller may see, with its latest version; or null. */
export function findContent(tx: Tx, orgId: string, id: string): Promise<Content | null> {
  return maybeOne(
    tx,
    ContentRow,
    sql`
      select ${contentColumns}
        from docent.content c
        join docent.content_versions v
          on v.org_id = c.org_id and v.content_id = c.id and v.version = c.latest_version
       where c.org_id = ${orgId}
         and c.id = ${id}
         ${mayRead(sql`c`)}`,
  );
}

/** The same of a content that the caller may change, its row locked until the transaction ends. */
export function lockContent(tx: Tx, orgId: string, id: string): Promise<Content | null> {
  return maybeOne(
    tx,
    ContentRow,
    sql`
      select ${contentColumns}
        from docent.content c
        join docent.content_versions v
          on v.org_id = c.org_id and v.content_id = c.id and v.version = c.latest_version
       where c.org_id = ${orgId}
         and c.id = ${id}
         for no key update of c`,
  );
}

/**
 * Content that passes the filters, in this order, after the one that `after` names.
 * @param after exclusive: what the list is ordered by (`cursorKey`), and id.
 */
export function listContent(
  tx: Tx,
  orgId: string,
  filters: ContentFilters,
  sort: ContentSort,
  after: { key: string; id: string } | null,
  limit: number,
): Promise<{ content: Content; key: string }[]> {
  const { key, next, order } = orders[sort](after);
  const words = filters.q?.split(/\s+/) ?? null;
  return many(
    tx,
    ListRow,
    sql`
      select ${contentColumns}, ${key}::text as "cursorKey"
        from docent.content c
        join docent.content_versions v
          on v.org_id = c.org_id and v.content_id = c.id and v.version = c.latest_version
       where c.org_id = ${orgId}
         ${mayRead(sql`c`)}
         and (${filters.contentType ?? null}::text is null or c.content_type = ${filters.contentType ?? null})
         ${inState(filters.state)}
         and (${filters.labels ?? null}::text is null
              or exists (
                   select from docent.passage_labels l
                    where l.org_id = c.org_id
                      and l.content_id = c.id
                      and l.label = ${filters.labels ?? null}
                      and l.dismissed_at is null))
         -- Cheap first: nearly everything is in effect.
         and (docent.validity(c.effective_from, c.expires_at) = 'effective'
              or docent.may_change_content(c.created_by, c.department_id))
         and (${filters.tag ?? null}::text is null or c.tags @> array[${filters.tag ?? null}::text])
         and (${filters.language ?? null}::text is null or c.language = ${filters.language ?? null})
         and (${filters.sourceService ?? null}::text is null
              or c.source_service = ${filters.sourceService ?? null})
         and (${filters.externalId ?? null}::text is null or c.external_id = ${filters.externalId ?? null})
         and (${filters.status ?? null}::text is null or c.status = ${filters.status ?? null})
         and (${filters.visibility ?? null}::text is null or c.visibility = ${filters.visibility ?? null})
         and (${filters.departmentId ?? null}::uuid is null
              or c.department_id = ${filters.departmentId ?? null})
         and (${filters.ownerId ?? null}::uuid is null or c.created_by = ${filters.ownerId ?? null})
         and (${filters.uploadBatch ?? null}::uuid is null
              or c.upload_batch = ${filters.uploadBatch ?? null})
         ${ofFile(orgId, filters.sha256)}
         and (${words}::text[] is null
              or (select bool_and(position(lower(word) in lower(c.title)) > 0)
                    from unnest(${words}::text[]) word))
         ${next}
       order by ${order}
       limit ${limit}`,
  );
}

type After = { key: string; id: string } | null;

/** What a list is ordered by, what comes after a row of it, and the order itself. Times are compared to the microsecond. */
const orders: Record<ContentSort, (after: After) => { key: Sql; next: Sql; order: Sql }> = {
  newest: (after) => ({
    key: sql`c.created_at`,
    next:
      after === null
        ? emptySql
        : sql`and (c.created_at, c.id) < (${after.key}::timestamptz, ${after.id}::uuid)`,
    order: sql`c.created_at desc, c.id desc`,
  }),
  oldest: (after) => ({
    key: sql`c.created_at`,
    next:
      after === null
        ? emptySql
        : sql`and (c.created_at, c.id) > (${after.key}::timestamptz, ${after.id}::uuid)`,
    order: sql`c.created_at, c.id`,
  }),
  changed: (after) => ({
    key: sql`c.updated_at`,
    next:
      after === null
        ? emptySql
        : sql`and (c.updated_at, c.id) < (${after.key}::timestamptz, ${after.id}::uuid)`,
    order: sql`c.updated_at desc, c.id desc`,
  }),
  title: (after) => ({
    key: sql`lower(c.title)`,
    next:
      after === null
        ? emptySql
        : sql`and (lower(c.title), c.id) > (${after.key}, ${after.id}::uuid)`,
    order: sql`lower(c.title), c.id`,
  }),
};

/** Content of which a version has these bytes. */
function ofFile(orgId: string, sha256: string | undefined): Sql {
  if (sha256 === undefined) return emptySql;
  return sql`
    and c.id in (
      select f.content_id
        from docent.content_versions f
       where f.org_id = ${orgId}
         and f.sha256 = decode(${sha256}, 'hex'))`;
}

/** Its latest version's state, or its validity in a form that the indexes on the dates serve. */
function inState(state: ContentFilters['state']): Sql {
  switch (state) {
    case undefined:
      return emptySql;
    case 'effective':
      return sql`and docent.validity(c.effective_from, c.expires_at) = 'effective'`;
    case 'upcoming':
      return sql`and c.effective_from > now() and (c.expires_at is null or c.expires_at > now())`;
    case 'expired':
      return sql`and c.expires_at <= now()`;
    default:
      return sql`and v.state = ${state}`;
  }
}

const ListRow = z.unknown().transform((row) => ({
  content: ContentRow.parse(row),
  key: z.object({ cursorKey: z.string() }).parse(row).cursorKey,
}));

/** Writes the fields that are named. */
export function updateContent(
  tx: Tx,
  orgId: string,
  id: string,
  update: ContentUpdate,
): Promise<number> {
  const metadata = update.metadata === undefined ? null : JSON.stringify(update.metadata);
  return run(
    tx,
    sql`
      update docent.content
         set title = coalesce(${update.title ?? null}, title),
             title_given = title_given or ${update.title !== undefined},
             content_type = coalesce(${update.contentType ?? null}, content_type),
             tags = coalesce(${update.tags ?? null}, tags),
             metadata = coalesce(${metadata}::jsonb, metadata),
             url = case when ${update.url !== undefined} then ${update.url ?? null} else url end,
             status = coalesce(${update.status ?? null}, status),
             visibility = coalesce(${update.visibility ?? null}, visibility),
             visible_to_departments = coalesce(${update.visibleTo?.departments ?? null}, visible_to_departments),
             visible_to_roles = coalesce(${update.visibleTo?.roles ?? null}, visible_to_roles),
             visible_to_users = coalesce(${update.visibleTo?.users ?? null}, visible_to_users),
             department_id = case when ${update.departmentId !== undefined}
               then ${update.departmentId ?? null}::uuid else department_id end,
             effective_from = case when ${update.effectiveFrom !== undefined}
               then ${update.effectiveFrom ?? null}::timestamptz else effective_from end,
             expires_at = case when ${update.expiresAt !== undefined}
               then ${update.expiresAt ?? null}::timestamptz else expires_at end
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

/** Hashes of the files that the versions of a content stand on. */
export async function filesOf(tx: Tx, orgId: string, id: string): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ sha256: z.string() }),
    sql`
      select distinct encode(sha256, 'hex') as sha256
        from docent.content_versions
       where org_id = ${orgId}
         and content_id = ${id}`,
  );
  return rows.map((row) => row.sha256);
}

/** Deletes a content with its versions, chunks and vectors. Returns 0 when there is none. */
export function deleteContent(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.content
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
