import type { LearningStatus } from '@docent/contracts/learning';
import type { ComponentChildren } from 'preact';
import { usePages } from '../../api/resource.ts';
import { useQuery } from '../../shell/query.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { graphTabs } from '../tabs.ts';
import { NodeFilters, Status } from './nodeParts.tsx';

/** What is listed, in words. */
export interface NodeWords {
  /** `Skills` */
  readonly many: string;
  /** `skills`, as the import names them. */
  readonly importKind: string;
  /** What is said where there are none: what they are good for. */
  readonly about: string;
  /** `Words of name or description` */
  readonly placeholder: string;
}

/** A list of the learning graph, by words and publication, which stand in the address. */
export function NodeList<T extends { readonly id: string; readonly status: LearningStatus }>({
  path,
  words,
  columns,
  add,
}: {
  readonly path: string;
  readonly words: NodeWords;
  /** The last one, publication, is added. */
  readonly columns: readonly Column<T>[];
  /** How one is added: a button. */
  readonly add: ComponentChildren;
}) {
  const [query, setQuery] = useQuery();
  const { q, status } = query;
  const list = usePages<T>(path, { q, status, limit: 100 });
  const many = words.many.toLowerCase();
  const narrowed = q !== undefined || status !== undefined;
  return (
    <Page
      title="Skills and courses"
      back={{ href: '/app/content', label: 'All content' }}
      tabs={graphTabs}
      actions={add}
    >
      <NodeFilters query={query} change={setQuery} placeholder={words.placeholder} />
      <Paged
        list={list}
        empty={
          narrowed ? (
            <Empty title={`No ${many} pass these filters`}>
              <Button onClick={() => setQuery({ q: undefined, status: undefined })}>
                Show all {many}
              </Button>
            </Empty>
          ) : (
            <Empty title={`There are no ${many} yet`}>
              <p>{words.about}</p>
              <div class="actions">
                {add}
                <ButtonLink
                  icon="upload"
                  href={`/app/content/graph/import?kind=${words.importKind}`}
                >
                  Import a file
                </ButtonLink>
              </div>
            </Empty>
          )
        }
      >
        {(rows) => (
          <Table
            caption={words.many}
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              ...columns,
              {
                key: 'status',
                label: 'Publication',
                cell: ({ status: now }) => <Status status={now} />,
              },
            ]}
          />
        )}
      </Paged>
    </Page>
  );
}
