import { useCallback } from 'preact/hooks';
import { useLocation } from 'preact-iso';

/** The state of a page that its address has, by name; a name that is not there is not set. */
export type Query = Readonly<Record<string, string | undefined>>;

/**
 * The query string as state: what is set so survives a reload, and can be sent to somebody. A change replaces the
 * address: going back leaves the page and does not undo filters one by one. An empty value takes its name out.
 */
export function useQuery(): [Query, (change: Query) => void] {
  const { query, path, route } = useLocation();
  const set = useCallback(
    (change: Query) => {
      const all = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined || value === '') all.delete(name);
        else all.set(name, value);
      }
      const rest = all.toString();
      route(rest === '' ? location.pathname : `${location.pathname}?${rest}`, true);
    },
    [path],
  );
  return [query, set];
}
