import { randomUUID } from 'node:crypto';
import { pageOf } from '@docent/contracts/common';
import {
  Content,
  ContentAccepted,
  ContentBatchResult,
  type ContentFilters,
  type ContentMetadata,
  type ContentUpdate,
  isFinal,
  type TextContent,
  Version,
} from '@docent/contracts/content';
import { MarkedText, StoredChunk, VersionText } from '@docent/contracts/contentText';
import type { z } from 'zod';
import { problemError } from './error.ts';
import { followEvents } from './events.ts';
import type { Transport } from './transport.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface CreateOptions extends CallOptions {
  /** The same key within 24 hours has its effect once. Default: a new one for each call. */
  readonly idempotencyKey?: string;
}

export interface Page {
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** 1 to 100. */
  readonly limit?: number;
}

const ContentPage = pageOf(Content);
const VersionPage = pageOf(Version);
const ChunkPage = pageOf(StoredChunk);

/** Calls on content. All throw DocentError. */
export function contentClient(transport: Transport) {
  return {
    /**
     * Uploads a file; processing goes on after the answer: `progress` follows it.
     *
     * @param file as `fs.openAsBlob(path)` gives it: read from the disk while it is sent.
     */
    async upload(
      file: Blob,
      { fileName, ...metadata }: z.input<typeof ContentMetadata> & { fileName: string },
      options: CreateOptions = {},
    ): Promise<ContentAccepted> {
      return transport.json(ContentAccepted, {
        method: 'POST',
        path: '/v1/content',
        form: formOf(file, fileName, metadata),
        ...creating(options),
      });
    },

    /** Takes in a text instead of a file. */
    async uploadText(
      content: z.input<typeof TextContent>,
      options: CreateOptions = {},
    ): Promise<ContentAccepted> {
      return transport.json(ContentAccepted, {
        method: 'POST',
        path: '/v1/content',
        json: content,
        ...creating(options),
      });
    },

    /** Takes in up to 100 texts; what was wrong with one of them stands at its place. */
    async batch(
      items: readonly z.input<typeof TextContent>[],
      options: CreateOptions = {},
    ): Promise<ContentBatchResult> {
      return transport.json(ContentBatchResult, {
        method: 'POST',
        path: '/v1/content/batch',
        json: { items },
        ...creating(options),
      });
    },

    /** Newest first. */
    async list(
      query: ContentFilters & Page = {},
      options: CallOptions = {},
    ): Promise<z.output<typeof ContentPage>> {
      return transport.json(ContentPage, {
        method: 'GET',
        path: '/v1/content',
        query: { ...query },
        ...options,
      });
    },

    /** Every content that matches, page after page. */
    async *all(
      filters: ContentFilters = {},
      options: CallOptions = {},
    ): AsyncGenerator<Content, void, undefined> {
      let cursor: string | null = null;
      do {
        const at: Page = cursor === null ? {} : { cursor };
        const page: z.output<typeof ContentPage> = await this.list(
          { ...filters, limit: 100, ...at },
          options,
        );
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== null);
    },

    async get(id: string, options: CallOptions = {}): Promise<Content> {
      return transport.json(Content, { method: 'GET', path: pathOf(id), ...options });
    },

    /** The original file of the current version; read or cancel its body. */
    async file(id: string, options: CallOptions = {}): Promise<Response> {
      const headers = { accept: '*/*' };
      return transport.open({ method: 'GET', path: `${pathOf(id)}/file`, headers, ...options });
    },

    /** Changes what is named; the rest stays. */
    async update(id: string, change: ContentUpdate, options: CallOptions = {}): Promise<Content> {
      return transport.json(Content, {
        method: 'PATCH',
        path: pathOf(id),
        json: change,
        ...options,
      });
    },

    /** A new version of the content; the same bytes make nothing. */
    async replaceFile(
      id: string,
      file: Blob,
      fileName: string,
      options: CallOptions = {},
    ): Promise<ContentAccepted> {
      return transport.json(ContentAccepted, {
        method: 'PUT',
        path: `${pathOf(id)}/file`,
        form: formOf(file, fileName, {}),
        ...options,
      });
    },

    /** Deletes the content with all its versions, chunks and vectors. */
    async delete(id: string, options: CallOptions = {}): Promise<void> {
      const response = await transport.open({ method: 'DELETE', path: pathOf(id), ...options });
      await response.body?.cancel();
    },

    async version(id: string, version: number, options: CallOptions = {}): Promise<Version> {
      return transport.json(Version, {
        method: 'GET',
        path: versionPath(id, version),
        ...options,
      });
    },

    /** Newest first. */
    async versions(id: string, page: Page = {}, options: CallOptions = {}) {
      const path = `${pathOf(id)}/versions`;
      return transport.json(VersionPage, { method: 'GET', path, query: { ...page }, ...options });
    },

    /** A part of the text that was read from the file; offsets are UTF-16 code units, `end` exclusive. */
    async text(
      id: string,
      version: number,
      part: { start?: number; end?: number } = {},
      options: CallOptions = {},
    ): Promise<VersionText> {
      const path = `${versionPath(id, version)}/text`;
      return transport.json(VersionText, { method: 'GET', path, query: { ...part }, ...options });
    },

    /** What a citation points at, in its surroundings: `span` is its `sourceSpan`. */
    async marked(
      id: string,
      version: number,
      span: { start: number; end: number },
      { context, ...options }: CallOptions & { context?: number } = {},
    ): Promise<MarkedText> {
      const path = `${versionPath(id, version)}/text`;
      const query = {
        span: `${span.start}-${span.end}`,
        ...(context === undefined ? {} : { context }),
      };
      return transport.json(MarkedText, { method: 'GET', path, query, ...options });
    },

    async chunks(id: string, version: number, page: Page = {}, options: CallOptions = {}) {
      const path = `${versionPath(id, version)}/chunks`;
      return transport.json(ChunkPage, { method: 'GET', path, query: { ...page }, ...options });
    },

    /** Processes a version again that failed. */
    async retry(id: string, version: number, options: CallOptions = {}): Promise<Version> {
      const path = `${versionPath(id, version)}/retry`;
      return transport.json(Version, { method: 'POST', path, ...options });
    },

    /** States of a version as they change; ends after the first final one. */
    async *progress(
      id: string,
      version: number,
      { signal }: CallOptions = {},
    ): AsyncGenerator<Version, void, undefined> {
      const open = () =>
        transport.open({
          method: 'GET',
          path: `${versionPath(id, version)}/events`,
          headers: { accept: 'text/event-stream' },
          signal,
        });
      // Every connection starts with the present state: nothing is missed by starting over.
      const isTerminal = ({ name }: { name: string }) => name === 'done' || name === 'error';
      const events = followEvents(await open(), { isTerminal, resume: open, signal });
      for await (const { name, data } of events) {
        if (name === 'error') throw problemError(data);
        const state = Version.parse(data);
        yield state;
        if (isFinal(state.state)) return;
      }
    },
  };
}

export type ContentClient = ReturnType<typeof contentClient>;

function pathOf(id: string): string {
  return `/v1/content/${encodeURIComponent(id)}`;
}

function versionPath(id: string, version: number): string {
  return `${pathOf(id)}/versions/${version}`;
}

function formOf(
  file: Blob,
  fileName: string,
  metadata: Partial<z.input<typeof ContentMetadata>>,
): FormData {
  const form = new FormData();
  // Before the file: the service knows what it gets when the bytes come.
  if (Object.keys(metadata).length > 0) form.set('metadata', JSON.stringify(metadata));
  form.set('file', file, fileName);
  return form;
}

function creating({ idempotencyKey = randomUUID(), signal }: CreateOptions) {
  return { headers: { 'idempotency-key': idempotencyKey }, signal };
}
