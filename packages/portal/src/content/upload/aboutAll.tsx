import type { ContentType, PublicationStatus } from '@docent/contracts/content';
import type { Query } from '../../shell/query.ts';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { everybody, type Rights, RightsEditor } from '../rights/rightsEditor.tsx';
import { chosen, contentTypes, inputTime, statusNames, tagsOf, typeNames } from '../words.ts';
import type { Said } from './queue.ts';

/** What one says of all files of an upload, as it is typed. */
export interface About {
  readonly contentType: ContentType;
  readonly status: PublicationStatus;
  readonly tags: string;
  readonly effectiveFrom: string;
  readonly expiresAt: string;
  readonly rights: Rights;
}

export function emptyAbout(query: Query): About {
  return {
    contentType: 'reference',
    status: 'published',
    tags: query.tag ?? '',
    effectiveFrom: '',
    expiresAt: '',
    rights: everybody,
  };
}

/** The same as fields of the API, or a sentence about what is wrong with it. */
export function saidOf(about: About): Said | string {
  const effectiveFrom = inputTime(about.effectiveFrom);
  const expiresAt = inputTime(about.expiresAt);
  if (effectiveFrom !== null && expiresAt !== null && expiresAt <= effectiveFrom) {
    return 'The end must be after the beginning.';
  }
  return {
    contentType: about.contentType,
    status: about.status,
    tags: tagsOf(about.tags),
    visibility: about.rights.visibility,
    ...(about.rights.visibility === 'restricted' ? { visibleTo: about.rights.visibleTo } : {}),
    ...(effectiveFrom === null ? {} : { effectiveFrom }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}

export function AboutAll({
  value,
  change,
  error,
}: {
  readonly value: About;
  readonly change: (about: About) => void;
  readonly error: string | null;
}) {
  const set = (part: Partial<About>) => change({ ...value, ...part });
  return (
    <>
      <div class="form-row">
        <Field label="Kind">
          {(field) => (
            <select
              {...field}
              value={value.contentType}
              onChange={(event) => set({ contentType: chosen(contentTypes, event) })}
            >
              {contentTypes.map((type) => (
                <option key={type} value={type}>
                  {typeNames[type]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Tags" hint="Separated by commas">
          {(field) => (
            <input
              {...field}
              value={value.tags}
              onInput={(event) => set({ tags: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Publication" hint="Only published content is found">
          {(field) => (
            <select
              {...field}
              value={value.status}
              onChange={(event) =>
                set({ status: chosen<PublicationStatus>(['published', 'draft'], event) })
              }
            >
              <option value="published">{statusNames.published}</option>
              <option value="draft">{statusNames.draft}</option>
            </select>
          )}
        </Field>
      </div>
      <div class="form-row">
        <Field label="Counts from" hint="Empty: at once">
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              value={value.effectiveFrom}
              onInput={(event) => set({ effectiveFrom: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Counts until" hint="Empty: without end">
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              value={value.expiresAt}
              onInput={(event) => set({ expiresAt: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <RightsEditor value={value.rights} change={(rights) => set({ rights })} />
      {error !== null && <Notice tone="bad">{error}</Notice>}
    </>
  );
}
