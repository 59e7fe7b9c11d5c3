import type { Content, ContentAccepted, UploadLimits } from '@docent/contracts/content';
import type { Api, Page } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { Session } from '../../session/session.tsx';
import { fileSize } from '../../ui/words.ts';
import type { FoundFile } from './dropped.ts';
import { fingerprint } from './fingerprint.ts';
import { transfer } from './transfer.ts';

/** Where a file stands until the server has it. */
export interface Waiting {
  readonly key: string;
  readonly file: File;
  readonly path: string;
  readonly state: 'refused' | 'duplicate' | 'waiting' | 'sending' | 'failed' | 'cancelled' | 'sent';
  /** Share that is there, 0 to 1. */
  readonly share: number;
  readonly reason: string | null;
  /** The content that has the same bytes already. */
  readonly twin: { readonly id: string; readonly title: string } | null;
  /** Once the server has it. */
  readonly contentId: string | null;
}

/** What is said of all files of an upload, as fields of the API. */
export type Said = Readonly<Record<string, unknown>>;

/** Files that are sent side by side: more would not be faster, and leaves connections for the rest of the page. */
const AT_A_TIME = 2;

/**
 * The files of an upload on their way to the server, outside of the components: they go on while the page is drawn
 * anew.
 *
 * @param changed called whenever something has changed.
 */
export function makeQueue(
  api: Api,
  session: Pick<Session, 'token' | 'renew'>,
  changed: () => void,
) {
  let entries: readonly Waiting[] = [];
  let said: Said = {};
  const running = new Map<string, AbortController>();

  return {
    entries: () => entries,

    /** Looks at files before they are sent: too large or unreadable ones are refused, known ones asked about. */
    async add(found: readonly FoundFile[], limits: UploadLimits | undefined): Promise<void> {
      const known = new Set(entries.map(({ path, file }) => `${path} ${file.size}`));
      const fresh = found
        .filter(({ path, file }) => !known.has(`${path} ${file.size}`))
        .map(({ file, path }): Waiting => {
          const reason = refusal(file, limits);
          const state = reason === null ? 'waiting' : 'refused';
          const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
          return { key, file, path, state, share: 0, reason, twin: null, contentId: null };
        });
      entries = [...entries, ...fresh];
      changed();
      for (const { key, file, state } of fresh) {
        if (state === 'waiting') await askAboutTwin(key, file);
      }
    },

    /** Sends what waits, with what is said of it. */
    start(about: Said): void {
      said = about;
      pump();
    },

    /** A file that is known is sent with the others nevertheless. */
    take(key: string): void {
      change(key, { state: 'waiting' });
    },

    /** Sends a file again. */
    retry(key: string): void {
      change(key, { state: 'waiting', share: 0, reason: null });
      pump();
    },

    cancel(key: string): void {
      running.get(key)?.abort();
      change(key, { state: 'cancelled', reason: 'You cancelled it before it had arrived.' });
    },

    remove(key: string): void {
      running.get(key)?.abort();
      entries = entries.filter((entry) => entry.key !== key);
      changed();
    },

    /** Ends everything: nobody looks at it any more. */
    stop(): void {
      entries = [];
      for (const controller of running.values()) controller.abort();
    },

    /** Forgets what the server has. */
    clear(): void {
      entries = entries.filter(({ state }) => state !== 'sent');
      changed();
    },
  };

  function change(key: string, part: Partial<Waiting>): void {
    entries = entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry));
    changed();
  }

  function pump(): void {
    for (const entry of entries) {
      if (running.size >= AT_A_TIME) return;
      if (entry.state === 'waiting' && !running.has(entry.key)) void send(entry);
    }
  }

  async function send({ key, file, path }: Waiting): Promise<void> {
    const controller = new AbortController();
    running.set(key, controller);
    change(key, { state: 'sending' });
    const form = new FormData();
    form.set('metadata', JSON.stringify({ ...said, metadata: { path } }));
    form.set('file', file, file.name);
    try {
      const { id } = await transfer<ContentAccepted>(session, {
        method: 'POST',
        path: '/v1/content',
        form,
        // Sent again after a broken connection, it is taken in once.
        idempotencyKey: key,
        onProgress: (share) => change(key, { share }),
        signal: controller.signal,
      });
      change(key, { state: 'sent', share: 1, contentId: id });
    } catch (error) {
      if (!controller.signal.aborted) change(key, { state: 'failed', reason: sentenceOf(error) });
    } finally {
      running.delete(key);
      pump();
    }
  }

  async function askAboutTwin(key: string, file: File): Promise<void> {
    // What cannot be told beforehand is no reason not to send it.
    const sha256 = await fingerprint(file).catch(() => null);
    if (sha256 === null) return;
    const same = await api
      .get<Page<Content>>('/v1/content', { query: { sha256, limit: 1 } })
      .catch(() => null);
    const twin = same?.items[0];
    const entry = entries.find((one) => one.key === key);
    if (twin === undefined || entry?.state !== 'waiting') return;
    change(key, { state: 'duplicate', twin: { id: twin.id, title: twin.title } });
  }
}

export type Queue = ReturnType<typeof makeQueue>;

function refusal(file: File, limits: UploadLimits | undefined): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (limits === undefined) return null;
  if (file.size > limits.maxFileBytes) {
    return `The file has ${fileSize(file.size)}; at most ${fileSize(limits.maxFileBytes)} can be taken in.`;
  }
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase();
  if (extension !== undefined && !limits.extensions.includes(extension)) {
    return `Files that end in “.${extension}” cannot be read. ${limits.formats}`;
  }
  return null;
}
