import { setTimeout as pause } from 'node:timers/promises';
import { memoryCache } from '@docent/cache/memory';
import { Conversation, Message } from '@docent/contracts/chat';
import { pageOf } from '@docent/contracts/common';
import { newId } from '@docent/core/ids';
import { run, sql } from '@docent/database/sql';
import { testCache } from '@docent/test/cache';
import { fileDatabase } from '@docent/test/database';
import { scriptedChatModel } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { insertConversation } from './conversations.store.ts';
import { insertExchange } from './messages.store.ts';
import { all, eventsOf, type SeenEvent, summary, testChat as withDatabase } from './testChat.ts';

const MessagePage = pageOf(Message);
const ConversationPage = pageOf(Conversation);
const database = fileDatabase();
const testChat = (options: Parameters<typeof withDatabase>[0] = {}) =>
  withDatabase({ database: database(), ...options });

const QUESTION = 'How many vacation days do employees have?';

/** A model that goes on when it is told to. */
function gatedModel() {
  const gate = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const model = {
    id: 'fake:gated',
    async *stream(_: unknown, { signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => ended.resolve(), { once: true });
      yield { type: 'text' as const, text: 'Every employee has 25 vacation days [1]. ' };
      await Promise.race([gate.promise, ended.promise]);
      signal.throwIfAborted();
      yield { type: 'text' as const, text: 'Unused days expire on 31 March [1].' };
    },
  };
  return { model, goOn: gate.resolve, aborted: ended.promise };
}

/** Reads up to and with the first event of this type. */
async function readTo(events: AsyncGenerator<SeenEvent>, type: string): Promise<SeenEvent[]> {
  const read: SeenEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`the stream ended before ${type}`);
    read.push(value);
    if (value.event.type === type) return read;
  }
}

function streamIdOf([first]: readonly SeenEvent[]): string {
  if (first?.event.type !== 'meta') throw new Error('a stream begins with meta');
  return first.event.streamId;
}

describe('a reader who lost the connection', () => {
  test('gets exactly the missed events and the rest', async () => {
    const { model, goOn } = gatedModel();
    const chat = await testChat({ chatModel: model });
    const leaving = new AbortController();
    const first = await readTo(await chat.ask(QUESTION, { signal: leaving.signal }), 'delta');
    leaving.abort();
    const path = `/v1/chat/streams/${streamIdOf(first)}`;

    const resuming = await chat.send('GET', path, {
      headers: { 'last-event-id': first.at(-1)?.id ?? '' },
    });
    goOn();
    const rest = await all(eventsOf(resuming));
    const whole = await all(eventsOf(await chat.send('GET', path)));

    expect([...first, ...rest]).toEqual(whole);
    expect(summary(whole).terminals).toBe(1);
    expect(whole.map(({ id }) => id)).toEqual(whole.map((_, index) => String(index + 1)));
    expect(summary(whole).done?.text).toBe(summary(whole).text);
  });

  test('may name the last event in the address, and is told at the end that there is nothing more', async () => {
    const chat = await testChat();
    const { events } = await chat.answer(QUESTION);
    const path = `/v1/chat/streams/${streamIdOf(events)}`;

    const rest = await all(eventsOf(await chat.send('GET', `${path}?lastEventId=2`)));
    const nothing = await chat.send('GET', `${path}?lastEventId=${events.at(-1)?.id}`);

    expect(rest).toEqual(events.slice(2));
    expect(nothing.status).toBe(204);
  });

  test('gets the stored message when the events are not kept any more', async () => {
    const first = await testChat();
    const { events, done } = await first.answer(QUESTION);
    const later = await testChat({ cache: memoryCache() });

    const response = await later.send('GET', `/v1/chat/streams/${streamIdOf(events)}`, {
      as: first,
      headers: { 'last-event-id': '2' },
    });

    expect(await all(eventsOf(response))).toEqual([
      { id: undefined, event: { type: 'done', message: done } },
    ]);
  });

  test('cannot read the stream of somebody else, or stop it', async () => {
    const { model, goOn } = gatedModel();
    const chat = await testChat({ chatModel: model });
    const asking = await chat.ask(QUESTION);
    const path = `/v1/chat/streams/${streamIdOf(await readTo(asking, 'meta'))}`;
    const colleague = await chat.person('admin');
    const stranger = await chat.secondOrganization();

    for (const as of [colleague, stranger]) {
      expect((await chat.send('GET', path, { as })).status).toBe(404);
      expect((await chat.send('POST', `${path}/stop`, { as })).status).toBe(404);
    }
    goOn();
    expect(summary(await all(asking)).done?.status).toBe('complete');
    expect((await chat.send('GET', `/v1/chat/streams/${newId()}`)).status).toBe(404);
    expect((await chat.send('GET', `${path}?lastEventId=x`)).status).toBe(400);
  });
});

