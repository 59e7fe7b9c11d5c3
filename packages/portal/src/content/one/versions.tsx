import type { Content, ContentAccepted, Version } from '@docent/contracts/content';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { usePages, useResource } from '../../api/resource.ts';
import { useSession } from '../../session/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Badge, Meter } from '../../ui/meter.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { fileSize, momentOf, percent } from '../../ui/words.ts';
import { transfer } from '../upload/transfer.ts';
import { isPassing, stateNames, stateTone, stepName } from '../words.ts';

/** Pause between two looks at a version that is being processed, milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** All versions of a content, newest first, and a way to a new one. */
export function Versions({
  content,
  changed,
}: {
  readonly content: Content;
  readonly changed: () => void;
}) {
  const path = `/v1/content/${content.id}/versions`;
  const list = usePages<Version>(path);
  return (
    <>
      {content.visibleTo !== null && (
        <NewVersion
          content={content}
          uploaded={() => {
            list.reload();
            changed();
          }}
        />
      )}
      <section class="stack" aria-labelledby="versions-title">
        <h2 id="versions-title">Versions</h2>
        <Paged list={list} empty={<p class="muted">There is no version yet.</p>}>
          {(versions) => (
            <ul class="uploads">
              {versions.map((version) =>
                isPassing(version.state) ? (
                  <Passing
                    key={version.version}
                    version={version}
                    done={() => {
                      list.reload();
                      changed();
                    }}
                  />
                ) : (
                  <Row
                    key={version.version}
                    version={version}
                    mayChange={content.visibleTo !== null}
                    retried={list.reload}
                  />
                ),
              )}
            </ul>
          )}
        </Paged>
      </section>
    </>
  );
}

/** A version that is being processed, looked at until it is done. */
function Passing({ version, done }: { readonly version: Version; readonly done: () => void }) {
  const now = useResource<Version>(`/v1/content/${version.contentId}/versions/${version.version}`);
  const shown = now.data ?? version;
  const passing = isPassing(shown.state);
  useEffect(() => {
    if (!passing) return done();
    const timer = setTimeout(now.reload, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [now.data, now.error, passing]);
  return (
    <li>
      <Name version={shown} />
      <span class="progress">
        <Meter
          label={`Progress of version ${shown.version}`}
          value={shown.progress.percent / 100}
        />
        <span class="muted small" role="status">
          {stepName(shown)}
        </span>
      </span>
    </li>
  );
}

function Row({
  version,
  mayChange,
  retried,
}: {
  readonly version: Version;
  readonly mayChange: boolean;
  readonly retried: () => void;
}) {
  const api = useApi();
  const { busy, error, run: act } = useSubmit();
  const path = `/v1/content/${version.contentId}/versions/${version.version}`;
  return (
    <li>
      <Name version={version} />
      <span class="row">
        <Badge tone={stateTone(version.state)}>{stateNames[version.state]}</Badge>
        {version.current && <Badge tone="accent">Searched now</Badge>}
      </span>
      <span class="actions">
        {mayChange && version.state !== 'ready' && (
          <Button
            icon="retry"
            busy={busy}
            aria-label={`Try again to process version ${version.version}`}
            onClick={() =>
              act(async () => {
                await api.send('POST', `${path}/retry`);
                retried();
              })
            }
          >
            Try again
          </Button>
        )}
        <Button
          icon="download"
          busy={busy}
          aria-label={`Download version ${version.version}`}
          onClick={() => act(() => api.download(`${path}/file`, version.fileName))}
        >
          Download
        </Button>
      </span>
      {version.error !== null && <p class="reason">{version.error}</p>}
      {version.warning !== null && <p class="reason warning">{version.warning}</p>}
      {error !== undefined && <Failure error={error} />}
    </li>
  );
}

function Name({ version }: { readonly version: Version }) {
  return (
    <span class="name">
      <strong>Version {version.version}</strong>
      <span class="muted small">
        {version.fileName} · {fileSize(version.sizeBytes)} · {momentOf(version.createdAt)}
      </span>
    </span>
  );
}

/** A file that replaces the one before. The version before serves until the new one can be searched. */
function NewVersion({
  content,
  uploaded,
}: {
  readonly content: Content;
  readonly uploaded: () => void;
}) {
  const session = useSession();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [unchanged, setUnchanged] = useState(false);
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);

  const send = async (file: File) => {
    const controller = new AbortController();
    sending.current = controller;
    const form = new FormData();
    form.set('file', file, file.name);
    setError(null);
    setUnchanged(false);
    setShare(0);
    try {
      const made = await transfer<ContentAccepted>(session, {
        method: 'PUT',
        path: `/v1/content/${content.id}/file`,
        form,
        onProgress: setShare,
        signal: controller.signal,
      });
      setUnchanged(made.unchanged);
      if (!made.unchanged) {
        toast(`Version ${made.version} has arrived.`);
        uploaded();
      }
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure);
    } finally {
      setShare(null);
    }
  };

  return (
    <section class="card" aria-labelledby="new-version-title">
      <h2 id="new-version-title">Upload a new version</h2>
      <p class="muted">
        The version before serves until the new one can be searched, and goes on if the new one
        cannot be read. Who sees it, its tags and dates stay.
      </p>
      <div class="row">
        <Button icon="upload" disabled={share !== null} onClick={() => input.current?.click()}>
          Choose the file
        </Button>
        {share !== null && (
          <>
            <Meter label="Sent" value={share} text={share < 1 ? percent(share) : 'Arriving'} />
            <Button icon="stop" onClick={() => sending.current?.abort()}>
              Cancel
            </Button>
          </>
        )}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File of the new version"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void send(file);
          event.currentTarget.value = '';
        }}
      />
      {unchanged && (
        <Notice tone="info">
          This is the very same file as the newest version: nothing was made of it.
        </Notice>
      )}
      {error !== null && <Failure error={error} />}
    </section>
  );
}
