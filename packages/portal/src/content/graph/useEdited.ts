import { useApi } from '../../api/context.tsx';
import { useVersioned, versionOf } from '../../api/versioned.ts';

/** A thing that is edited. */
export interface Edited<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly reload: () => void;
  /** Reads again what a change beside it has made of it: the next change of it is made of that. Never throws. */
  readonly refresh: () => Promise<void>;
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
    refresh: async () => {
      try {
        set(await versionOf(await api.request(path)));
      } catch {
        reload();
      }
    },
    save: async (change) => {
      const response = await api.request(path, {
        method,
        body: JSON.stringify(change),
        headers: { 'content-type': 'application/json' },
        ifMatch: data?.etag,
      });
      set(await versionOf(response));
    },
  };
}
