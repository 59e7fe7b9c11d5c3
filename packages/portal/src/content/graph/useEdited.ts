import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { useLoaded } from '../../api/resource.ts';

/** A thing that is edited, with the state that a change must name. */
export interface Edited<T> {
  readonly data: T | undefined;
  readonly etag: string;
  readonly error: unknown;
  readonly reload: () => void;
  /** @throws ApiProblem `precondition_failed` when somebody changed it meanwhile. */
  readonly save: (update: Partial<T>) => Promise<void>;
}

/** What a path answers, and a way to change it that writes over nobody’s change. */
export function useEdited<T>(path: string): Edited<T> {
  const api = useApi();
  const [round, setRound] = useState(0);
  const read = useLoaded(
    useCallback(
      async (signal: AbortSignal) => {
        const response = await api.request(path, { signal });
        const data: T = await response.json();
        return { data, etag: response.headers.get('etag') ?? '*' };
      },
      [api, path, round],
    ),
  );
  return {
    data: read.data?.data,
    etag: read.data?.etag ?? '*',
    error: read.error,
    reload: () => setRound((before) => before + 1),
    save: async (update) => {
      const response = await api.request(path, {
        method: 'PATCH',
        body: JSON.stringify(update),
        headers: { 'content-type': 'application/json' },
        ifMatch: read.data?.etag,
      });
      const data: T = await response.json();
      read.set({ data, etag: response.headers.get('etag') ?? '*' });
    },
  };
}
