import { Message } from '@docent/contracts/chat';
import { Problem, pageOf } from '@docent/contracts/common';
import { newId } from '@docent/core/ids';
import { fileDatabase } from '@docent/test/database';
import { scriptedChatModel } from '@docent/test/models';
import { AbstractChat, DefaultChatTransport, type UIMessage } from 'ai';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { all, testChat as withDatabase } from './testChat.ts';

const database = fileDatabase();
const testChat = (options: Parameters<typeof withDatabase>[0] = {}) =>
  withDatabase({ database: database(), ...options });

const QUESTION = 'How many vacation days do employees have?';
const ACCEPT = 'text/event-stream; protocol=ui-message-stream';
const model = () => scriptedChatModel(['Every employee has 25 vacation days [1].']);

describe('useChat of the AI SDK', () => {
  test('shows text, sources, confidence and the whole message', async () => {
    const { chat } = await open({ chatModel: model() });

    await chat.sendMessage({ text: QUESTION });

    const answer = chat.messages[1];
    const metadata = Message.parse(answer?.metadata);
    expect(chat.status).toBe('ready');
    expect(textOf(answer)).toBe('Every employee has 25 vacation days [1].');
    expect(answer?.id).toBe(metadata.id);
    expect(part(answer, 'source-document')).toMatchObject({
      title: 'Vacation policy',
      providerMetadata: {
        docent: { number: 1, version: 1, contentId: metadata.sources[0]?.contentId },
      },
    });
    expect(part(answer, 'data-confidence')).toMatchObject({ data: metadata.confidence });
    expect(part(answer, 'data-status')).toBeDefined();
    expect(metadata).toMatchObject({ status: 'complete', text: textOf(answer) });
  });

  test('keeps its conversation over several questions, under its own id', async () => {
    const { chat, test: service } = await open({ chatModel: model() });

    await chat.sendMessage({ text: QUESTION });
    await chat.sendMessage({ text: 'And do they expire?' });

    const [first, second] = [chat.messages[1], chat.messages[3]].map((message) =>
      Message.parse(message?.metadata),
    );
    const stored = await service.json(
      pageOf(Message),
      `/v1/conversations/${first?.conversationId}/messages`,
    );
    expect(second?.conversationId).toBe(first?.conversationId);
    expect(stored.items.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  test('goes on in a conversation of Docent’s when that is its id', async () => {
    const { connect, test: service } = await open({ chatModel: model() });
    const { done } = await service.answer(QUESTION);

    const chat = connect({ id: done?.conversationId ?? '' });
    await chat.sendMessage({ text: 'And do they expire?' });

    expect(Message.parse(chat.messages[1]?.metadata).conversationId).toBe(done?.conversationId);
  });

  test('makes a conversation of its own for an id that is somebody else’s', async () => {
    const { connect, test: service } = await open({ chatModel: model() });
    const { done } = await service.answer(QUESTION);
    const colleague = await service.person('learner');

    const chat = connect({ id: done?.conversationId ?? '', as: colleague });
    await chat.sendMessage({ text: QUESTION });
    await chat.resumeStream();

    const theirs = Message.parse(chat.messages[1]?.metadata).conversationId;
    expect(theirs).not.toBe(done?.conversationId);
    const path = `/v1/conversations/${done?.conversationId}/messages`;
    expect((await service.send('GET', path, { as: colleague })).status).toBe(404);
    expect((await service.json(pageOf(Message), path)).items).toHaveLength(2);
  });

  test('answers the last question anew in its place', async () => {
    const { chat, test: service } = await open({ chatModel: model() });

    await chat.sendMessage({ text: QUESTION });
    const before = Message.parse(chat.messages[1]?.metadata);
    await chat.regenerate();

    const after = Message.parse(chat.messages[1]?.metadata);
    const path = `/v1/conversations/${after.conversationId}/messages`;
    const stored = await service.json(pageOf(Message), path);
    expect(after.id).not.toBe(before.id);
    expect(stored.items.map(({ role, text }) => [role, text])).toEqual([
      ['user', QUESTION],
      ['assistant', after.text],
    ]);
  });

  test('is told why an answer broke off, and keeps what came', async () => {
    const broken = scriptedChatModel(['Every employee has 25 ', new Error('gone')]);
    const { chat } = await open({ chatModel: broken });

    await chat.sendMessage({ text: QUESTION });

    expect(chat.status).toBe('error');
    expect(chat.error?.message).toBe('The answer could not be finished.');
    expect(textOf(chat.messages[1])).toContain('Every employee');
    expect(part(chat.messages[1], 'data-error')).toMatchObject({ data: { partial: true } });
  });

  test('is told by a problem what was wrong with the request', async () => {
    const { chat } = await open({ chatModel: model() });

    await chat.sendMessage({ text: ' ' });

    expect(chat.error?.message).toContain('1 to 8000 characters');
  });

  test('resumes an answer after its page was loaded anew', async () => {
    const gate = Promise.withResolvers<void>();
    const { connect } = await open({ chatModel: gated(gate.promise) });
    const lost = connect({ id: 'a-chat', cutAfter: 'text-delta' });
    await lost.sendMessage({ text: QUESTION });

    const again = connect({ id: 'a-chat', messages: lost.messages.slice(0, 1) });
    const resumed = again.resumeStream();
    await vi.waitFor(() => expect(textOf(again.messages[1])).not.toBe(''));
    gate.resolve();
    await resumed;

    expect(textOf(again.messages[1])).toBe(
      'Every employee has 25 vacation days [1]. Unused days expire on 31 March [1].',
    );
    expect(again.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  test('has nothing to resume when nothing runs, or the answer is somebody else’s', async () => {
    const gate = Promise.withResolvers<void>();
    const { connect, test: service } = await open({ chatModel: gated(gate.promise) });
    const mine = connect({ id: 'a-chat', cutAfter: 'data-meta' });
    await mine.sendMessage({ text: QUESTION });
    const colleague = await service.person('admin');

    for (const [id, as] of [
      ['another-chat', service],
      [newId(), service],
      ['a-chat', colleague],
    ] as const) {
      const response = await service.send('GET', `/v1/chat/${id}/stream`, { as });
      expect(response.status).toBe(204);
    }
    gate.resolve();
  });

  async function open(options: Parameters<typeof testChat>[0]) {
    const test = await testChat(options);
    const connect = ({
      id,
      as = test,
      messages = [],
      cutAfter,
    }: {
      id: string;
      as?: { key: string };
      messages?: UIMessage[];
      cutAfter?: string;
    }) => {
      const transport = new DefaultChatTransport<UIMessage>({
        api: `${test.url}/v1/chat`,
        headers: { authorization: `Bearer ${as.key}` },
        ...(cutAfter ? { fetch: cutting(cutAfter) } : {}),
      });
      return new Chat({ id, transport, state: stateOf(messages) });
    };
    return { test, connect, chat: connect({ id: 'a-chat' }) };
  }
});

describe('the UI stream by its media type', () => {
  test('is what the same request gets that names it, with its header', async () => {
    const chat = await testChat();

    const response = await chat.send('POST', '/v1/chat', {
      body: { message: QUESTION },
      headers: { accept: ACCEPT },
    });

    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    const parts = await partsOf(response);
    expect(parts[0]?.data).toContain('"type":"start"');
    expect(parts.at(-1)?.data).toBe('[DONE]');
  });

  test('goes on after the part that was seen last, and says when that was the end', async () => {
    const chat = await testChat();
    const asking = await chat.send('POST', '/v1/chat', {
      body: { message: QUESTION },
      headers: { accept: ACCEPT },
    });
    const whole = await partsOf(asking);
    const { streamId } = Meta.parse(JSON.parse(whole[2]?.data ?? '')).data;
    const resume = (id: string | undefined) =>
      chat.send('GET', `/v1/chat/streams/${streamId}`, {
        headers: { accept: ACCEPT, 'last-event-id': id ?? '' },
      });

    const rest = await partsOf(await resume(whole[4]?.id));
    const nothing = await resume(whole.at(-1)?.id);

    expect(rest).toEqual(whole.slice(5));
    expect(nothing.status).toBe(204);
  });

  test('refuses a message that holds both shapes, and files', async () => {
    const chat = await testChat();
    const user = { role: 'user', parts: [{ type: 'text', text: QUESTION }] };
    const file = { type: 'file', mediaType: 'text/plain', url: 'data:,x' };
    const bodies = [
      { id: 'a', messages: [user], message: QUESTION },
      { id: 'a', messages: [{ ...user, parts: [...user.parts, file] }] },
      { id: 'a', messages: [{ ...user, role: 'assistant' }] },
      { id: 'a', messages: [] },
      { id: '', messages: [user] },
    ];

    for (const body of bodies) {
      expect((await chat.send('POST', '/v1/chat', { body })).status).toBe(400);
    }
    const neither = await chat.send('POST', '/v1/chat', { body: {} });
    expect(Problem.parse(await neither.json()).detail).toContain('needs `message`');
  });
});

describe('replacing an answer', () => {
  test('removes it, its question and what followed', async () => {
    const chat = await testChat({ chatModel: model() });
    const { done: first } = await chat.answer(QUESTION);
    const conversationId = first?.conversationId ?? '';
    const { done: second } = await chat.answer('And do they expire?', { conversationId });
    await chat.answer('And then?', { conversationId });

    const body = { conversationId, message: 'Do they expire?', replaces: second?.id };
    await all(asStream(await chat.send('POST', '/v1/chat', { body })));

    const stored = await chat.json(pageOf(Message), `/v1/conversations/${conversationId}/messages`);
    expect(stored.items.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual([
      QUESTION,
      'Do they expire?',
    ]);
  });

  test('of another conversation, or of somebody else, is not found and removes nothing', async () => {
    const chat = await testChat({ chatModel: model() });
    const { done: mine } = await chat.answer(QUESTION);
    const { done: other } = await chat.answer(QUESTION);
    const colleague = await chat.person('admin');

    const body = { conversationId: other?.conversationId, message: 'x', replaces: mine?.id };
    const statuses = [
      (await chat.send('POST', '/v1/chat', { body })).status,
      (await chat.send('POST', '/v1/chat', { body, as: colleague })).status,
      (await chat.send('POST', '/v1/chat', { body: { message: 'x', replaces: mine?.id } })).status,
    ];

    expect(statuses).toEqual([404, 404, 404]);
    expect((await chat.send('GET', `/v1/messages/${mine?.id}`)).status).toBe(200);
  });
});

const Meta = z.object({ data: z.object({ streamId: z.string() }) });

/** What `useChat` is without its framework. */
class Chat extends AbstractChat<UIMessage> {}

function stateOf(messages: UIMessage[]): ConstructorParameters<typeof Chat>[0]['state'] {
  return {
    status: 'ready',
    error: undefined,
    messages: [...messages],
    pushMessage(message) {
      this.messages = [...this.messages, message];
    },
    popMessage() {
      this.messages = this.messages.slice(0, -1);
    },
    replaceMessage(index, message) {
      this.messages = this.messages.with(index, message);
    },
    snapshot: (thing) => structuredClone(thing),
  };
}

/** A fetch whose response ends, as a lost connection does, after the first part of a type. */
function cutting(type: string): typeof fetch {
  return async (input, init) => {
    const leaving = new AbortController();
    const response = await fetch(input, { ...init, signal: leaving.signal });
    const lines = response.body?.pipeThrough(new TextDecoderStream());
    const body = new ReadableStream({
      async start(controller) {
        for await (const text of lines ?? []) {
          controller.enqueue(new TextEncoder().encode(text));
          if (text.includes(`"type":"${type}"`)) break;
        }
        controller.close();
        leaving.abort();
      },
    });
    return new Response(body, response);
  };
}

/** A model that goes on when it is told to. */
function gated(gate: Promise<void>) {
  return {
    id: 'fake:gated',
    async *stream() {
      yield { type: 'text' as const, text: 'Every employee has 25 vacation days [1]. ' };
      await gate;
      yield { type: 'text' as const, text: 'Unused days expire on 31 March [1].' };
    },
  };
}

function textOf(message: UIMessage | undefined): string {
  return (message?.parts ?? []).map((one) => (one.type === 'text' ? one.text : '')).join('');
}

function part(message: UIMessage | undefined, type: string): unknown {
  return message?.parts.find((one) => one.type === type);
}

async function* asStream(response: Response) {
  if (response.body === null) return;
  yield* response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
}

async function partsOf(response: Response) {
  const parts = await all(asStream(response));
  return parts.map(({ id, data }) => ({ id, data }));
}
