import type { ComponentChildren } from 'preact';
import type { PagedList } from '../api/resource.ts';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';
import { Skeleton } from './skeleton.tsx';

/** A list that is read page by page: its rows, room while it is read, what to show when it is empty, more. */
export function Paged<T>({
  list,
  empty,
  children,
}: {
  readonly list: PagedList<T>;
  readonly empty: ComponentChildren;
  readonly children: (items: readonly T[]) => ComponentChildren;
}) {
  const { items, loading, error, hasMore } = list;
  return (
    <>
      {items.length > 0 && children(items)}
      {items.length === 0 && loading && <Skeleton lines={6} />}
      {items.length === 0 && !loading && error === undefined && empty}
      {error !== undefined && (
        <Failure error={error} retry={items.length === 0 ? list.reload : list.more} />
      )}
      {hasMore && error === undefined && (
        <div class="more">
          <Button busy={loading} onClick={list.more}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
