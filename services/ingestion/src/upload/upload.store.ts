import type { Principal } from '@docent/core/principal';
import { maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { GivenMetadata } from './given.ts';

const Time = z.date().transform((date) => date.toISOString());

const Upserted = z.object({
  id: z.string(),
  title: z.string(),
  language: z.string().nullable(),
  effectiveFrom: Time.nullable(),
  expiresAt: Time.nullable(),
  latestVersion: z.number(),
});

/** The content that this source service knows by this external id, when the caller may change it. */
export function lockByExternalId(
  tx: Tx,
  orgId: string,
  { sourceService, externalId }: GivenMetadata,
): Promise<z.output<typeof Upserted> | null> {
  return maybeOne(
    tx,
    Upserted,
    sql`
      select id, title, language, effective_from as "effectiveFrom", expires_at as "expiresAt",
             latest_version as "latestVersion"
        from docent.content
       where org_id = ${orgId}
         and source_service = ${sourceService}
         and external_id = ${externalId ?? null}
         for no key update`,
  );
}

/**
 * A new content; null when its external id is taken. Its row stays locked until the transaction ends, so
 * that versions of one content are numbered one after another.
 */
export function insertContent(
  tx: Tx,
  principal: Principal,
  content: { id: string; fallbackTitle: string; given: GivenMetadata },
): Promise<z.output<typeof Upserted> | null> {
  const { id, fallbackTitle, given } = content;
  return maybeOne(
    tx,
    Upserted,
    sql`
      insert into docent.content
        (org_id, id, title, title_given, content_type, language, language_given, tags, metadata, url,
         source_service, external_id, created_by, status, visibility, visible_to_departments,
         visible_to_roles, visible_to_users, department_id, upload_batch, effective_from, expires_at)
      values (${principal.orgId}, ${id}, ${given.title ?? fallbackTitle}, ${given.title !== undefined},
              ${given.contentType ?? 'reference'}, ${given.language ?? null},
              ${given.language !== undefined}, ${given.tags ?? []},
              ${JSON.stringify(given.metadata ?? {})}::jsonb, ${given.url ?? null},
              ${given.sourceService}, ${given.externalId ?? null}, ${principal.userId},
              ${given.status ?? 'published'}, ${given.visibility ?? 'organization'},
              ${given.visibleTo?.departments ?? []}, ${given.visibleTo?.roles ?? []},
              ${given.visibleTo?.users ?? []}, ${given.departmentId ?? null},
              ${given.uploadBatch ?? null}, ${given.effectiveFrom ?? null}, ${given.expiresAt ?? null})
      on conflict (org_id, source_service, external_id) do nothing
      returning id, title, language, effective_from as "effectiveFrom", expires_at as "expiresAt",
                latest_version as "latestVersion"`,
  );
}

/** The content of this id, if the caller may change it, its row locked until the transaction ends. */
export function lockContent(
  tx: Tx,
  orgId: string,
  id: string,
): Promise<z.output<typeof Upserted> | null> {
  return maybeOne(
    tx,
    Upserted,
    sql`
      select id, title, language, effective_from as "effectiveFrom", expires_at as "expiresAt",
             latest_version as "latestVersion"
        from docent.content
       where org_id = ${orgId}
         and id = ${id}
         for no key update`,
  );
}

/** Writes the fields that are given; the others stay as they are. */
export function applyGiven(
  tx: Tx,
  orgId: string,
  id: string,
  given: GivenMetadata,
): Promise<number> {
  const metadata = given.metadata === undefined ? null : JSON.stringify(given.metadata);
  return run(
    tx,
    sql`
      update docent.content
         set title = coalesce(${given.title ?? null}, title),
             title_given = title_given or ${given.title !== undefined},
             content_type = coalesce(${given.contentType ?? null}, content_type),
             language = coalesce(${given.language ?? null}, language),
             language_given = language_given or ${given.language !== undefined},
             tags = coalesce(${given.tags ?? null}, tags),
             metadata = coalesce(${metadata}::jsonb, metadata),
             url = coalesce(${given.url ?? null}, url),
             status = coalesce(${given.status ?? null}, status),
             visibility = coalesce(${given.visibility ?? null}, visibility),
             visible_to_departments = coalesce(${given.visibleTo?.departments ?? null}, visible_to_departments),
             visible_to_roles = coalesce(${given.visibleTo?.roles ?? null}, visible_to_roles),
             visible_to_users = coalesce(${given.visibleTo?.users ?? null}, visible_to_users),
             department_id = coalesce(${given.departmentId ?? null}::uuid, department_id),
             effective_from = coalesce(${given.effectiveFrom ?? null}::timestamptz, effective_from),
             expires_at = coalesce(${given.expiresAt ?? null}::timestamptz, expires_at)
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

const Latest = z.object({ version: z.number(), state: z.string(), sha256: z.string() });

/** The newest version of a content, or null when it has none yet. */
export function latestVersion(
  tx: Tx,
  orgId: string,
  contentId: string,
): Promise<z.output<typeof Latest> | null> {
  return maybeOne(
    tx,
    Latest,
    sql`
      select version, state, encode(sha256, 'hex') as sha256
        from docent.content_versions
       where org_id = ${orgId}
         and content_id = ${contentId}
       order by version desc
       limit 1`,
  );
}

export interface NewVersion {
  readonly contentId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A queued version with the next number. The content's row must be locked. */
export async function insertVersion(
  tx: Tx,
  principal: Principal,
  file: NewVersion,
): Promise<number> {
  const { orgId } = principal;
  const row = await one(
    tx,
    z.object({ version: z.number() }),
    sql`
      with content as (
        update docent.content
           set latest_version = latest_version + 1
         where org_id = ${orgId}
           and id = ${file.contentId}
        returning id, latest_version
      )
      insert into docent.content_versions
        (org_id, content_id, version, file_name, media_type, size_bytes, sha256, created_by)
      select ${orgId}, id, latest_version, ${file.fileName}, ${file.mediaType},
             ${file.sizeBytes}::bigint, decode(${file.sha256}, 'hex'), ${principal.userId}::uuid
        from content
      returning version`,
  );
  return row.version;
}

/**
 * Whether the organization stores more than its plan allows, the version that was just added among it. Uploads
 * of an organization with a limit wait for each other here.
 */
export async function isOverStorage(tx: Tx, orgId: string): Promise<boolean> {
  const limit = await maybeOne(
    tx,
    z.object({ most: z.coerce.number() }),
    sql`
      select o.max_storage_bytes as most
        from docent.organizations o
       where o.org_id = ${orgId}
         and o.max_storage_bytes is not null`,
  );
  if (limit === null) return false;
  await run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.storage:' || ${orgId}::uuid, 0))`,
  );
  const { stored } = await one(
    tx,
    z.object({ stored: z.coerce.number() }),
    sql`select docent.stored_bytes() as stored`,
  );
  return stored > limit.most;
}

/**
 * Holds off others who place or remove the same bytes until the transaction ends: without it, a
 * delete could remove the file that an upload has just found to be there.
 */
export async function lockFile(tx: Tx, orgId: string, sha256: string): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`${orgId}/${sha256}`}, 0))`);
}

/** Whether any version still stands on these bytes. */
export async function isReferenced(tx: Tx, orgId: string, sha256: string): Promise<boolean> {
  const row = await one(
    tx,
    z.object({ referenced: z.boolean() }),
    sql`
      select exists (
        select from docent.content_versions
         where org_id = ${orgId}
           and sha256 = decode(${sha256}, 'hex')
      ) as referenced`,
  );
  return row.referenced;
}
