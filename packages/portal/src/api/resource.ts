import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Page, RequestOptions } from './client.ts';
import { useApi } from './context.tsx';

/** Something that is read from the API. While it is read anew, what was there stays. */
export interface Resource<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly loading: boolean;
  reload(): void;
  /** What the API answered to a change, instead of reading again. */
  set(data: T): void;
}

/**
 * What a path answers, read when the page shows and when path or query change.
 *
 * @param path null: nothing is read yet.
 */
export function useResource<T>(path: string | null, query?: RequestOptions['query']): Resource<T> {
  const api = useApi();
  const load = useCallback(
    (signal: AbortSignal) => api.get<T>(path ?? '', { query, signal }),
    [api, path, JSON.stringify(query)],
  );
  return useLoaded(path === null ? null : load);
}

/**
 * What `load` gives; it is called again when it is another function (keep it with `useCallback`).
 *
 * @param load null: nothing is loaded yet.
 */
export function useLoaded<T>(load: ((signal: AbortSignal) => Promise<T>) | null): Resource<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; of: unknown }>({ of: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (load === null) return;
    const controller = new AbortController();
    load(controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setState({ data, of: load });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ error, of: load });
      },
    );
    return () => controller.abort();
  }, [load, round]);
  const set = useCallback((data: T) => setState({ data, of: load }), [load]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return {
    data: state.data,
    error: state.of === load ? state.error : undefined,
    loading: load !== null && state.of !== load,
    reload,
    set,
  };
}

/** A list that is read page by page. */
export interface PagedList<T> {
  readonly items: readonly T[];
  readonly error: unknown;
  readonly loading: boolean;
  readonly hasMore: boolean;
  more(): void;
  reload(): void;
  /** Changes what is shown, after the API has changed it. */
  update(change: (items: readonly T[]) => readonly T[]): void;
}

/** The list at a path, from its first page on; it starts again when path or query change. */
export function usePages<T>(path: string | null, query?: RequestOptions['query']): PagedList<T> {
  const api = useApi();
  const [list, setList] = useState<{ items: readonly T[]; next: string | null }>({
    items: [],
    next: null,
  });
  const [state, setState] = useState<{ loading: boolean; error?: unknown }>({
    loading: path !== null,
  });
  const [round, setRound] = useState(0);
  const running = useRef<AbortController | null>(null);
  const key = JSON.stringify(query);

  const read = useCallback(
    async (cursor: string | null) => {
      if (path === null) return;
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState({ loading: true });
      try {
        const page = await api.get<Page<T>>(path, {
          query: { ...query, cursor },
          signal: controller.signal,
        });
        if (controller.signal.aborted) return;
        setList(({ items }) => ({
          items: cursor === null ? page.items : [...items, ...page.items],
          next: page.nextCursor,
        }));
        setState({ loading: false });
      } catch (error) {
        if (!controller.signal.aborted) setState({ loading: false, error });
      }
    },
    [api, path, key],
  );

  useEffect(() => {
    void read(null);
    return () => running.current?.abort();
  }, [read, round]);

  return {
    items: list.items,
    error: state.error,
    loading: state.loading,
    hasMore: list.next !== null,
    more: () => {
      if (!state.loading && list.next !== null) void read(list.next);
    },
    reload: () => setRound((before) => before + 1),
    update: (change) => setList(({ items, next }) => ({ items: change(items), next })),
  };
}
