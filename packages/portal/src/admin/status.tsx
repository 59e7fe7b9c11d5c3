import type { Status } from '@docent/contracts/status';
import { useResource } from '../api/resource.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Table } from '../ui/table.tsx';
import { momentOf, sinceOf } from '../ui/words.ts';
import { adminTabs } from './tabs.ts';

const databases = {
  embedded: 'Embedded database in this process: for trying out and small teams',
  servers: 'PostgreSQL server',
};
const caches = {
  redis: 'Redis',
  memory: 'In this process: running answers are lost when it stops',
};

/** How the installation is set up, and how it is doing. */
export function StatusPage() {
  const { data, error, reload } = useResource<Status>('/v1/status');
  return (
    <Page wide title="Service" tabs={adminTabs}>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && error === undefined && <Skeleton lines={8} />}
      {data !== undefined && (
        <>
          <Notice tone="good">
            Docent {data.version} is at work since {momentOf(data.startedAt)} (
            {sinceOf(data.startedAt)}).
          </Notice>
          <Table
            caption="Mode"
            rows={modeOf(data)}
            rowKey={([name]) => name}
            columns={[
              { key: 'part', label: 'Part', cell: ([name]) => name },
              { key: 'what', label: 'What it is', cell: ([, what]) => what },
            ]}
          />
          {data.content.length > 0 && (
            <Table
              caption="Versions of content by state"
              rows={data.content}
              rowKey={({ state }) => state}
              columns={[
                { key: 'state', label: 'State', cell: ({ state }) => state.replaceAll('_', ' ') },
                {
                  key: 'versions',
                  label: 'Versions',
                  numeric: true,
                  cell: ({ versions }) => versions.toLocaleString(),
                },
              ]}
            />
          )}
          <p>
            <a href="/docs" target="_blank" rel="noreferrer">
              The HTTP API
            </a>
          </p>
        </>
      )}
    </Page>
  );
}

function modeOf({ database, cache, models }: Status): [string, string][] {
  return [
    ['Database', `${databases[database.kind]}; it answers in ${database.answersInMs} ms`],
    ['Cache', cache === null ? 'none in this process' : caches[cache]],
    [
      'Embeddings',
      models === null
        ? 'not in this process'
        : `${models.embedder}, ${models.dimensions} dimensions`,
    ],
    [
      'Answers',
      models === null
        ? 'not in this process'
        : (models.chatModel ?? 'sentences of the material; no chat model is set'),
    ],
    ['Reranking', models === null ? 'not in this process' : (models.reranker ?? 'built in')],
  ];
}
