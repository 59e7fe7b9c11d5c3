import type { Me } from '@docent/contracts/directory';
import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { createApi } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { portalConfig } from './config.ts';
import { openSessionStore, type StoredSession } from './store.ts';

type State =
  | { readonly status: 'starting' }
  | { readonly status: 'signed-out'; readonly reason: string | null }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'signed-in'; readonly me: Me };

export interface Session {
  readonly state: State;
  /** The access token, or null. */
  readonly token: () => string | null;
  /** A new access token, or null: then the person has been signed out. */
  readonly renew: () => Promise<string | null>;
  /** @throws ApiProblem when the token is not good; nothing has changed then. */
  readonly signIn: (session: StoredSession) => Promise<void>;
  readonly signOut: () => void;
  /** Asks again who is signed in, after a failure. */
  readonly retry: () => void;
}

const Context = createContext<Session | null>(null);

/** @throws Error outside of a `SessionProvider`. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === null) throw new Error('useSession is for pages inside of SessionProvider');
  return session;
}

/** Who is signed in. @throws Error where nobody is: use it below `SessionGate`. */
export function useMe(): Me {
  const { state } = useSession();
  if (state.status !== 'signed-in') throw new Error('nobody is signed in');
  return state.me;
}

/** Keeps the sign-in of this browser and who it is. */
export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [state, setState] = useState<State>({ status: 'starting' });
  const current = useRef<StoredSession | null>(null);
  const renewing = useRef<Promise<string | null> | null>(null);
  // Counts what decides who is signed in: what was begun before the newest of it has no say.
  const decisions = useRef(0);
  const store = useMemo(
    () =>
      openSessionStore(() => {
        decisions.current += 1;
        current.current = null;
        setState({ status: 'signed-out', reason: null });
      }),
    [],
  );

  const token = useCallback(() => current.current?.token ?? null, []);

  const forget = useCallback(
    (reason: string | null, everywhere: boolean) => {
      decisions.current += 1;
      current.current = null;
      store.drop({ everywhere });
      setState({ status: 'signed-out', reason });
    },
    [store],
  );

  const renew = useCallback(() => {
    renewing.current ??= renewed(current.current)
      .then((session) => {
        if (session === null) {
          forget('Your sign-in has run out. Sign in again to go on.', false);
          return null;
        }
        current.current = session;
        store.keep(session);
        return session.token;
      })
      .finally(() => {
        renewing.current = null;
      });
    return renewing.current;
  }, [forget, store]);

  const start = useCallback(async () => {
    decisions.current += 1;
    const decision = decisions.current;
    setState({ status: 'starting' });
    const found = await store.find();
    // Who comes back from the issuer may be signed in before other tabs had their time to answer.
    if (decision !== decisions.current) return;
    current.current = found;
    if (found === null) return setState({ status: 'signed-out', reason: null });
    store.keep(found);
    try {
      const me = await createApi({ token, renew }).get<Me>('/v1/me');
      if (decision === decisions.current) setState({ status: 'signed-in', me });
    } catch (error) {
      // A token that is no good has been forgotten by `renew`.
      if (error instanceof ApiProblem && error.status === 401) return;
      if (decision === decisions.current) setState({ status: 'failed', error });
    }
  }, [store, token, renew]);

  useEffect(() => {
    void start();
    return () => store.close();
  }, [start, store]);

  const signIn = useCallback(
    async (session: StoredSession) => {
      const api = createApi({ token: () => session.token, renew: async () => null });
      const me = await api.get<Me>('/v1/me');
      decisions.current += 1;
      current.current = session;
      store.keep(session);
      setState({ status: 'signed-in', me });
    },
    [store],
  );

  const session = useMemo(
    () => ({
      state,
      token,
      renew,
      signIn,
      signOut: () => forget(null, true),
      retry: () => void start(),
    }),
    [state, token, renew, signIn, forget, start],
  );
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

async function renewed(session: StoredSession | null): Promise<StoredSession | null> {
  if (session === null || session.kind !== 'oidc') return null;
  const { oidc } = (await portalConfig()).signIn;
  if (oidc === null) return null;
  const { refresh } = await import('./oidc.ts');
  return refresh(oidc, session);
}
