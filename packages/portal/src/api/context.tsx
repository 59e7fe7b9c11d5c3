import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { useSession } from '../session/session.tsx';
import { type Api, createApi } from './client.ts';

const Context = createContext<Api | null>(null);

const pageLanguage = () => document.documentElement.lang;

/** Gives the pages below it the API with the token of the session. */
export function ApiProvider({ children }: { readonly children: ComponentChildren }) {
  const { token, renew } = useSession();
  const api = useMemo(() => createApi({ token, renew, language: pageLanguage }), [token, renew]);
  return <Context.Provider value={api}>{children}</Context.Provider>;
}

/** @throws Error outside of an `ApiProvider`. */
export function useApi(): Api {
  const api = useContext(Context);
  if (api === null) throw new Error('useApi is for pages inside of ApiProvider');
  return api;
}
