import { ChatEvent } from '@docent/contracts/chat';
import { parseEnv } from '@docent/core/env';
import { newId } from '@docent/core/ids';
import type { ChatModel, Embedder } from '@docent/models/interfaces';
import { type Caller, testApp } from '@docent/test/app';
import { testCache } from '@docent/test/cache';
import { fakeEmbedder } from '@docent/test/models';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import type { FoundPassage, Search } from '../search/interfaces.ts';
import { chatRoutes } from './chat.routes.ts';
import type { ChatDeps } from './chat.ts';
import { chatEnv } from './settings.ts';
import { passage } from './testPassages.ts';

export const vacation = passage(
  'Every employee has 25 vacation days a year. Unused days expire on 31 March. Part-timers get a share of them.',
  { title: 'Vacation policy', contentId: newId() },
);
export const travel = passage(
  'Maria Lopez approves travel above 500 euros. Trains are preferred to planes.',
  { title: 'Travel policy', contentId: newId(), score: 0.4 },
);

/** A search that finds these passages whatever is asked; `queries` records what was. */
export function foundAlways(passages: readonly FoundPassage[]): Search & { queries: string[] } {
  const queries: string[] = [];
  const search: Search = async (_, { query, limit, mode }, { signal }) => {
    signal.throwIfAborted();
    queries.push(query);
    return {
      passages: passages.slice(0, limit),
      query,
      correctedQuery: null,
      neighbours: [],
      terms: [],
      reach: 10,
      modelId: null,
      mode,
      tookMs: 1,
    };
  };
  return Object.assign(search, { queries });
}

export interface SeenEvent {
  readonly id: string | undefined;
  readonly event: ChatEvent;
}

/** A listening service with chat on a database of its own. */
export async function testChat({
  search = foundAlways([vacation, travel]),
  chatModel = null,
  embedder = fakeEmbedder(),
  env = {},
  ...others
}: {
  search?: Search;
  chatModel?: ChatModel | null;
  embedder?: Embedder;
  /** Settings as the environment would give them. */
  env?: Record<string, string>;
} & Partial<Pick<ChatDeps, 'cache' | 'clock' | 'database'>> = {}) {
  const cache = others.cache ?? (await testCache());
  const problems: { details: object; message: string }[] = [];
  const note = (details: object, message: string) => void problems.push({ details, message });
  const test = await testApp({
    ...(others.database ? { database: others.database } : {}),
    plugins: (app, database) =>
      app.register(chatRoutes, {
        database,
        cache,
        search,
        chatModel,
        embedder,
        embedderById: () => null,
        settings: parseEnv(chatEnv, env),
        log: { warn: note, error: note },
        clock: others.clock ?? (() => performance.now()),
      }),
  });
  await test.app.listen({ port: 0, host: '127.0.0.1' });
  const address = test.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;

  const send = (
    method: string,
    path: string,
    { body, headers = {}, as = test, signal }: SendOptions = {},
  ): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${as.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });

  return {
    ...test,
    url,
    cache,
    problems,
    send,
    /** Asks and gives the events as they come. */
    ask: async (message: string, options: SendOptions & { conversationId?: string } = {}) => {
      const { conversationId, ...rest } = options;
      const body = { message, ...(conversationId ? { conversationId } : {}) };
      return eventsOf(await send('POST', '/v1/chat', { body, ...rest }));
    },
    /** Asks and waits for the end. */
    answer: async (message: string, options: SendOptions & { conversationId?: string } = {}) => {
      const { conversationId, ...rest } = options;
      const body = { message, ...(conversationId ? { conversationId } : {}) };
      const events = await all(eventsOf(await send('POST', '/v1/chat', { body, ...rest })));
      return summary(events);
    },
    /** What a path holds, parsed. */
    json: async <S extends z.ZodType>(
      schema: S,
      path: string,
      options: SendOptions = {},
    ): Promise<z.output<S>> => schema.parse(await (await send('GET', path, options)).json()),
  };
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly as?: Pick<Caller, 'key'>;
  readonly signal?: AbortSignal;
}

/** The events of a response, read by the rules of server-sent events. */
export async function* eventsOf(response: Response): AsyncGenerator<SeenEvent> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream') || response.body === null) {
    throw new Error(`${response.status} ${type}: ${await response.text()}`);
  }
  const parsed = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { id, event, data } of parsed) {
    const value = ChatEvent.parse(JSON.parse(data));
    if (value.type !== event) throw new Error(`event ${event} carries ${value.type}`);
    yield { id, event: value };
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** What tests look at: types in order, the text that the deltas make, the events of one kind. */
export function summary(events: readonly SeenEvent[]) {
  const of = <T extends ChatEvent['type']>(type: T) =>
    events.flatMap(({ event }) => (isOf(event, type) ? [event] : []));
  const ids = events.map(({ id }) => id);
  return {
    events,
    ids,
    types: events.map(({ event }) => event.type),
    text: of('delta')
      .map(({ text }) => text)
      .join(''),
    meta: of('meta')[0],
    sources: of('sources'),
    citations: of('citation').map(({ citation }) => citation),
    confidence: of('confidence')[0]?.confidence,
    done: of('done')[0]?.message,
    error: of('error')[0],
    terminals: of('done').length + of('error').length,
  };
}

function isOf<T extends ChatEvent['type']>(
  event: ChatEvent,
  type: T,
): event is Extract<ChatEvent, { type: T }> {
  return event.type === type;
}
