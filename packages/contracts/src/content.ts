import { roles } from '@docent/core/principal';
import { z } from 'zod';
import { Timestamp } from './common.ts';

export const ContentType = z.enum([
  'course',
  'lesson',
  'skill',
  'assessment',
  'tutorial',
  'reference',
]);
export type ContentType = z.infer<typeof ContentType>;

/** States of a version. The first three pass; the others are final, each with a sentence in `error`. */
export const VersionState = z.enum([
  'queued',
  'extracting',
  'embedding',
  'ready',
  'no_text',
  'password',
  'corrupt',
  'unsupported',
  'too_large',
  'timeout',
  'failed',
]);
export type VersionState = z.infer<typeof VersionState>;

const passing: readonly VersionState[] = ['queued', 'extracting', 'embedding'];

/** True when nothing more will happen to a version by itself. */
export function isFinal(state: VersionState): boolean {
  return !passing.includes(state);
}

export const PublicationStatus = z
  .enum(['draft', 'published', 'archived'])
  .describe(
    'Only published content is searched; drafts and archived content are for those who may change it',
  );
export type PublicationStatus = z.infer<typeof PublicationStatus>;

export const Visibility = z.enum(['organization', 'restricted']);
export type Visibility = z.infer<typeof Visibility>;

/** Who sees restricted content, besides its owner and administrators: whom any of the lists names. */
export const Readers = z.strictObject({
  departments: z
    .array(z.uuid())
    .max(200)
    .default([])
    .describe('Their people and those of the departments below'),
  roles: z.array(z.enum(roles)).max(roles.length).default([]),
  users: z.array(z.uuid()).max(1_000).default([]),
});
export type Readers = z.infer<typeof Readers>;

/** Of a text: UTF-16 code units, `end` exclusive. */
export const Span = z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() });

/** Why a passage should be looked at: it speaks to a model instead of to its reader, or hides something. */
export const SuspicionReason = z.enum([
  'ignore_instructions',
  'new_role',
  'addresses_model',
  'reveal_prompt',
  'hides_from_reader',
  'dictates_answer',
  'sends_data',
  'chat_markup',
  'encoded_text',
  'invisible_characters',
  'hidden_text',
]);
export type SuspicionReason = z.infer<typeof SuspicionReason>;

/**
 * A remark on a passage for those who may change its content. Labelled passages are searched and quoted like any
 * other: answers do not follow what a passage says, whether or not it was noticed.
 */
export const PassageLabel = z.object({
  id: z.uuid(),
  label: z.enum(['suspicious']),
  reason: SuspicionReason,
  version: z.int().positive(),
  chunkId: z.uuid().nullable().describe('Null: in the file, but not in its text'),
  span: Span.nullable().describe(
    'In the text of the version; null: in the file, but not in its text',
  ),
  excerpt: z.string().describe('What was found'),
  dismissed: z
    .object({ at: Timestamp, by: z.uuid().nullable(), note: z.string().nullable() })
    .nullable()
    .describe(
      'Somebody reviewed it and found it harmless; stays while a new version says the same',
    ),
  createdAt: Timestamp,
});
export type PassageLabel = z.infer<typeof PassageLabel>;

/** What somebody who reviewed a label decides. */
export const LabelReview = z
  .object({
    dismissed: z.boolean(),
    note: z.string().trim().max(500).optional().describe('Why it is harmless'),
  })
  .strict();
export type LabelReview = z.infer<typeof LabelReview>;

/** Whether content counts now: from `effectiveFrom` on, until `expiresAt`. */
export const Validity = z.enum(['effective', 'upcoming', 'expired']);
export type Validity = z.infer<typeof Validity>;

const EffectiveFrom = Timestamp.describe(
  'From when it counts, ISO 8601 with a zone; before, nobody finds it',
);
const ExpiresAt = Timestamp.describe(
  'Until when it counts, ISO 8601 with a zone, after `effectiveFrom`',
);

const Tag = z.string().trim().min(1).max(100);

/** What a caller says about content, whichever way the text itself comes. */
export const ContentMetadata = z.object({
  title: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe('Default: the file’s own title or name'),
  contentType: ContentType.default('reference'),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional()
    .describe('ISO 639-1; default: detected from the text'),
  tags: z.array(Tag).max(50).default([]),
  metadata: z.record(z.string().max(100), z.json()).default({}),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe('Where people read the original'),
  sourceService: z.string().trim().min(1).max(100).default('upload'),
  externalId: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe('Id in the source service: pushing it again makes a new version of the same content'),
  status: PublicationStatus.default('published'),
  visibility: Visibility.default('organization'),
  visibleTo: Readers.optional().describe('Counts while `visibility` is `restricted`'),
  departmentId: z
    .uuid()
    .optional()
    .describe('The department that owns it: who was granted `content:write` there may change it'),
  effectiveFrom: EffectiveFrom.optional(),
  expiresAt: ExpiresAt.optional(),
  uploadBatch: z
    .uuid()
    .optional()
    .describe(
      'An id of the caller’s choosing for what is uploaded together: the list filters by it',
    ),
});
export type ContentMetadata = z.infer<typeof ContentMetadata>;

/** JSON form of an upload: the text itself, as Markdown, HTML or plain text. */
export const TextContent = ContentMetadata.extend({
  title: z.string().trim().min(1).max(500),
  text: z.string().min(1).max(5_000_000),
  mediaType: z.enum(['text/markdown', 'text/plain', 'text/html']).default('text/markdown'),
});
export type TextContent = z.infer<typeof TextContent>;

