import type { Query } from '../../shell/query.ts';
import { Notice } from '../../ui/notice.tsx';
import { type ContentFields, KindFields, PeriodFields } from '../fields.tsx';
import { everybody, type Rights, RightsEditor } from '../rights/rightsEditor.tsx';
import { inputTime, tagsOf } from '../words.ts';
import type { Said } from './queue.ts';

/** What one says of all files of an upload, as it is typed. */
export interface About extends ContentFields {
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
      <KindFields value={value} statuses={['published', 'draft']} change={set} />
      <div class="form-row">
        <PeriodFields value={value} change={set} />
      </div>
      <RightsEditor value={value.rights} change={(rights) => set({ rights })} />
      {error !== null && <Notice tone="bad">{error}</Notice>}
    </>
  );
}
