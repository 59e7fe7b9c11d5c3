import type { ApiKey } from '@docent/contracts/access';
import type { Department } from '@docent/contracts/directoryDepartments';
import type { Person } from '@docent/contracts/directoryPeople';
import { useCallback } from 'preact/hooks';
import type { Page } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useEvery } from '../api/every.ts';
import { useLoaded } from '../api/resource.ts';

/** What ids are called: people by theirs, keys and departments by theirs. Who is deleted has none. */
export type Names = ReadonlyMap<string, Name>;

interface Name {
  readonly name: string;
  readonly href: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Ids that are asked for at once. */
const AT_ONCE = 100;

/** Names of people, a hundred with each request; ids that are none of a person's have no name. */
export function usePeopleNames(given: readonly (string | null)[]): Names {
  const api = useApi();
  const ids = [...new Set(given)].filter((id) => id !== null && UUID.test(id)).toSorted();
  const key = ids.join();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const all = key.split(',');
      const names = new Map<string, Name>();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const query = { ids: all.slice(at, at + AT_ONCE).join(), limit: AT_ONCE };
        const { items } = await api.get<Page<Person>>('/v1/users', { query, signal });
        for (const { id, name } of items) names.set(id, { name, href: `/app/admin/people/${id}` });
      }
      return names;
    },
    [api, key],
  );
  return useLoaded(key === '' ? null : load).data ?? none;
}

/** Names of the keys and departments of the organization. */
export function useKeyAndDepartmentNames(): Names {
  const keys = useEvery<ApiKey>('/v1/api-keys').data ?? [];
  const departments = useEvery<Department>('/v1/departments').data ?? [];
  return new Map<string, Name>([
    ...keys.map(({ id, name }) => [id, { name, href: '/app/admin/keys?status=all' }] as const),
    ...departments.map(
      ({ id, pathName }) => [id, { name: pathName, href: '/app/admin/departments' }] as const,
    ),
  ]);
}

const none: Names = new Map();

/** The name of an id, undefined when it has none. */
export function nameOf(id: string, names: readonly Names[]): string | undefined {
  return names.map((some) => some.get(id)?.name).find((name) => name !== undefined);
}

/** The name with a link; an id that has none stays what it is. */
export function Named({ id, names }: { readonly id: string; readonly names: readonly Names[] }) {
  const found = names.map((some) => some.get(id)).find((one) => one !== undefined);
  if (found === undefined) return <code>{id}</code>;
  return (
    <a href={found.href} title={id}>
      {found.name}
    </a>
  );
}
