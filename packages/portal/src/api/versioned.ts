import { useCallback } from 'preact/hooks';
import { useApi } from './context.tsx';
import { type Resource, useLoaded } from './resource.ts';

/** Something with the ETag that a change of it must name. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string | undefined;
}

/** What a path answers with its ETag: pass that on as `ifMatch`, so that nobody's change is written over. */
export function useVersioned<T>(path: string): Resource<Versioned<T>> {
  const api = useApi();
  const load = useCallback(
    async (signal: AbortSignal) => {
      return versionOf<T>(await api.request(path, { signal }));
    },
    [api, path],
  );
  return useLoaded(load);
}

/** What was answered, with its ETag. */
export async function versionOf<T>(response: Response): Promise<Versioned<T>> {
  const value: T = await response.json();
  return { value, etag: response.headers.get('etag') ?? undefined };
}
