import type { Content } from '@docent/contracts/content';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type PagedList, usePages } from '../../api/resource.ts';
import { useMe } from '../../session/session.tsx';
import { useQuery } from '../../shell/query.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { counted } from '../../ui/words.ts';
import { sectionTabs } from '../tabs.ts';
import { BulkActions } from './bulk.tsx';
import { Filters, filterNames } from './filters.tsx';
import { Rows } from './rows.tsx';

/** Rows that are read, and drawn, at a time. */
const PAGE = 50;

/** /app/content: what there is, by the filters of the address; more is read as one scrolls. */
export function ContentList() {
  const me = useMe();
  const [query, setQuery] = useQuery();
  const list = usePages<Content>('/v1/content', {
    q: query.q,
    contentType: query.type,
    state: query.state,
    status: query.status,
    language: query.language,
    tag: query.tag,
    labels: query.labels,
    ownerId: query.mine === '1' ? me.user.id : undefined,
    sort: query.sort,
    limit: PAGE,
  });
  const filtered = filterNames.some((name) => query[name] !== undefined);
  const clear = () => setQuery(Object.fromEntries(filterNames.map((name) => [name, undefined])));
  return (
    <Page
      title="Content"
      wide
      tabs={sectionTabs}
      actions={
        <ButtonLink kind="primary" icon="upload" href="/app/content/upload">
          Upload
        </ButtonLink>
      }
    >
      <Filters query={query} change={setQuery} clear={filtered ? clear : null} />
      <Selectable list={list}>
        <Paged
          list={list}
          empty={
            filtered ? (
              <Empty title="Nothing passes these filters">
                <Button onClick={clear}>Show everything</Button>
              </Empty>
            ) : (
              <Empty title="There is no content yet">
                <p>Docent answers from what you upload: documents, slides, tables, web pages.</p>
                <ButtonLink kind="primary" icon="upload" href="/app/content/upload">
                  Upload the first files
                </ButtonLink>
              </Empty>
            )
          }
        >
          {(items) => <Rows items={items} />}
        </Paged>
      </Selectable>
      <MoreWhenNear list={list} />
    </Page>
  );
}

/**
 * The rows with what can be done with the chosen ones. Which are chosen is the check boxes' own state: with it in
 * the components, each click would draw thousands of rows anew.
 */
function Selectable({
  list,
  children,
}: {
  readonly list: PagedList<Content>;
  readonly children: ComponentChildren;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const boxes = () => [
    ...(form.current?.querySelectorAll<HTMLInputElement>('input[name="content"]') ?? []),
  ];
  const count = () =>
    setChosen(new Set(boxes().flatMap((box) => (box.checked ? [box.value] : []))));
  const chooseAll = (checked: boolean) => {
    for (const box of boxes()) box.checked = checked;
    count();
  };
  // Rows come and go with filters and actions; while nothing is chosen there is nothing to count.
  useEffect(() => {
    if (chosen.size > 0) count();
  }, [list.items]);
  return (
    <form
      ref={form}
      class="content-form"
      onChange={count}
      onSubmit={(event) => event.preventDefault()}
    >
      {(list.items.length > 0 || list.loading) && (
        <BulkActions
          list={list}
          chosen={list.items.filter(({ id }) => chosen.has(id))}
          chooseAll={chooseAll}
        />
      )}
      {children}
    </form>
  );
}

/** Reads on when the end of the list comes near, and says how much is there. */
function MoreWhenNear({ list }: { readonly list: PagedList<Content> }) {
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(list.more);
  more.current = list.more;
  const idle = list.hasMore && !list.loading && list.error === undefined;
  useEffect(() => {
    const { current } = end;
    if (current === null || !idle) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) more.current();
      },
      { rootMargin: '1500px' },
    );
    watch.observe(current);
    return () => watch.disconnect();
  }, [idle]);
  const { length } = list.items;
  return (
    <div ref={end}>
      <p class="muted small" role="status">
        {length > 0 && `${counted(length, 'content')}${list.hasMore ? ' so far' : ''}`}
      </p>
    </div>
  );
}
