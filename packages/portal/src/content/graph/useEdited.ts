import { useApi } from '../../api/context.tsx';
import { useVersioned } from '../../api/versioned.ts';

/** A thing that is edited. */
export interface Edited<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly reload: () => void;
  /** @throws ApiProblem `precondition_failed` when somebody changed it meanwhile. */
  readonly save: (change: object) => Promise<void>;
}

/**
 * What a path answers, and a way to change it that writes over nobody’s change.
 *
 * @param method `PUT` replaces all of it.
 */
export function useEdited<T>(path: string, method: 'PATCH' | 'PUT' = 'PATCH'): Edited<T> {
  const api = useApi();
  const { data, error, reload, set } = useVersioned<T>(path);
  return {
    data: data?.value,
    error,
    reload,
    save: async (change) => {
      const response = await api.request(path, {
        method,
        body: JSON.stringify(change),
        headers: { 'content-type': 'application/json' },
        ifMatch: data?.etag,
      });
      set({ value: await response.json(), etag: response.headers.get('etag') ?? undefined });
    },
  };
}