/** Changeable fields; a field that is not named stays as it is. */
export const ContentUpdate = z
  .object({
    title: z.string().trim().min(1).max(500),
    contentType: ContentType,
    tags: z.array(Tag).max(50),
    metadata: z.record(z.string().max(100), z.json()),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .nullable(),
    status: PublicationStatus,
    visibility: Visibility,
    visibleTo: Readers.describe('Replaces the one before as a whole'),
    departmentId: z.uuid().nullable(),
    effectiveFrom: EffectiveFrom.nullable(),
    expiresAt: ExpiresAt.nullable(),
  })
  .partial()
  .strict();
export type ContentUpdate = z.infer<typeof ContentUpdate>;

export const Progress = z.object({
  step: z.enum(['queued', 'extracting', 'chunking', 'storing', 'embedding', 'done']),
  percent: z.int().min(0).max(100),
  chunks: z.int().nonnegative().describe('Chunks of the version, 0 until they are stored'),
  embedded: z.int().nonnegative().describe('Chunks that have a vector already'),
});
export type Progress = z.infer<typeof Progress>;

/** One state of a content's file: the job that processes it is read from here. */
export const Version = z.object({
  contentId: z.uuid(),
  version: z.int().positive(),
  current: z.boolean().describe('This is the version that searches see'),
  state: VersionState,
  error: z.string().nullable().describe('A sentence for people, in final states other than ready'),
  warning: z.string().nullable().describe('What was left out of a ready version, if anything'),
  progress: Progress,
  fileName: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().length(64),
  attempts: z.int().nonnegative(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
});
export type Version = z.infer<typeof Version>;

export const Content = z.object({
  id: z.uuid(),
  title: z.string(),
  contentType: ContentType,
  language: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  url: z.string().nullable(),
  sourceService: z.string(),
  externalId: z.string().nullable(),
  currentVersion: z
    .int()
    .positive()
    .nullable()
    .describe('Null until a first version is searchable'),
  status: PublicationStatus,
  visibility: Visibility,
  visibleTo: Readers.nullable().describe('Null for callers who may not change the content'),
  departmentId: z.uuid().nullable(),
  ownerId: z.uuid().nullable().describe('Who uploaded it first; null when they are gone'),
  effectiveFrom: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
  uploadBatch: z.uuid().nullable().describe('With what it was uploaded first'),
  validity: Validity.describe(
    'Only effective content is found by searches, answers and recommendations; the list shows the rest to those who may change it',
  ),
  suspicious: z
    .int()
    .nonnegative()
    .nullable()
    .describe(
      'Passages that were labelled and not reviewed; null for callers who may not change the content',
    ),
  latest: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Content = z.infer<typeof Content>;

/** Answer of an upload. `unchanged`: the same bytes were there already, and nothing was made. */
export const ContentAccepted = z.object({
  id: z.uuid(),
  version: z.int().positive(),
  state: VersionState,
  unchanged: z.boolean(),
});
export type ContentAccepted = z.infer<typeof ContentAccepted>;

/** Narrowing of the list of content: each filter that is set must hold. */
export const contentFilters = {
  contentType: ContentType.optional(),
  state: z
    .enum([...VersionState.options, ...Validity.options])
    .optional()
    .describe('State of the latest version, or whether the content is in effect'),
  tag: z.string().min(1).max(100).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  sourceService: z.string().min(1).max(100).optional(),
  externalId: z.string().min(1).max(500).optional(),
  status: PublicationStatus.optional(),
  visibility: Visibility.optional(),
  departmentId: z.uuid().optional(),
  ownerId: z.uuid().optional(),
  labels: z
    .enum(['suspicious'])
    .optional()
    .describe(
      'With passages that were labelled and not reviewed, of content that the caller may change',
    ),
  uploadBatch: z.uuid().optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('A version of it has exactly these bytes'),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Words, or parts of words, of the title'),
};

/** Orders of the list of content. */
export const ContentSort = z
  .enum(['newest', 'oldest', 'changed', 'title'])
  .describe('`changed`: what was changed last comes first');
export type ContentSort = z.infer<typeof ContentSort>;

export const ContentFilters = z.object(contentFilters);
export type ContentFilters = z.infer<typeof ContentFilters>;

/** What an upload may be. */
export const UploadLimits = z.object({
  maxFileBytes: z.int().positive(),
  extensions: z
    .array(z.string())
    .describe('Endings of file names that can be read, without the dot'),
  formats: z.string().describe('The same as a sentence'),
});
export type UploadLimits = z.infer<typeof UploadLimits>;

/** Items of a batch are checked one by one: a bad one does not spoil the others. */
export const ContentBatch = z
  .object({
    items: z
      .array(z.unknown())
      .min(1)
      .max(100)
      .describe('Each as the JSON body of POST /v1/content'),
  })
  .strict();
export type ContentBatch = z.infer<typeof ContentBatch>;

/** What became of an item of a batch, at the item's place. */
export const BatchItem = z.union([
  ContentAccepted.extend({ status: z.int().describe('As POST /v1/content would have answered') }),
  z.object({ status: z.int(), problem: z.object({ code: z.string(), detail: z.string() }) }),
]);
export type BatchItem = z.infer<typeof BatchItem>;
export const ContentBatchResult = z.object({
  accepted: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  items: z.array(BatchItem),
});
export type ContentBatchResult = z.infer<typeof ContentBatchResult>;
