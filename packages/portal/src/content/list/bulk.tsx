import type { Content, PublicationStatus } from '@docent/contracts/content';
import { useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { sentenceOf } from '../../api/problem.ts';
import type { PagedList } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToast } from '../../ui/toast.tsx';
import { counted } from '../../ui/words.ts';
import { mapLimited } from '../mapLimited.ts';

/** Requests of one action that run side by side. */
const AT_A_TIME = 4;

interface Failed {
  readonly title: string;
  readonly reason: string;
}

/** What can be done with all chosen contents at once. The bar is always there: choosing moves nothing. */
export function BulkActions({
  list,
  chosen,
  chooseAll,
}: {
  readonly list: PagedList<Content>;
  readonly chosen: readonly Content[];
  readonly chooseAll: (checked: boolean) => void;
}) {
  const api = useApi();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState<readonly Failed[]>([]);
  const [deleting, setDeleting] = useState(false);
  const none = chosen.length === 0;

  async function forEach(what: string, act: (content: Content) => Promise<Content | null>) {
    setBusy(true);
    setDone(0);
    setFailed([]);
    const changed = new Map<string, Content | null>();
    const problems: Failed[] = [];
    await mapLimited(chosen, AT_A_TIME, async (content) => {
      try {
        changed.set(content.id, await act(content));
      } catch (error) {
        problems.push({ title: content.title, reason: sentenceOf(error) });
      }
      setDone(changed.size + problems.length);
    });
    list.update((items) =>
      items.flatMap((item) => {
        const now = changed.get(item.id);
        return now === null ? [] : [now ?? item];
      }),
    );
    chooseAll(false);
    setFailed(problems);
    setBusy(false);
    if (changed.size > 0) toast(`${counted(changed.size, 'content')} ${what}.`);
  }

  const toStatus = (status: PublicationStatus, what: string) => () =>
    void forEach(what, ({ id }) => api.send<Content>('PATCH', `/v1/content/${id}`, { status }));
  const remove = async () => {
    setDeleting(false);
    await forEach('deleted', async ({ id }) => {
      await api.send('DELETE', `/v1/content/${id}`);
      return null;
    });
  };

  return (
    <>
      <div class="bulk">
        <label class="check">
          <input
            type="checkbox"
            checked={
              !none &&
              chosen.length === list.items.filter(({ visibleTo }) => visibleTo !== null).length
            }
            disabled={list.items.length === 0}
            onChange={(event) => {
              event.stopPropagation();
              chooseAll(event.currentTarget.checked);
            }}
          />
          <span>Choose all shown</span>
        </label>
        <span class="muted small" role="status">
          {busy ? `${done} of ${chosen.length} done` : none ? '' : `${chosen.length} chosen`}
        </span>
        <div class="actions">
          <Button disabled={none || busy} onClick={toStatus('published', 'published')}>
            Publish
          </Button>
          <Button disabled={none || busy} onClick={toStatus('archived', 'archived')}>
            Archive
          </Button>
          <Button
            kind="danger"
            icon="trash"
            disabled={none || busy}
            onClick={() => setDeleting(true)}
          >
            Delete
          </Button>
        </div>
      </div>
      {failed.length > 0 && (
        <Notice tone="bad">
          <p>{counted(failed.length, 'content')} could not be changed:</p>
          <ul>
            {failed.map(({ title, reason }) => (
              <li key={title}>
                {title}: {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {deleting && (
        <Dialog
          title={`Delete ${counted(chosen.length, 'content')}?`}
          onClose={() => setDeleting(false)}
        >
          <p>With all files, versions and passages. This cannot be taken back.</p>
          <ul class="short-list">
            {chosen.slice(0, 8).map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
            {chosen.length > 8 && <li>and {chosen.length - 8} more</li>}
          </ul>
          <footer class="actions">
            <Button onClick={() => setDeleting(false)}>Cancel</Button>
            <Button kind="danger" onClick={() => void remove()}>
              Delete
            </Button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
