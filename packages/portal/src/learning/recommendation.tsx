import type { DismissReason, Recommendation } from '@docent/contracts/recommend';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../api/context.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Failure } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { duration } from '../ui/words.ts';
import { pageOf } from './addresses.ts';
import { Evidence } from './evidence.tsx';
import { start } from './report.ts';
import { mention, tell, useShown } from './tell.ts';

/** Something recommended: what it is, why, and what one can do about it. */
export function RecommendationCard({ item }: { readonly item: Recommendation }) {
  const api = useApi();
  const { route } = useLocation();
  const ref = useShown(item.id, item.position);
  const [asking, setAsking] = useState(false);
  const [dismissed, setDismissed] = useState(false);
  const { busy, error, run } = useSubmit();
  const page = pageOf(item.type, item.itemId, item.id);
  useKeptFocus(() => ref.current?.querySelector(dismissed ? 'button' : 'a'), dismissed);
  const { position } = item;

  const clicked = () => mention(api, item.id, { event: 'clicked', position });
  const dismiss = (reason: DismissReason) =>
    run(async () => {
      await tell(api, item.id, { event: 'dismissed', reason, position });
      setDismissed(true);
      setAsking(false);
    });
  const restore = () =>
    run(async () => {
      await tell(api, item.id, { event: 'restored' });
      setDismissed(false);
    });
  const begin = () =>
    run(async () => {
      clicked();
      await start(api, item.itemId, item.id);
      route(page);
    });

  if (dismissed) {
    return (
      <li class="card dismissed" ref={ref}>
        <Dismissed title={item.title} busy={busy} onUndo={restore} />
        {error !== undefined && <Failure error={error} />}
      </li>
    );
  }
  return (
    <li class="card recommendation" ref={ref}>
      <div class="recommendation-text">
        <h3>
          <a href={page} onClick={clicked}>
            {item.title}
          </a>
        </h3>
        {item.description !== '' && <p>{item.description}</p>}
        <p class="reason">{item.reason}</p>
        <Evidence of={item} />
      </div>
      <div class="recommendation-side">
        {item.durationMinutes !== null && (
          <p class="muted small">About {duration(item.durationMinutes)}</p>
        )}
        <div class="actions">
          {item.type === 'course' ? (
            <Button busy={busy} onClick={begin}>
              Start<span class="visually-hidden"> {item.title}</span>
            </Button>
          ) : (
            <ButtonLink href={page} onClick={clicked}>
              {item.type === 'content' ? 'Read' : 'Open'}
              <span class="visually-hidden"> {item.title}</span>
            </ButtonLink>
          )}
          <Button kind="quiet" aria-expanded={asking} onClick={() => setAsking(!asking)}>
            Dismiss<span class="visually-hidden"> {item.title}</span>
          </Button>
        </div>
      </div>
      {asking && (
        <div class="recommendation-why row">
          <span id={`why-${item.id}`}>Why not?</span>
          <fieldset class="actions unframed" aria-labelledby={`why-${item.id}`}>
            <Button busy={busy} onClick={() => dismiss('not_relevant')}>
              Not relevant for me
            </Button>
            <Button busy={busy} onClick={() => dismiss('already_know')}>
              I know this already
            </Button>
          </fieldset>
        </div>
      )}
      {error !== undefined && <Failure error={error} />}
    </li>
  );
}

function Dismissed({
  title,
  busy,
  onUndo,
}: {
  readonly title: string;
  readonly busy: boolean;
  readonly onUndo: () => void;
}) {
  return (
    <div class="row">
      <p role="status">“{title}” is not recommended to you any more.</p>
      <Button icon="retry" busy={busy} onClick={onUndo}>
        Undo
      </Button>
    </div>
  );
}
