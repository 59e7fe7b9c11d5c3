import type { UploadLimits } from '@docent/contracts/content';
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { useResource } from '../../api/resource.ts';
import { useSession } from '../../session/session.tsx';
import { useUnfinished } from '../../shell/leaving.ts';
import { useQuery } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { counted, fileSize } from '../../ui/words.ts';
import { sectionTabs } from '../tabs.ts';
import { AboutAll, emptyAbout, saidOf } from './aboutAll.tsx';
import { Batch } from './batch.tsx';
import { chosenFiles, droppedFiles, type FoundFile } from './dropped.ts';
import { makeQueue } from './queue.ts';
import { WaitingFiles } from './waitingFiles.tsx';

/**
 * /app/content/upload: choose files, say what holds for all of them, send them, and watch until each can be found.
 * The address has the batch (`?batch=`), so a reload, or a colleague, goes on watching.
 */
export function UploadPage() {
  const api = useApi();
  const { token, renew } = useSession();
  const toast = useToast();
  const [query, setQuery] = useQuery();
  const limits = useResource<UploadLimits>('/v1/content/limits');
  const [, drawAgain] = useReducer((round: number) => round + 1, 0);
  const queue = useMemo(() => makeQueue(api, { token, renew }, () => drawAgain(0)), [api]);
  useEffect(() => () => queue.stop(), [queue]);
  const [about, setAbout] = useState(() => emptyAbout(query));
  const [aboutError, setAboutError] = useState<string | null>(null);
  const entries = queue.entries();
  const sending = entries.some(({ state }) => state === 'sending');
  const unsent = entries.filter(({ state }) => state === 'waiting');
  useUnfinished(sending, 'Files are still being sent. Leave, and cancel the rest?');

  const dropping = useSubmit();
  const add = (files: readonly FoundFile[]) => {
    if (files.length === 0) toast('There was no file in it.');
    else void queue.add(files, limits.data);
  };
  // What was dropped can be read during the event only: `droppedFiles` is called at once.
  const drop = (data: DataTransfer) => void dropping.run(async () => add(await droppedFiles(data)));
  const start = () => {
    const said = saidOf(about);
    if (typeof said === 'string') return setAboutError(said);
    setAboutError(null);
    const uploadBatch = query.batch ?? newBatch();
    setQuery({ batch: uploadBatch });
    queue.start({ ...said, uploadBatch });
  };
  const another = () => {
    queue.clear();
    setQuery({ batch: undefined });
  };

  return (
    <Page title="Upload" tabs={sectionTabs}>
      {query.question !== undefined && (
        <p class="muted">
          To be answered: <q>{query.question}</q>
        </p>
      )}
      {limits.error !== undefined && <Failure error={limits.error} retry={limits.reload} />}
      <Drop limits={limits.data} add={add} drop={drop} />
      {dropping.error !== undefined && (
        <Notice tone="bad">
          What was dropped cannot be read: it may have been moved, or be locked by another program.
        </Notice>
      )}
      {entries.some(({ state }) => state !== 'sent') && (
        <section class="stack" aria-labelledby="files-title">
          <h2 id="files-title">Files to send</h2>
          <WaitingFiles entries={entries} queue={queue} />
        </section>
      )}
      {(unsent.length > 0 || sending) && (
        <section class="card form" aria-labelledby="about-title">
          <h2 id="about-title">What holds for all of them</h2>
          <AboutAll value={about} change={setAbout} error={aboutError} />
          <div class="actions">
            <Button
              kind="primary"
              icon="upload"
              busy={sending}
              disabled={unsent.length === 0}
              onClick={start}
            >
              {unsent.length === 0 ? 'Sending' : `Upload ${counted(unsent.length, 'file')}`}
            </Button>
          </div>
        </section>
      )}
      {query.batch !== undefined && (
        <Batch
          id={query.batch}
          expected={entries.filter(({ state }) => state === 'sent').length}
          another={sending ? null : another}
        />
      )}
    </Page>
  );
}

/** Where files are dropped; buttons do the same for those who do not drag. */
function Drop({
  limits,
  add,
  drop,
}: {
  readonly limits: UploadLimits | undefined;
  readonly add: (files: readonly FoundFile[]) => void;
  readonly drop: (data: DataTransfer) => void;
}) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = (event: Event & { currentTarget: HTMLInputElement }) => {
    const { currentTarget: input } = event;
    if (input.files !== null) add(chosenFiles(input.files));
    // The same file can be chosen once more.
    input.value = '';
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the buttons inside are for everybody.
    <div
      class={`drop${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer !== null) drop(event.dataTransfer);
      }}
    >
      <p class="empty-title">Drop files or folders here</p>
      <div class="actions">
        <Button kind="primary" icon="plus" onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
      </div>
      <p class="hint">
        {limits === undefined
          ? ' '
          : `Up to ${fileSize(limits.maxFileBytes)} each. ${limits.formats}`}
      </p>
      <input ref={files} type="file" multiple hidden aria-label="Files" onChange={choose} />
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        onChange={choose}
      />
    </div>
  );
}

/** An id for a batch; `randomUUID` is there on HTTPS only. */
function newBatch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, '0');
  });
  const part = (from: number, to: number) => hex.slice(from, to).join('');
  return [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join('-');
}
