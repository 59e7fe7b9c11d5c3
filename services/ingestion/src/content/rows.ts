import type { Content, Version } from '@docent/contracts/content';
import {
  ContentType,
  Progress,
  PublicationStatus,
  Readers,
  Validity,
  VersionState,
  Visibility,
} from '@docent/contracts/content';
import { type Sql, sql } from '@docent/database/sql';
import { z } from 'zod';

/**
 * The condition of who may see a row with `readers`, as its policy has it: said in the statement too, so
 * that the planner knows.
 */
export function mayRead(row: Sql): Sql {
  return sql`and (${row}.readers is null or ${row}.readers && (select docent.caller_tokens()))`;
}

const Time = z.date().transform((date) => date.toISOString());

/** Columns of a version `v` of a content `c`, as `VersionRow` reads them. */
export const versionColumns: Sql = sql`
  v.content_id as "contentId", v.version, v.version = c.current_version as current, v.state,
  v.step, v.percent, v.chunk_count as chunks, v.embedded_count as embedded, v.error, v.warning,
  v.file_name as "fileName", v.media_type as "mediaType", v.size_bytes::float8 as "sizeBytes",
  encode(v.sha256, 'hex') as sha256, v.attempts, v.created_at as "createdAt",
  v.started_at as "startedAt", v.finished_at as "finishedAt"`;

/** A row of `versionColumns`, as the version that callers see. */
export const VersionRow = z
  .object({
    contentId: z.string(),
    version: z.number(),
    current: z.boolean().nullable(),
    state: VersionState,
    step: Progress.shape.step,
    percent: z.number(),
    chunks: z.number(),
    embedded: z.number(),
    error: z.string().nullable(),
    warning: z.string().nullable(),
    fileName: z.string(),
    mediaType: z.string(),
    sizeBytes: z.number(),
    sha256: z.string(),
    attempts: z.number(),
    createdAt: Time,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
  })
  .transform(
    ({ step, percent, chunks, embedded, current, ...row }): Version => ({
      ...row,
      current: current === true,
      progress: { step, percent, chunks, embedded },
    }),
  );

/** Columns of a content `c` and its latest version `v`, as `ContentRow` reads them. */
export const contentColumns: Sql = sql`
  c.id, c.title, c.content_type as "contentType", c.language, c.tags, c.metadata, c.url,
  c.source_service as "sourceService", c.external_id as "externalId",
  c.current_version as "currentVersion", c.status, c.visibility,
  case when docent.may_change_content(c.created_by, c.department_id) then jsonb_build_object(
    'departments', c.visible_to_departments, 'roles', c.visible_to_roles, 'users', c.visible_to_users)
    end as "visibleTo",
  c.department_id as "departmentId", c.created_by as "ownerId", c.upload_batch as "uploadBatch", c.effective_from as "effectiveFrom",
  c.expires_at as "expiresAt", docent.validity(c.effective_from, c.expires_at) as validity, c.created_at as "contentCreatedAt",
  c.updated_at as "contentUpdatedAt",
  case when docent.may_change_content(c.created_by, c.department_id) then (
    select count(*)
      from docent.passage_labels l
     where l.org_id = c.org_id
       and l.content_id = c.id
       and l.dismissed_at is null)::int
    end as suspicious, ${versionColumns}`;

const ContentPart = z.object({
  id: z.string(),
  title: z.string(),
  contentType: ContentType,
  language: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  url: z.string().nullable(),
  sourceService: z.string(),
  externalId: z.string().nullable(),
  currentVersion: z.number().nullable(),
  status: PublicationStatus,
  visibility: Visibility,
  visibleTo: Readers.nullable(),
  departmentId: z.string().nullable(),
  ownerId: z.string().nullable(),
  effectiveFrom: Time.nullable(),
  expiresAt: Time.nullable(),
  uploadBatch: z.string().nullable(),
  validity: Validity,
  suspicious: z.number().nullable(),
  contentCreatedAt: Time,
  contentUpdatedAt: Time,
});

/** A row of `contentColumns`, as the content that callers see. */
export const ContentRow = z.unknown().transform((row): Content => {
  const { contentCreatedAt, contentUpdatedAt, ...content } = ContentPart.parse(row);
  const latest = VersionRow.parse(row);
  return { ...content, latest, createdAt: contentCreatedAt, updatedAt: contentUpdatedAt };
});
