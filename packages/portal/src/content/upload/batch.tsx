import type { Content } from '@docent/contracts/content';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Page } from '../../api/client.ts';
import { useApi } from '../../api/context.tsx';
import { useLoaded } from '../../api/resource.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Badge, Meter } from '../../ui/meter.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { counted } from '../../ui/words.ts';
import { isPassing, stateNames, stateTone, stepName } from '../words.ts';

/** Pause between two looks at files that are being processed, milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** What becomes of the files of a batch: one request tells of all, as long as something still happens. */
export function Batch({
  id,
  expected,
  another,
}: {
  readonly id: string;
  /** How many this page has sent by now: a new one is looked for at once. */
  readonly expected: number;
  readonly another: (() => void) | null;
}) {
  const api = useApi();
  const batch = useLoaded(
    useCallback(
      async (signal: AbortSignal) => {
        const found: Content[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<Content> = await api.get('/v1/content', {
            query: { uploadBatch: id, sort: 'oldest', limit: 100, cursor },
            signal,
          });
          found.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);
        return found;
      },
      [api, id],
    ),
  );
  const items = batch.data ?? [];
  const passing = items.filter(({ latest }) => isPassing(latest.state)).length;
  // One that failed may be deleted: what has been seen has arrived.
  const most = useRef(0);
  most.current = Math.max(most.current, items.length);
  const waiting = passing > 0 || most.current < expected;
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(batch.reload, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [waiting, batch.data, batch.error, expected]);

  const ready = items.filter(({ latest }) => latest.state === 'ready').length;
  const failed = items.length - ready - passing;
  const sentence =
    items.length === 0
      ? 'Nothing has arrived yet.'
      : waiting
        ? `${ready} of ${items.length} ready`
        : `${counted(ready, 'file')} ready${failed > 0 ? `, ${failed} failed` : ''}.`;
  return (
    <section class="stack" aria-labelledby="batch-title">
      <div class="spread">
        <div>
          <h2 id="batch-title">Files of this upload</h2>
          <p class="muted" role="status">
            {batch.data === undefined ? '' : sentence}
          </p>
        </div>
        {another !== null && !waiting && (
          <Button icon="plus" onClick={another}>
            Another upload
          </Button>
        )}
      </div>
      {batch.error !== undefined && <Failure error={batch.error} retry={batch.reload} />}
      {batch.data === undefined && batch.loading && <Skeleton lines={4} />}
      {items.length > 0 && (
        <ul class="uploads">
          {items.map((content) => (
            <Item key={content.id} content={content} reload={batch.reload} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ content, reload }: { readonly content: Content; readonly reload: () => void }) {
  const api = useApi();
  const { id, title, latest } = content;
  const { busy, error, run } = useSubmit();
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      reload();
    });
  const broken = !isPassing(latest.state) && latest.state !== 'ready';
  return (
    <li>
      <span class="name">
        <a href={`/app/content/${id}`}>{title}</a>
        <span class="muted small">{latest.fileName}</span>
      </span>
      <span class="progress">
        {isPassing(latest.state) ? (
          <>
            <Meter label={`Progress of ${title}`} value={latest.progress.percent / 100} />
            <span class="muted small">{stepName(latest)}</span>
          </>
        ) : (
          <span class="row">
            <Badge tone={stateTone(latest.state)}>{stateNames[latest.state]}</Badge>
            {latest.state === 'ready' && (
              <span class="muted small">{counted(latest.progress.chunks, 'passage')}</span>
            )}
          </span>
        )}
      </span>
      <span class="actions">
        {broken && (
          <>
            <Button
              icon="retry"
              busy={busy}
              aria-label={`Try again to process ${title}`}
              onClick={() =>
                act(() => api.send('POST', `/v1/content/${id}/versions/${latest.version}/retry`))
              }
            >
              Try again
            </Button>
            <Button
              kind="quiet"
              icon="trash"
              iconOnly
              busy={busy}
              onClick={() => act(() => api.send('DELETE', `/v1/content/${id}`))}
            >
              {`Delete ${title}`}
            </Button>
          </>
        )}
        {latest.state === 'ready' && (
          <ButtonLink kind="quiet" href={`/app/content/${id}/test`}>
            Test a question
          </ButtonLink>
        )}
      </span>
      {latest.error !== null && <p class="reason">{latest.error}</p>}
      {latest.warning !== null && <p class="reason warning">{latest.warning}</p>}
      {error !== undefined && <Failure error={error} />}
    </li>
  );
}
