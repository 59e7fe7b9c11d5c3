import type { Content, PassageLabel, SuspicionReason } from '@docent/contracts/content';
import type { StoredChunk } from '@docent/contracts/contentText';
import type { ComponentChildren } from 'preact';
import { useApi } from '../../api/context.tsx';
import { usePages } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Badge } from '../../ui/meter.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { counted, dayOf } from '../../ui/words.ts';
import { placeInWords } from '../place.ts';
import { isPassing, languageName } from '../words.ts';

const reasons: Record<SuspicionReason, string> = {
  ignore_instructions: 'It tells a model to ignore its instructions',
  new_role: 'It gives a model another role',
  addresses_model: 'It speaks to a model instead of to its reader',
  reveal_prompt: 'It asks a model for its instructions',
  hides_from_reader: 'It asks to keep something from the reader',
  dictates_answer: 'It dictates what to answer',
  sends_data: 'It asks to send data somewhere',
  chat_markup: 'It has marks of a chat with a model',
  encoded_text: 'It has text in a code',
  invisible_characters: 'It has characters that nobody sees',
  hidden_text: 'It has text that is hidden from readers',
};

/** The passages of the version that is searched, exactly as retrieval sees them, in the order of the text. */
export function Chunks({
  content,
  changed,
}: {
  readonly content: Content;
  readonly changed: () => void;
}) {
  const { id, currentVersion, latest } = content;
  const chunks = usePages<StoredChunk>(
    currentVersion === null ? null : `/v1/content/${id}/versions/${currentVersion}/chunks`,
    { limit: 50 },
  );
  const labels = usePages<PassageLabel>(
    content.visibleTo === null ? null : `/v1/content/${id}/labels`,
    { limit: 100 },
  );
  if (currentVersion === null) {
    return (
      <Empty title="There are no passages yet">
        <p>{isPassing(latest.state) ? 'The file is being read.' : latest.error}</p>
      </Empty>
    );
  }
  const hidden = labels.items.filter(({ chunkId }) => chunkId === null);
  const reviewed = (label: PassageLabel) => {
    labels.update((all) => all.map((one) => (one.id === label.id ? label : one)));
    chunks.update((all) =>
      all.map((chunk) => ({
        ...chunk,
        labels: chunk.labels.map((one) => (one.id === label.id ? label : one)),
      })),
    );
    changed();
  };
  return (
    <>
      <p class="muted">
        A search finds these passages, with the title and the headings above them, and answers quote
        them.{' '}
        {counted(
          latest.version === currentVersion ? latest.progress.chunks : chunks.items.length,
          'passage',
        )}{' '}
        in version {currentVersion}.
      </p>
      {hidden.length > 0 && (
        <section class="card" aria-labelledby="hidden-title">
          <h2 id="hidden-title">In the file, but not in its text</h2>
          <div class="label-notes">
            {hidden.map((label) => (
              <Label key={label.id} content={content} label={label} reviewed={reviewed} />
            ))}
          </div>
        </section>
      )}
      <Paged list={chunks} empty={<Empty title="This version has no passages" />}>
        {(items) => (
          <ol class="chunks">
            {items.map((chunk) => (
              <Chunk key={chunk.id} content={content} chunk={chunk} reviewed={reviewed} />
            ))}
          </ol>
        )}
      </Paged>
    </>
  );
}

function Chunk({
  content,
  chunk,
  reviewed,
}: {
  readonly content: Content;
  readonly chunk: StoredChunk;
  readonly reviewed: (label: PassageLabel) => void;
}) {
  const { place, ordinal } = chunk;
  const where = placeInWords({ ...place, headingPath: [] });
  const about = [
    where,
    counted(chunk.tokenCount, 'token'),
    chunk.language === null ? '' : languageName(chunk.language),
  ];
  return (
    <li class="card chunk">
      <header>
        <div class="spread">
          <h2>Passage {ordinal + 1}</h2>
          {!chunk.embedded && <Badge tone="warning">Found by its words only, so far</Badge>}
        </div>
        {place.headingPath.length > 0 && <p>{place.headingPath.join(' › ')}</p>}
        <p class="muted small">{about.filter((part) => part !== '').join(' · ')}</p>
      </header>
      <div class="text">
        {chunk.tableHeader !== null && <p class="muted">{chunk.tableHeader}</p>}
        <Marked chunk={chunk} />
      </div>
      {chunk.labels.length > 0 && (
        <div class="label-notes">
          {chunk.labels.map((label) => (
            <Label key={label.id} content={content} label={label} reviewed={reviewed} />
          ))}
        </div>
      )}
    </li>
  );
}

/** The text of a passage with what was labelled in it marked. */
function Marked({ chunk }: { readonly chunk: StoredChunk }) {
  const { text, span } = chunk;
  const spans = chunk.labels
    .flatMap((label) => (label.span === null || label.dismissed !== null ? [] : [label.span]))
    .map(({ start, end }) => ({
      start: Math.max(0, start - span.start),
      end: Math.min(text.length, end - span.start),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at) continue;
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}

function Label({
  content,
  label,
  reviewed,
}: {
  readonly content: Content;
  readonly label: PassageLabel;
  readonly reviewed: (label: PassageLabel) => void;
}) {
  const api = useApi();
  const toast = useToast();
  const { busy, error, run } = useSubmit();
  const { dismissed } = label;
  const review = () =>
    run(async () => {
      const path = `/v1/content/${content.id}/labels/${label.id}`;
      reviewed(await api.send<PassageLabel>('PATCH', path, { dismissed: dismissed === null }));
      toast(dismissed === null ? 'Noted as harmless.' : 'It counts as suspicious again.');
    });
  return (
    <div class={`notice ${dismissed === null ? 'warning' : 'info'}`}>
      <div>
        <p>
          <strong>{dismissed === null ? 'Suspicious' : 'Reviewed, harmless'}</strong>:{' '}
          {reasons[label.reason]}.{dismissed !== null && ` Reviewed on ${dayOf(dismissed.at)}.`}
        </p>
        <p class="small">“{label.excerpt}”</p>
        {error !== undefined && <Failure error={error} />}
        <Button busy={busy} icon={dismissed === null ? 'check' : 'flag'} onClick={review}>
          {dismissed === null ? 'Reviewed, harmless' : 'Not harmless after all'}
        </Button>
      </div>
    </div>
  );
}
