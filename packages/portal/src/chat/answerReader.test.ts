import type { UiChunk } from '@docent/contracts/uiStream';
import { describe, expect, test } from 'vitest';
import type { Api, RequestOptions } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { type Asking, readAnswer } from './answerReader.ts';
import { serverEvents } from './sse.ts';

const id = '01a1fd4b-8b64-71b5-9ad2-52961846e3df';
const meta: UiChunk = {
  type: 'data-meta',
  id: 'meta',
  data: {
    streamId: id,
    conversationId: id,
    messageId: id,
    userMessageId: id,
    question: 'Q',
    answerer: 'extractive',
    model: 'm',
  },
};
const delta = (text: string): UiChunk => ({ type: 'text-delta', id: 'text', delta: text });
const failed = (code: string): UiChunk => ({
  type: 'data-error',
  id: 'error',
  data: { code, title: 'T', detail: 'D', retryable: true, partial: true },
});
const over: UiChunk = { type: 'error', errorText: 'D' };
const ask: Asking = { message: 'How?' };

describe('reading an answer', () => {
  test('goes on after the last part when the connection is lost, however often', async () => {
    const api = scripted([
      [numbered('1.1', meta), numbered('2.1', delta('a')), 'id: 2.2\ndata: {"type":"text-de'],
      new ApiProblem('gone', { status: 0, code: 'network' }),
      [numbered('3.1', delta('b'))],
      [numbered('4.1', delta('c')), numbered('5.1', over)],
    ]);
    const connections: boolean[] = [];

    const chunks = await read(api, ask, (connected) => connections.push(connected));

    expect(chunks).toEqual([meta, delta('a'), delta('b'), delta('c'), over]);
    expect(api.requests.map(({ path, lastId }) => [path, lastId])).toEqual([
      ['/v1/chat', undefined],
      [`/v1/chat/streams/${id}`, '2.1'],
      [`/v1/chat/streams/${id}`, '2.1'],
      [`/v1/chat/streams/${id}`, '3.1'],
    ]);
    expect(connections.at(-1)).toBe(true);
  });

  test('sends the question again under the same key when nothing of its answer came', async () => {
    const api = scripted([
      new ApiProblem('gone', { status: 0, code: 'network' }),
      [numbered('1.1', meta), numbered('2.1', over)],
    ]);

    await read(api, ask);

    expect(api.requests.map(({ path }) => path)).toEqual(['/v1/chat', '/v1/chat']);
    expect(new Set(api.requests.map(({ key }) => key)).size).toBe(1);
  });

  test('comes back when the service says farewell, but not after an answer that failed with its end', async () => {
    const leaving = scripted([
      [numbered('1.1', meta), plain(failed('shutting_down')), plain(over)],
      [numbered('2.1', over)],
    ]);
    const ended = scripted([
      [numbered('1.1', meta), numbered('2.1', failed('shutting_down')), numbered('2.2', over)],
    ]);

    expect((await read(leaving, ask)).map(({ type }) => type)).toEqual(['data-meta', 'error']);
    expect(await read(ended, ask)).toEqual([meta, failed('shutting_down'), over]);
  });

  test('tells at once what the API refuses, and gives up in the end when nothing answers', async () => {
    const refusing = scripted([new ApiProblem('no', { status: 404, code: 'not_found' })]);
    const silent = scripted(
      Array.from({ length: 50 }, () => new ApiProblem('gone', { status: 0, code: 'network' })),
    );

    await expect(read(refusing, ask)).rejects.toThrow('no');
    await expect(read(silent, ask)).rejects.toThrow('gone');
    expect(refusing.requests).toHaveLength(1);
    expect(silent.requests.length).toBeLessThan(20);
  });
});

describe('server-sent events', () => {
  test.each(['\n', '\r\n', '\r'])('are read whatever ends their lines: %j', async (end) => {
    const text = [': hello', 'id: 1', 'data: a', 'data:b', '', 'data: é€😀', '', 'data: cut'].join(
      end,
    );

    for (const size of [1, 2, 3, 1_000]) {
      expect(await eventsIn(text, size)).toEqual([
        { id: '1', data: 'a\nb' },
        { id: '1', data: 'é€😀' },
      ]);
    }
  });

  async function eventsIn(text: string, size: number) {
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let from = 0; from < bytes.length; from += size) {
          controller.enqueue(bytes.slice(from, from + size));
        }
        controller.close();
      },
    });
    const events = [];
    for await (const event of serverEvents(body)) events.push(event);
    return events;
  }
});

function numbered(number: string, chunk: UiChunk): string {
  return `id: ${number}\n${plain(chunk)}`;
}

function plain(chunk: UiChunk): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

async function read(api: Api, asking: Asking, onConnection = (_: boolean): unknown => null) {
  const chunks: UiChunk[] = [];
  const { signal } = new AbortController();
  const options = { signal, onConnection, pause: async () => {} };
  for await (const { chunk } of readAnswer(api, asking, options)) chunks.push(chunk);
  return chunks;
}

/** An API that answers one after another with these events, or fails so. */
function scripted(answers: readonly (readonly string[] | ApiProblem)[]) {
  const requests: { path: string; lastId: string | undefined; key: string | undefined }[] = [];
  const none = () => Promise.reject(new Error('not asked for'));
  const api: Api = {
    get: none,
    send: none,
    download: none,
    async request(path: string, options: RequestInit & RequestOptions = {}) {
      const answer = answers[requests.length];
      const headers = new Headers(options.headers);
      const lastId = headers.get('last-event-id') ?? undefined;
      requests.push({ path, lastId, key: options.idempotencyKey });
      if (answer === undefined) throw new Error('asked too often');
      if (answer instanceof ApiProblem) throw answer;
      return new Response(answer.join(''));
    },
  };
  return { ...api, requests };
}
