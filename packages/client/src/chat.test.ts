import { randomUUID } from 'node:crypto';
import type { ChatEvent } from '@docent/contracts/chat';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { problem, serveInTurn, stream } from './testServer.ts';

const streamId = randomUUID();
const meta: ChatEvent = {
  type: 'meta',
  streamId,
  conversationId: randomUUID(),
  messageId: randomUUID(),
  userMessageId: randomUUID(),
  question: 'How do I reset my badge?',
  answerer: 'extractive',
  model: 'built-in',
};
const failed: ChatEvent = {
  type: 'error',
  code: 'model_timeout',
  title: 'Model timeout',
  detail: 'The model took too long.',
  retryable: true,
  partial: true,
};
const delta = (text: string): ChatEvent => ({ type: 'delta', text });
const numbered = (events: ChatEvent[], from = 1) =>
  events.map((data, index) => ({ id: String(index + from), data }));

test('gives the events of an answer up to the last one', async () => {
  const server = await serveInTurn(stream(numbered([meta, delta('Ask '), delta('IT.'), failed])));
  const client = createClient({ url: server.url, key: 'k' });

  const events = await collect(client.chat.stream({ message: 'How do I reset my badge?' }));

  expect(events).toEqual([meta, delta('Ask '), delta('IT.'), failed]);
  expect(server.seen[0]?.headers.accept).toBe('text/event-stream');
});

test('takes a broken stream up after the last event it has, each event once', async () => {
  const server = await serveInTurn(
    stream(numbered([meta, delta('Ask ')]), true),
    stream(numbered([delta('IT.')], 3), true),
    stream(numbered([failed], 4)),
  );
  const client = createClient({ url: server.url, key: 'k' });

  const events = await collect(client.chat.stream({ message: 'How do I reset my badge?' }));

  expect(events).toEqual([meta, delta('Ask '), delta('IT.'), failed]);
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/chat',
    `GET /v1/chat/streams/${streamId}`,
    `GET /v1/chat/streams/${streamId}`,
  ]);
  expect(server.seen.slice(1).map(({ headers }) => headers['last-event-id'])).toEqual(['2', '3']);
});

test('never asks a second time when the connection breaks before the answer has a name', async () => {
  const server = await serveInTurn(stream([], true));
  const client = createClient({ url: server.url, key: 'k' });

  const events = collect(client.chat.stream({ message: 'How do I reset my badge?' }));

  await expect(events).rejects.toMatchObject({ code: 'stream_interrupted' });
  expect(server.seen).toHaveLength(1);
});

test('ends with what the service says when the stream is not kept any longer', async () => {
  const server = await serveInTurn(stream(numbered([meta]), true), problem(404, 'not_found'));
  const client = createClient({ url: server.url, key: 'k' });

  const events = collect(client.chat.stream({ message: 'How do I reset my badge?' }));

  await expect(events).rejects.toMatchObject({ code: 'not_found', status: 404 });
});

test('leaves out events of a kind that it does not know', async () => {
  const unknown = { id: '2', data: { type: 'weather', sun: true } };
  const server = await serveInTurn(
    stream([...numbered([meta]), unknown, ...numbered([failed], 3)]),
  );
  const client = createClient({ url: server.url, key: 'k' });

  const events = await collect(client.chat.stream({ message: 'How do I reset my badge?' }));

  expect(events).toEqual([meta, failed]);
});

test('leaving the loop closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const server = await serveInTurn((_, response) => {
    response.on('close', () => closed.resolve());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: 1\nevent: meta\ndata: ${JSON.stringify(meta)}\n\n`);
  });
  const client = createClient({ url: server.url, key: 'k' });

  for await (const _ of client.chat.stream({ message: 'How do I reset my badge?' })) break;

  await expect(closed.promise).resolves.toBeUndefined();
});

async function collect(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const all: ChatEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