describe('stopping', () => {
  test('ends the model’s work, keeps what was written, and ends the stream with done', async () => {
    const { model, aborted } = gatedModel();
    const chat = await testChat({ chatModel: model });
    const asking = await chat.ask(QUESTION);
    const begun = await readTo(asking, 'delta');

    const stopped = await chat.send('POST', `/v1/chat/streams/${streamIdOf(begun)}/stop`);
    const { done, terminals } = summary([...begun, ...(await all(asking))]);

    await aborted;
    expect(terminals).toBe(1);
    expect(done?.status).toBe('stopped');
    expect('Every employee has 25 vacation days [1]. '.startsWith(done?.text ?? 'x')).toBe(true);
    expect(await stopped.json()).toEqual(done);
  });

  test('a second time, or too late, changes nothing', async () => {
    const chat = await testChat();
    const { done } = await chat.answer(QUESTION);

    const response = await chat.send('POST', `/v1/chat/streams/${done?.streamId}/stop`);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(done);
  });

  test('happens by itself when nobody came back in the grace time', async () => {
    const { model, aborted } = gatedModel();
    const chat = await testChat({ chatModel: model, env: { STREAM_GRACE_SECONDS: '0.2' } });
    const leaving = new AbortController();
    const asking = await chat.ask(QUESTION, { signal: leaving.signal });
    const begun = await readTo(asking, 'delta');

    leaving.abort();
    await aborted;

    const events = await all(
      eventsOf(await chat.send('GET', `/v1/chat/streams/${streamIdOf(begun)}`)),
    );
    expect(summary(events)).toMatchObject({ terminals: 1, done: { status: 'stopped' } });
  });

  test('does not happen while somebody reads, however long it takes', async () => {
    const { model, goOn } = gatedModel();
    const chat = await testChat({ chatModel: model, env: { STREAM_GRACE_SECONDS: '0.1' } });
    const asking = await chat.ask(QUESTION);
    const begun = await readTo(asking, 'delta');

    // Several times the grace.
    await pause(600);
    goOn();

    expect(summary([...begun, ...(await all(asking))]).done?.status).toBe('complete');
  });
});

test('a reader on another process keeps an answer going', async () => {
  const [cache, env] = [await testCache(), { STREAM_GRACE_SECONDS: '0.2' }];
  const { model, goOn } = gatedModel();
  const writing = await testChat({ chatModel: model, cache, env });
  const other = await testChat({ cache: cache.kind === 'redis' ? await testCache() : cache, env });
  const leaving = new AbortController();
  const begun = await readTo(await writing.ask(QUESTION, { signal: leaving.signal }), 'delta');
  const path = `/v1/chat/streams/${streamIdOf(begun)}`;
  const reading = eventsOf(await other.send('GET', path, { as: writing }));
  await readTo(reading, 'delta');

  leaving.abort();
  // Several times the grace.
  await pause(800);
  goOn();

  expect(summary(await all(reading)).done?.status).toBe('complete');
});

test('deleting the conversation ends an answer that is being written', async () => {
  const { model, aborted } = gatedModel();
  const chat = await testChat({ chatModel: model });
  const asking = await chat.ask(QUESTION);
  const begun = await readTo(asking, 'delta');
  const { meta } = summary(begun);

  const deleted = await chat.send('DELETE', `/v1/conversations/${meta?.conversationId}`);
  const { error, terminals } = summary([...begun, ...(await all(asking))]);

  await aborted;
  expect(deleted.status).toBe(204);
  expect(terminals).toBe(1);
  expect(error?.code).toBe('not_found');
});

