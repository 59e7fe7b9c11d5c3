import type { Citation, Source } from '@docent/contracts/chat';
import type { MarkedText } from '@docent/contracts/contentText';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { saveFile } from '../api/saveFile.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Badge } from '../ui/meter.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ErrorNote } from './answerStates.tsx';
import { useChatSurroundings } from './context.tsx';
import { safeAddress } from './links.ts';
import { placeText } from './words.ts';

/** What a source says, with what was cited marked; where it stands, whether it still does, and its original. */
export function SourceText({
  source,
  citation,
}: {
  readonly source: Source;
  readonly citation: Citation | null;
}) {
  const { texts, language } = useChatSurroundings();
  const { text, error } = useMarkedText(source, citation);
  const gone = error instanceof ApiProblem && error.status === 404;
  const place = placeText(text?.place ?? source.place, texts);
  return (
    <div class="chat-source-text">
      {place !== '' && <p class="chat-source-where">{place}</p>}
      <p class="chat-source-facts">
        <Badge>{texts.version(source.version)}</Badge>
        {text?.current && <Badge tone="good">{texts.isCurrent}</Badge>}
        {source.expiresAt !== null && (
          <Badge tone="warning">
            {texts.validUntil(new Date(source.expiresAt).toLocaleDateString(language))}
          </Badge>
        )}
        {citation?.supported === false && <Badge tone="warning">{texts.notConfirmed}</Badge>}
      </p>
      {text && !text.current && <p class="notice warning">{versionNote(text)}</p>}
      {gone && <p class="notice warning">{texts.sourceGone}</p>}
      {error !== null && !gone && <ErrorNote error={error} />}
      {citation !== null && text === null && error === null && <Skeleton lines={8} />}
      {text !== null && <Marked text={text} />}
      {(citation === null || gone) && (
        <blockquote class="chat-passage" dir="auto">
          {source.text}
        </blockquote>
      )}
      {!gone && <Original source={source} />}
    </div>
  );

  function versionNote({ currentVersion, inCurrent }: MarkedText): string {
    if (currentVersion === null) return texts.withdrawn;
    return inCurrent === null
      ? texts.notCurrent(currentVersion)
      : texts.notCurrentSame(currentVersion);
  }
}

function Marked({ text: { before, marked, after } }: { readonly text: MarkedText }) {
  const { texts } = useChatSurroundings();
  const mark = useRef<HTMLElement>(null);
  useEffect(() => mark.current?.scrollIntoView({ block: 'center' }), [marked]);
  return (
    <div class="chat-passage" dir="auto">
      {before}
      <mark ref={mark}>
        <span class="visually-hidden">{texts.citedText}: </span>
        {marked}
      </mark>
      {after}
    </div>
  );
}

/** Where people read it, or the file that was uploaded. */
function Original({ source: { url, contentId, version, title } }: { readonly source: Source }) {
  const { api, texts, say } = useChatSurroundings();
  const [busy, setBusy] = useState(false);
  const address = url === null ? null : safeAddress(url);
  const download = async () => {
    setBusy(true);
    try {
      const path = `/v1/content/${contentId}/versions/${version}/file`;
      const response = await api.request(path);
      saveFile(await response.blob(), fileNameOf(response) ?? title);
    } catch {
      say(texts.failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="actions">
      {address !== null && (
        <ButtonLink href={address} icon="external" target="_blank" rel="noopener noreferrer">
          {texts.openOriginal}
        </ButtonLink>
      )}
      <Button icon="download" busy={busy} onClick={() => void download()}>
        {texts.downloadOriginal}
      </Button>
    </div>
  );
}

function useMarkedText({ contentId, version }: Source, citation: Citation | null) {
  const { api } = useChatSurroundings();
  const [read, setRead] = useState<{ text: MarkedText | null; error: unknown }>(nothing);
  const span = citation && `${citation.sourceSpan.start}-${citation.sourceSpan.end}`;
  useEffect(() => {
    setRead(nothing);
    if (span === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    const path = `/v1/content/${contentId}/versions/${version}/text`;
    api.get<MarkedText>(path, { query: { span, context: 1_500 }, signal }).then(
      (text) => {
        if (!signal.aborted) setRead({ text, error: null });
      },
      (error: unknown) => {
        if (!signal.aborted) setRead({ text: null, error });
      },
    );
    return () => controller.abort();
  }, [api, contentId, version, span]);
  return read;
}

const nothing = { text: null, error: null };

function fileNameOf(response: Response): string | null {
  const header = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/.exec(header)?.[1] ?? null;
}
