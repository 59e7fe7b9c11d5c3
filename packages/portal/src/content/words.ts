import type {
  Content,
  ContentSort,
  ContentType,
  PublicationStatus,
  Readers,
  Validity,
  Version,
  VersionState,
} from '@docent/contracts/content';
import { counted, dayOf, roleName } from '../ui/words.ts';

export type Tone = 'plain' | 'accent' | 'good' | 'warning' | 'bad';

export const typeNames: Record<ContentType, string> = {
  course: 'Course',
  lesson: 'Lesson',
  skill: 'Skill description',
  assessment: 'Assessment',
  tutorial: 'Tutorial',
  reference: 'Reference',
};

/** Kinds, in the order in which they are offered. */
export const contentTypes: readonly ContentType[] = [
  'course',
  'lesson',
  'tutorial',
  'reference',
  'skill',
  'assessment',
];

export const statusNames: Record<PublicationStatus, string> = {
  draft: 'Draft',
  published: 'Published',
  archived: 'Archived',
};

export const validityNames: Record<Validity, string> = {
  effective: 'In effect',
  upcoming: 'Not in effect yet',
  expired: 'Expired',
};

export const stateNames: Record<VersionState, string> = {
  queued: 'Waiting',
  extracting: 'Being read',
  embedding: 'Being indexed',
  ready: 'Ready',
  no_text: 'No text in it',
  password: 'Password needed',
  corrupt: 'Damaged',
  unsupported: 'Format not supported',
  too_large: 'Too large',
  timeout: 'Took too long',
  failed: 'Failed',
};

export const sortNames: Record<ContentSort, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  changed: 'Changed last',
  title: 'By title',
};

const stepNames: Record<Version['progress']['step'], string> = {
  queued: 'Waiting for its turn',
  extracting: 'Reading the file',
  chunking: 'Cutting into passages',
  storing: 'Storing the passages',
  embedding: 'Indexing by meaning',
  done: 'Done',
};

/** What happens to a version just now. */
export function stepName({ progress }: Pick<Version, 'progress'>): string {
  return stepNames[progress.step];
}

const passing: readonly VersionState[] = ['queued', 'extracting', 'embedding'];

/** True while something still happens to a version by itself. */
export function isPassing(state: VersionState): boolean {
  return passing.includes(state);
}

export function stateTone(state: VersionState): Tone {
  if (state === 'ready') return 'good';
  return isPassing(state) ? 'accent' : 'bad';
}

export function statusTone(status: PublicationStatus): Tone {
  return status === 'published' ? 'good' : status === 'draft' ? 'warning' : 'plain';
}

export function validityTone(validity: Validity): Tone {
  return validity === 'effective' ? 'plain' : validity === 'upcoming' ? 'accent' : 'bad';
}

const languages = new Intl.DisplayNames(undefined, { type: 'language' });

export function languageName(code: string): string {
  return languages.of(code) ?? code;
}

/** Languages that the list offers as a filter, by code. */
export const commonLanguages = [
  ...['cs', 'da', 'de', 'el', 'en', 'es', 'fi', 'fr', 'hu', 'it', 'lt', 'nl', 'no', 'pl', 'pt'],
  ...['ro', 'ru', 'sv', 'tr', 'uk'],
];

/** Who sees it, in words; `Only some` for those who may not change it, and so are not told whom. */
export function readersInWords({
  status,
  visibility,
  visibleTo,
}: Pick<Content, 'status' | 'visibility' | 'visibleTo'>): string {
  if (status !== 'published') return 'Only those who may change it';
  if (visibility === 'organization') return 'Everybody';
  return visibleTo === null ? 'Only some' : named(visibleTo);
}

function named({ departments, roles, users }: Readers): string {
  const parts = [
    ...(departments.length > 0 ? [counted(departments.length, 'department')] : []),
    ...roles.map((role) => `${roleName(role)}s`),
    ...(users.length > 0 ? [counted(users.length, 'person', 'people')] : []),
  ];
  return parts.length === 0 ? 'Only its owner and administrators' : `Only ${parts.join(', ')}`;
}

/** `from 1 May 2026 until 1 May 2027`; null when it has no bounds. */
export function periodInWords({
  effectiveFrom,
  expiresAt,
}: Pick<Content, 'effectiveFrom' | 'expiresAt'>): string | null {
  const from = effectiveFrom === null ? null : `from ${dayOf(effectiveFrom)}`;
  const until = expiresAt === null ? null : `until ${dayOf(expiresAt)}`;
  const parts = [from, until].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** A time as an input of the type `datetime-local` wants it, in the person's own zone. */
export function localInput(timestamp: string | null): string {
  if (timestamp === null) return '';
  const time = new Date(timestamp);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such an input says, as ISO 8601; null when it is empty. */
export function inputTime(value: string): string | null {
  return value === '' ? null : new Date(value).toISOString();
}

/** Tags as they are typed: separated by commas, each once. */
export function tagsOf(typed: string): string[] {
  const all = typed.split(',').map((tag) => tag.trim());
  return [...new Set(all.filter((tag) => tag !== ''))];
}

/** Which of the values a select element has. @throws Error for one that was not offered. */
export function chosen<T extends string>(
  values: readonly T[],
  { currentTarget }: { readonly currentTarget: { readonly value: string } },
): T {
  const found = values.find((value) => value === currentTarget.value);
  if (found === undefined) throw new Error('a select gave a value that it does not offer');
  return found;
}
