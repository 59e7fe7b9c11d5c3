import { Button } from '../../ui/button.tsx';
import { Meter } from '../../ui/meter.tsx';
import { fileSize, percent } from '../../ui/words.ts';
import type { Queue, Waiting } from './queue.ts';

/** Files that the server does not have yet: chosen, being sent, refused, or broken off. */
export function WaitingFiles({
  entries,
  queue,
}: {
  readonly entries: readonly Waiting[];
  readonly queue: Queue;
}) {
  const here = entries.filter(({ state }) => state !== 'sent');
  return (
    <ul class="uploads">
      {here.map((entry) => (
        <li key={entry.key}>
          <span class="name">
            <strong>{entry.path}</strong>
            <span class="muted small">{fileSize(entry.file.size)}</span>
          </span>
          <span class="progress">
            {entry.state === 'sending' ? (
              <Meter
                label={`Sent of ${entry.path}`}
                value={entry.share}
                text={entry.share < 1 ? percent(entry.share) : 'Arriving'}
              />
            ) : (
              <span class={entry.state === 'waiting' ? 'muted' : ''}>{stateOf(entry)}</span>
            )}
          </span>
          <span class="actions">
            <Actions entry={entry} queue={queue} />
          </span>
          {entry.twin !== null && entry.state === 'duplicate' && (
            <p class="reason warning">
              The same file is there already:{' '}
              <a href={`/app/content/${entry.twin.id}`}>{entry.twin.title}</a>.
            </p>
          )}
          {entry.reason !== null && <p class="reason">{entry.reason}</p>}
        </li>
      ))}
    </ul>
  );
}

function stateOf({ state }: Waiting): string {
  switch (state) {
    case 'refused':
      return 'Not possible';
    case 'duplicate':
      return 'Left out';
    case 'failed':
      return 'Not sent';
    case 'cancelled':
      return 'Cancelled';
    default:
      return 'Ready to send';
  }
}

function Actions({ entry, queue }: { readonly entry: Waiting; readonly queue: Queue }) {
  const { key, path, state } = entry;
  const remove = (
    <Button kind="quiet" icon="close" iconOnly onClick={() => queue.remove(key)}>
      {`Remove ${path} from the list`}
    </Button>
  );
  switch (state) {
    case 'sending':
      return (
        <Button icon="stop" aria-label={`Cancel ${path}`} onClick={() => queue.cancel(key)}>
          Cancel
        </Button>
      );
    case 'failed':
    case 'cancelled':
      return (
        <>
          <Button
            icon="retry"
            aria-label={`Try again to send ${path}`}
            onClick={() => queue.retry(key)}
          >
            Try again
          </Button>
          {remove}
        </>
      );
    case 'duplicate':
      return (
        <>
          <Button aria-label={`Send it nevertheless: ${path}`} onClick={() => queue.take(key)}>
            Send it nevertheless
          </Button>
          {remove}
        </>
      );
    default:
      return remove;
  }
}
