import type { Conversation } from '@docent/contracts/chat';
import { useRef, useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import type { PagedList } from '../api/resource.ts';
import { useTyped } from '../shell/typed.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Paged } from '../ui/list.tsx';
import { Failure } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { sinceOf } from '../ui/words.ts';

/** The person's conversations, last used first: searched, renamed, deleted. */
export function ConversationList({
  list,
  open,
  q,
  onSearch,
  onDeleted,
  onRenamed,
}: {
  readonly list: PagedList<Conversation>;
  /** The one that is shown. */
  readonly open: string | null;
  readonly q: string;
  readonly onSearch: (words: string) => void;
  readonly onDeleted: (id: string) => void;
  readonly onRenamed: (conversation: Conversation) => void;
}) {
  const api = useApi();
  const [renaming, setRenaming] = useState<Conversation | null>(null);
  const [deleting, setDeleting] = useState<Conversation | null>(null);
  const place = useRef(0);
  const nav = useRef<HTMLElement>(null);
  // The row that takes the place of the deleted one, else the one before it, else the way to a new one.
  useKeptFocus(() => {
    const rows = nav.current?.querySelectorAll<HTMLElement>('li > a');
    return rows?.[Math.min(place.current, rows.length - 1)] ?? nav.current?.querySelector('a');
  }, deleting);
  const search = q === '' ? '' : `?${new URLSearchParams({ q })}`;
  return (
    <nav class="conversations" aria-label="Conversations" ref={nav}>
      <div class="conversations-head">
        <ButtonLink icon="plus" href={`/app/chat${search}`}>
          New conversation
        </ButtonLink>
        <Search q={q} onSearch={onSearch} />
      </div>
      <div class="conversations-list">
        <Paged
          list={list}
          empty={
            <p class="muted small">
              {q === '' ? 'Your conversations will be here.' : 'No conversation has these words.'}
            </p>
          }
        >
          {(items) => (
            <ul>
              {items.map((one) => (
                <li key={one.id} class={one.id === open ? 'open' : ''}>
                  <a
                    href={`/app/chat/${one.id}${search}`}
                    aria-current={one.id === open ? 'page' : undefined}
                  >
                    <span>{one.title}</span>
                    <span class="muted small">{sinceOf(one.updatedAt)}</span>
                  </a>
                  <span class="actions">
                    <Button kind="quiet" icon="edit" iconOnly onClick={() => setRenaming(one)}>
                      {`Rename ${one.title}`}
                    </Button>
                    <Button
                      kind="quiet"
                      icon="trash"
                      iconOnly
                      onClick={() => {
                        place.current = items.indexOf(one);
                        setDeleting(one);
                      }}
                    >
                      {`Delete ${one.title}`}
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Paged>
      </div>
      {renaming !== null && (
        <Rename conversation={renaming} onRenamed={onRenamed} onClose={() => setRenaming(null)} />
      )}
      {deleting !== null && (
        <Confirm
          title="Delete this conversation?"
          action="Delete the conversation"
          onConfirm={async () => {
            await api.send('DELETE', `/v1/conversations/${deleting.id}`);
            onDeleted(deleting.id);
          }}
          onClose={() => setDeleting(null)}
        >
          <p>
            “{deleting.title}” with its {deleting.messageCount} messages is gone then, for good.
          </p>
        </Confirm>
      )}
    </nav>
  );
}

function Search({
  q,
  onSearch,
}: {
  readonly q: string;
  readonly onSearch: (words: string) => void;
}) {
  const [words, setWords] = useTyped(q, onSearch);
  return (
    <input
      type="search"
      aria-label="Search conversations"
      placeholder="Search conversations"
      value={words}
      onInput={(event) => setWords(event.currentTarget.value)}
    />
  );
}

function Rename({
  conversation,
  onRenamed,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onRenamed: (conversation: Conversation) => void;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const [title, setTitle] = useState(conversation.title);
  const { busy, error, run } = useSubmit();
  const submit = async (event: Event) => {
    event.preventDefault();
    const renamed = await run(async () => {
      const path = `/v1/conversations/${conversation.id}`;
      onRenamed(await api.send<Conversation>('PATCH', path, { title: title.trim() }));
    });
    if (renamed) onClose();
  };
  return (
    <Dialog title="Rename the conversation" onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Title">
          {(field) => (
            <input
              {...field}
              required
              maxLength={200}
              value={title}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          )}
        </Field>
        {error !== undefined && <Failure error={error} />}
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy} disabled={title.trim() === ''}>
            Rename
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
