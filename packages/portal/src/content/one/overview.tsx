import type { Content, ContentUpdate } from '@docent/contracts/content';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { ApiProblem } from '../../api/problem.ts';
import { useUnfinished } from '../../shell/leaving.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { TextField } from '../../ui/textField.tsx';
import { useToast } from '../../ui/toast.tsx';
import { counted, fileSize, momentOf } from '../../ui/words.ts';
import { type ContentFields, KindFields, PeriodFields } from '../fields.tsx';
import { RightsEditor } from '../rights/rightsEditor.tsx';
import {
  inputTime,
  languageName,
  localInput,
  periodInWords,
  readersInWords,
  tagsOf,
} from '../words.ts';
import { Conflict } from './conflict.tsx';
import type { Stated } from './contentPage.tsx';

/** What a content is, and the form that changes it for those who may. */
export function Overview({
  stated,
  reload,
  set,
}: {
  readonly stated: Stated;
  readonly reload: () => void;
  readonly set: (stated: Stated) => void;
}) {
  const { content } = stated;
  return (
    <>
      <Facts content={content} />
      {content.visibleTo === null ? (
        <Notice tone="info">
          This content is somebody else’s: its owner, administrators and whom they grant it may
          change it.
        </Notice>
      ) : (
        <Edit stated={stated} reload={reload} set={set} />
      )}
    </>
  );
}

function Facts({ content }: { readonly content: Content }) {
  const { latest } = content;
  const facts: [string, ComponentChildren][] = [
    ['File', `${latest.fileName}, ${fileSize(latest.sizeBytes)}`],
    [
      'Version',
      content.currentVersion === null
        ? 'None that can be searched yet'
        : `${content.currentVersion}, ${counted(latest.progress.chunks, 'passage')}`,
    ],
    ['Language', content.language === null ? 'Not known' : languageName(content.language)],
    ['Who sees it', readersInWords(content)],
    ['Counts', periodInWords(content) ?? 'always'],
    ['Uploaded', momentOf(content.createdAt)],
    ['Changed', momentOf(content.updatedAt)],
    [
      'From',
      content.externalId === null
        ? content.sourceService
        : `${content.sourceService}, ${content.externalId}`,
    ],
  ];
  return (
    <dl class="facts card">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the form has, as it is typed. */
interface Draft extends ContentFields {
  readonly title: string;
  readonly url: string;
  readonly visibility: Content['visibility'];
  readonly visibleTo: NonNullable<Content['visibleTo']>;
}

function draftOf(content: Content): Draft {
  return {
    title: content.title,
    contentType: content.contentType,
    tags: content.tags.join(', '),
    url: content.url ?? '',
    status: content.status,
    visibility: content.visibility,
    visibleTo: content.visibleTo ?? { departments: [], roles: [], users: [] },
    effectiveFrom: localInput(content.effectiveFrom),
    expiresAt: localInput(content.expiresAt),
  };
}

/** What was changed of it, as the API takes it; what was not stays out. */
function updateOf(before: Draft, draft: Draft): ContentUpdate {
  const changed = (name: keyof Draft) =>
    JSON.stringify(before[name]) !== JSON.stringify(draft[name]);
  return {
    ...(changed('title') ? { title: draft.title.trim() } : {}),
    ...(changed('contentType') ? { contentType: draft.contentType } : {}),
    ...(changed('tags') ? { tags: tagsOf(draft.tags) } : {}),
    ...(changed('url') ? { url: draft.url.trim() === '' ? null : draft.url.trim() } : {}),
    ...(changed('status') ? { status: draft.status } : {}),
    ...(changed('visibility') ? { visibility: draft.visibility } : {}),
    ...(changed('visibleTo') ? { visibleTo: draft.visibleTo } : {}),
    ...(changed('effectiveFrom') ? { effectiveFrom: inputTime(draft.effectiveFrom) } : {}),
    ...(changed('expiresAt') ? { expiresAt: inputTime(draft.expiresAt) } : {}),
  };
}

function Edit({
  stated,
  reload,
  set,
}: {
  readonly stated: Stated;
  readonly reload: () => void;
  readonly set: (stated: Stated) => void;
}) {
  const api = useApi();
  const toast = useToast();
  const { content } = stated;
  const before = draftOf(content);
  const [draft, setDraft] = useState(before);
  const saving = useSubmit();
  const [theirs, setTheirs] = useState<Stated | null>(null);
  // Saved, or read again: from here on it is edited, and the form stays where it is.
  useEffect(() => {
    setDraft(draftOf(content));
    setTheirs(null);
  }, [stated.etag]);
  const update = updateOf(before, draft);
  const nothing = Object.keys(update).length === 0;
  useUnfinished(!nothing, 'What you changed is not saved. Leave, and lose it?');
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });

  const save = (over?: Stated) =>
    saving.run(async () => {
      try {
        const response = await api.request(`/v1/content/${content.id}`, {
          method: 'PATCH',
          body: JSON.stringify(update),
          headers: { 'content-type': 'application/json' },
          ifMatch: over?.etag ?? stated.etag,
        });
        set({ content: await response.json(), etag: response.headers.get('etag') ?? '*' });
        toast('Saved.');
      } catch (failure) {
        const conflict = failure instanceof ApiProblem && failure.code === 'precondition_failed';
        if (!conflict) throw failure;
        const now = await api.request(`/v1/content/${content.id}`);
        setTheirs({ content: await now.json(), etag: now.headers.get('etag') ?? '*' });
      }
    });

  return (
    <form
      class="card form"
      aria-labelledby="edit-title"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 id="edit-title">What it is, and who sees it</h2>
      <TextField
        label="Title"
        required
        maxLength={500}
        value={draft.title}
        set={(title) => change({ title })}
      />
      <KindFields value={draft} statuses={['draft', 'published', 'archived']} change={change} />
      <div class="form-row">
        <PeriodFields value={draft} change={change} />
        <Field label="Address of the original" hint="Answers link to it">
          {(field) => (
            <input
              {...field}
              type="url"
              placeholder="https://…"
              value={draft.url}
              onInput={(event) => change({ url: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <RightsEditor value={draft} change={change} />
      {saving.error !== undefined && <Failure error={saving.error} />}
      {theirs !== null && (
        <Conflict
          before={content}
          now={theirs.content}
          discard={reload}
          overwrite={() => void save(theirs)}
        />
      )}
      <div class="actions">
        <Button
          kind="primary"
          type="submit"
          busy={saving.busy}
          disabled={nothing || theirs !== null}
        >
          Save
        </Button>
        <Button disabled={nothing || saving.busy} onClick={() => setDraft(before)}>
          Undo
        </Button>
      </div>
    </form>
  );
}
