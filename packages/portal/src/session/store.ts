import { forgetDrafts } from '../chat/drafts.ts';

/** What is kept of a sign-in, in this tab only: another tab asks for it. */
export interface StoredSession {
  readonly token: string;
  readonly kind: 'demo' | 'oidc' | 'key';
  /** Epoch milliseconds; null when it is not known. */
  readonly expiresAt: number | null;
  readonly refreshToken: string | null;
}

const KEY = 'docent.session';
const CHANNEL = 'docent.session';
/** Longest wait for another tab to answer, milliseconds. */
const ASK_MS = 200;

type Message =
  | { readonly type: 'ask' }
  | { readonly type: 'session'; readonly session: StoredSession | null };

/**
 * The session of this browser: kept by the tab (gone when it is closed), shared with tabs that are opened beside
 * it, ended in all of them at once.
 */
export function openSessionStore(onChange: (session: StoredSession | null) => void) {
  const channel = new BroadcastChannel(CHANNEL);
  let asking: ((session: StoredSession | null) => void) | null = null;
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'ask') {
      const own = read();
      if (own !== null) post({ type: 'session', session: own });
      return;
    }
    if (asking !== null) asking(data.session);
    else if (data.session === null && read() !== null) {
      sessionStorage.removeItem(KEY);
      forgetDrafts();
      onChange(null);
    }
  });

  return {
    /** The session of this tab, else of another one: who takes that on keeps it. */
    async find(): Promise<StoredSession | null> {
      const own = read();
      if (own !== null) return own;
      const { promise, resolve } = Promise.withResolvers<StoredSession | null>();
      asking = resolve;
      post({ type: 'ask' });
      const timer = setTimeout(() => resolve(null), ASK_MS);
      const found = await promise;
      clearTimeout(timer);
      asking = null;
      return found;
    },
    keep(session: StoredSession): void {
      sessionStorage.setItem(KEY, JSON.stringify(session));
    },
    /** @param everywhere other tabs are signed out, too. */
    drop({ everywhere }: { everywhere: boolean }): void {
      sessionStorage.removeItem(KEY);
      if (!everywhere) return;
      forgetDrafts();
      post({ type: 'session', session: null });
    },
    close: () => channel.close(),
  };

  function post(message: Message): void {
    channel.postMessage(message);
  }
}

function read(): StoredSession | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  const session: StoredSession = JSON.parse(text);
  const over = session.expiresAt !== null && session.expiresAt < Date.now();
  return over && session.refreshToken === null ? null : session;
}
