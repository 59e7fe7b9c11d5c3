import { useCallback } from 'preact/hooks';
import type { Api, Page } from './client.ts';
import { useApi } from './context.tsx';
import { type Resource, useLoaded } from './resource.ts';

/** Rows of a list that is read to its end: for choices of some hundreds, like departments. */
export function useEvery<T>(path: string | null): Resource<readonly T[]> {
  const api = useApi();
  const load = useCallback(
    (signal: AbortSignal) => readEvery<T>(api, path ?? '', signal),
    [api, path],
  );
  return useLoaded(path === null ? null : load);
}

/** All rows of a list, page after page. @throws ApiProblem */
export async function readEvery<T>(api: Api, path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await api.get(path, { query: { limit: 100, cursor }, signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
