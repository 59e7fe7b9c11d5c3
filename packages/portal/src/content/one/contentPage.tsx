import type { Content } from '@docent/contracts/content';
import { useCallback, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { ApiProblem } from '../../api/problem.ts';
import { useLoaded } from '../../api/resource.ts';
import { NotFound } from '../../shell/notFound.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Badge } from '../../ui/meter.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToast } from '../../ui/toast.tsx';
import {
  isPassing,
  stateNames,
  stateTone,
  statusNames,
  statusTone,
  typeNames,
  validityNames,
  validityTone,
} from '../words.ts';
import { Chunks } from './chunks.tsx';
import { Links } from './links.tsx';
import { Overview } from './overview.tsx';
import { TestQuestion } from './testQuestion.tsx';
import { Versions } from './versions.tsx';

/** A content with the state that a change of it must name. */
export interface Stated {
  readonly content: Content;
  readonly etag: string;
}

/** /app/content/{id} and its parts: what it is, its versions, passages, links, and a question to test it with. */
export function ContentPage({ id, tab }: { readonly id: string; readonly tab?: string }) {
  const api = useApi();
  const read = useLoaded(
    useCallback(
      async (signal: AbortSignal): Promise<Stated> => {
        const response = await api.request(`/v1/content/${id}`, { signal });
        return { content: await response.json(), etag: response.headers.get('etag') ?? '*' };
      },
      [api, id],
    ),
  );
  const { data, error } = read;
  if (data === undefined) {
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 0)
      return <NotFound />;
    return (
      <Page title="Content" back={{ href: '/app/content', label: 'All content' }}>
        {error === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <Failure error={error} retry={read.reload} />
        )}
      </Page>
    );
  }
  const { content } = data;
  const mayChange = content.visibleTo !== null;
  const base = `/app/content/${id}`;
  const part = () => {
    switch (tab) {
      case undefined:
        return <Overview stated={data} reload={read.reload} set={read.set} />;
      case 'versions':
        return <Versions content={content} changed={read.reload} />;
      case 'chunks':
        return <Chunks content={content} changed={read.reload} />;
      case 'links':
        return <Links content={content} />;
      case 'test':
        return <TestQuestion content={content} />;
      default:
        return <p>There is no such part of this page.</p>;
    }
  };
  return (
    <Page
      title={content.title}
      back={{ href: '/app/content', label: 'All content' }}
      tabs={[
        { href: base, label: 'Overview' },
        { href: `${base}/versions`, label: 'Versions' },
        { href: `${base}/chunks`, label: 'Passages' },
        { href: `${base}/links`, label: 'Skills and courses' },
        { href: `${base}/test`, label: 'Test a question' },
      ]}
      intro={<Badges content={content} />}
      actions={mayChange && <DeleteContent content={content} />}
    >
      {part()}
    </Page>
  );
}

function Badges({ content }: { readonly content: Content }) {
  const { status, validity, latest, contentType } = content;
  return (
    <span class="row">
      <span class="muted">{typeNames[contentType]}</span>
      <Badge tone={statusTone(status)}>{statusNames[status]}</Badge>
      <Badge tone={stateTone(latest.state)}>
        {isPassing(latest.state)
          ? `${stateNames[latest.state]}, ${latest.progress.percent} %`
          : stateNames[latest.state]}
      </Badge>
      {validity !== 'effective' && (
        <Badge tone={validityTone(validity)}>{validityNames[validity]}</Badge>
      )}
      {content.suspicious !== null && content.suspicious > 0 && (
        <Badge tone="warning">{`${content.suspicious} suspicious`}</Badge>
      )}
    </span>
  );
}

function DeleteContent({ content }: { readonly content: Content }) {
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="danger" icon="trash" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Confirm
          title="Delete this content?"
          action="Delete it"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await api.send('DELETE', `/v1/content/${content.id}`);
            toast(`“${content.title}” is deleted.`);
            route('/app/content');
          }}
        >
          <p>
            “{content.title}” goes with all its versions, passages and files. Citations of earlier
            answers will lead nowhere. This cannot be taken back.
          </p>
        </Confirm>
      )}
    </>
  );
}