describe('an Idempotency-Key', () => {
  test('sent again gives the same answer from its beginning, and asks nothing twice', async () => {
    const chatModel = scriptedChatModel(['You have 25 vacation days [1].']);
    const chat = await testChat({ chatModel });
    const headers = { 'idempotency-key': newId() };
    const first = await chat.answer(QUESTION, { headers });

    const again = await chat.send('POST', '/v1/chat', { body: { message: QUESTION }, headers });
    const asJson = await chat.send('POST', '/v1/chat', {
      body: { message: QUESTION },
      headers: { ...headers, accept: 'application/json' },
    });

    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await all(eventsOf(again))).toEqual(first.events);
    expect(await asJson.json()).toEqual(first.done);
    expect(chatModel.calls).toHaveLength(1);
    const { items } = await chat.json(ConversationPage, '/v1/conversations');
    expect(items).toHaveLength(1);
  });

  test('attaches to an answer that is still being written', async () => {
    const { model, goOn } = gatedModel();
    const chat = await testChat({ chatModel: model });
    const headers = { 'idempotency-key': newId() };
    const asking = await chat.ask(QUESTION, { headers });
    const begun = await readTo(asking, 'delta');

    const again = await chat.ask(QUESTION, { headers });
    goOn();
    const [one, other] = await Promise.all([all(asking), all(again)]);

    expect(other).toEqual([...begun, ...one]);
  });

  test('is refused for another question', async () => {
    const chat = await testChat();
    const headers = { 'idempotency-key': newId() };
    await chat.answer(QUESTION, { headers });

    const response = await chat.send('POST', '/v1/chat', { body: { message: 'Other?' }, headers });

    expect(response.status).toBe(422);
  });
});

describe('when the service stops', () => {
  test('a running answer that does not end in time gets its last event, and is stored', async () => {
    const { model } = gatedModel();
    const chat = await testChat({ chatModel: model, env: { STREAM_DRAIN_SECONDS: '0.05' } });
    const asking = await chat.ask(QUESTION);
    const begun = await readTo(asking, 'delta');

    const closing = chat.app.close();
    const { error, terminals, meta } = summary([...begun, ...(await all(asking))]);
    await closing;

    expect(terminals).toBe(1);
    expect(error).toMatchObject({ code: 'shutting_down', retryable: true, partial: true });
    const next = await testChat();
    expect(await next.json(Message, `/v1/messages/${meta?.messageId}`, { as: chat })).toMatchObject(
      {
        status: 'incomplete',
        error: { code: 'shutting_down' },
      },
    );
  });

  test('one that ends in time is complete', async () => {
    const { model, goOn } = gatedModel();
    const chat = await testChat({ chatModel: model });
    const asking = await chat.ask(QUESTION);
    const begun = await readTo(asking, 'delta');

    const closing = chat.app.close();
    goOn();
    const { done, terminals } = summary([...begun, ...(await all(asking))]);
    await closing;

    expect(terminals).toBe(1);
    expect(done?.status).toBe('complete');
  });
});

test('an answer whose process is gone is shown as cut off', async () => {
  const chat = await testChat();
  const { principal } = chat;
  const exchange = {
    conversationId: newId(),
    userMessageId: newId(),
    messageId: newId(),
    streamId: newId(),
  };
  await database().withPrincipal(principal, async (tx) => {
    await insertConversation(tx, principal, { id: exchange.conversationId, title: 'Lost' });
    await insertExchange(tx, principal, { ...exchange, text: QUESTION });
    await run(
      tx,
      sql`
        update docent.messages
           set created_at = now() - interval '1 minute'
         where org_id = ${principal.orgId}
           and id = ${exchange.messageId}`,
    );
  });

  const { items } = await chat.json(
    MessagePage,
    `/v1/conversations/${exchange.conversationId}/messages`,
  );
  const stream = await all(
    eventsOf(await chat.send('GET', `/v1/chat/streams/${exchange.streamId}`)),
  );

  expect(items[1]).toMatchObject({ status: 'incomplete', error: { code: 'stream_interrupted' } });
  expect(stream.map(({ event }) => event)).toEqual([{ type: 'done', message: items[1] }]);
});
