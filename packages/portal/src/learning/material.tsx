import type { Content } from '@docent/contracts/content';
import type { VersionText } from '@docent/contracts/contentText';
import { useCallback, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useLoaded } from '../api/resource.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { dayOf, fileSize } from '../ui/words.ts';
import { Loading } from './links.tsx';

const back = { href: '/app/learning', label: 'My learning' };

/** A piece of material to read: its text, and the way to the original. */
export function MaterialPage({ id = '' }: { readonly id?: string }) {
  return <Material key={id} id={id} />;
}

function Material({ id }: { readonly id: string }) {
  const api = useApi();
  const resource = useLoaded(
    useCallback((signal: AbortSignal) => load(api, id, signal), [api, id]),
  );
  const [more, setMore] = useState<readonly VersionText[]>([]);
  const { busy, error, run } = useSubmit();
  const { data } = resource;
  if (data === undefined) {
    return <Loading of={resource} title="Material" gone="This material is not there" back={back} />;
  }
  const { content, first } = data;
  const parts = first === null ? [] : [first, ...more];
  const next = parts.at(-1)?.nextStart ?? null;
  const readOn = () =>
    run(async () => {
      const part = await textOf(api, content, next ?? 0);
      setMore((before) => [...before, part]);
    });
  const { fileName, sizeBytes } = content.latest;
  return (
    <Page
      title={content.title}
      back={back}
      intro={`Last changed on ${dayOf(content.updatedAt)}`}
      actions={
        <>
          {content.url !== null && (
            <ButtonLink
              kind="primary"
              icon="external"
              href={content.url}
              target="_blank"
              rel="noopener noreferrer"
            >
              Read the original
            </ButtonLink>
          )}
          <Button
            icon="download"
            busy={busy}
            onClick={() => run(() => api.download(`/v1/content/${id}/file`, fileName))}
          >
            Download ({fileSize(sizeBytes)})
          </Button>
        </>
      }
    >
      {error !== undefined && <Failure error={error} />}
      {first === null ? (
        <Notice tone="info">
          <p>The text of this file is not there to read here yet. Download the file instead.</p>
        </Notice>
      ) : (
        <article class="card material">
          {parts
            .map(({ text }) => text)
            .join('')
            .split(/\n{2,}/)
            .map((paragraph, index) => (
              <p key={index}>{paragraph}</p>
            ))}
        </article>
      )}
      {next !== null && (
        <div class="more">
          <Button busy={busy} onClick={readOn}>
            Read on
          </Button>
        </div>
      )}
    </Page>
  );
}

async function load(api: Api, id: string, signal: AbortSignal) {
  const content = await api.get<Content>(`/v1/content/${id}`, { signal });
  const first = content.currentVersion === null ? null : await textOf(api, content, 0, signal);
  return { content, first };
}

function textOf(api: Api, content: Content, start: number, signal?: AbortSignal) {
  return api.get<VersionText>(`/v1/content/${content.id}/versions/${content.currentVersion}/text`, {
    query: { start },
    signal,
  });
}
