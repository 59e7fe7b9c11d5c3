import { Conversation, Feedback, Message } from '@docent/contracts/chat';
import { pageOf } from '@docent/contracts/common';
import { newId } from '@docent/core/ids';
import { many, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { titleOf } from './exchange.ts';
import { testChat as withDatabase } from './testChat.ts';

const MessagePage = pageOf(Message);
const ConversationPage = pageOf(Conversation);
const database = fileDatabase();
const testChat = () => withDatabase({ database: database() });
type Chat = Awaited<ReturnType<typeof testChat>>;

const QUESTION = 'How many vacation days do employees have?';

test('history has the very message that the stream ended with', async () => {
  const chat = await testChat();

  const { done, meta } = await chat.answer(QUESTION);

  const { items, nextCursor } = await chat.json(
    MessagePage,
    `/v1/conversations/${done?.conversationId}/messages`,
  );
  expect(items).toHaveLength(2);
  expect(items[0]).toMatchObject({ id: meta?.userMessageId, role: 'user', text: QUESTION });
  expect(items[1]).toEqual(done);
  expect(await chat.json(Message, `/v1/messages/${done?.id}`)).toEqual(done);
  expect(nextCursor).toBeNull();
  expect(done?.confidence?.value).toBeGreaterThan(0);
  expect(done?.processingMs).toBeGreaterThanOrEqual(0);
});

test('every answer is counted once, without what was asked', async () => {
  const chat = await testChat();

  const { done } = await chat.answer(QUESTION);

  const { orgId } = chat.principal;
  const rows = await database().withPrincipal(chat.principal, (tx) =>
    many(
      tx,
      z.object({ user_id: z.uuid(), metadata: z.record(z.string(), z.unknown()) }),
      sql`
        select user_id, metadata
          from docent.analytics_events
         where org_id = ${orgId}
           and event_type = 'chat_message'`,
    ),
  );
  expect(rows).toEqual([
    {
      user_id: chat.principal.userId,
      metadata: {
        conversationId: done?.conversationId,
        messageId: done?.id,
        status: 'complete',
        outcome: 'answer',
        confidence: done?.confidence?.value,
        answerer: 'extractive',
        model: 'builtin:extractive',
        processingMs: done?.processingMs,
      },
    },
  ]);
  expect(JSON.stringify(rows)).not.toContain('vacation');
});

describe('conversations', () => {
  test('are listed last used first, page by page, each once', async () => {
    const chat = await testChat();
    const ids: string[] = [];
    for (const message of ['First question', 'Second question', 'Third question']) {
      ids.push((await chat.answer(message)).done?.conversationId ?? '');
    }
    await chat.answer('And this one?', { conversationId: ids[0] ?? '' });

    const one = await chat.json(ConversationPage, '/v1/conversations?limit=2');
    const two = await chat.json(
      ConversationPage,
      `/v1/conversations?limit=2&cursor=${one.nextCursor}`,
    );

    const seen = [...one.items, ...two.items].map(({ id }) => id);
    expect(seen).toEqual([ids[0], ids[2], ids[1]]);
    expect(two.nextCursor).toBeNull();
    expect(one.items[0]).toMatchObject({ title: 'First question', messageCount: 4 });
  });

  test('are found by words of their title and their messages', async () => {
    const chat = await testChat();
    await chat.answer('Where do I park 100%_ of the time?');
    await chat.answer(QUESTION);

    const titles = async (q: string) =>
      (await chat.json(ConversationPage, `/v1/conversations?q=${encodeURIComponent(q)}`)).items.map(
        ({ title }) => title,
      );

    expect(await titles('PARK')).toEqual(['Where do I park 100%_ of the time?']);
    expect(await titles('EVERY employee has 25')).toContain(QUESTION);
    expect(await titles('100%_')).toEqual(['Where do I park 100%_ of the time?']);
    expect(await titles('%')).toHaveLength(1);
    expect(await titles('nothing of it')).toEqual([]);
  });

  test('are renamed and deleted', async () => {
    const chat = await testChat();
    const { done } = await chat.answer(QUESTION);
    const path = `/v1/conversations/${done?.conversationId}`;

    const renamed = await chat.send('PATCH', path, { body: { title: '  Vacation  ' } });
    const empty = await chat.send('PATCH', path, { body: { title: ' ' } });
    const read = await chat.json(Conversation, path);
    const deleted = await chat.send('DELETE', path);

    expect(await renamed.json()).toMatchObject({ title: 'Vacation' });
    expect(empty.status).toBe(400);
    expect(read).toMatchObject({ title: 'Vacation', messageCount: 2 });
    expect(deleted.status).toBe(204);
    expect((await chat.send('GET', path)).status).toBe(404);
    expect((await chat.send('GET', `/v1/messages/${done?.id}`)).status).toBe(404);
  });

  test('of other people do not exist', async () => {
    const chat = await testChat();
    const { done } = await chat.answer(QUESTION);
    const colleague = await chat.person('admin');
    const stranger = await chat.secondOrganization();
    const id = done?.conversationId ?? '';

    for (const as of [colleague, stranger]) {
      const answers = await Promise.all([
        chat.send('GET', `/v1/conversations/${id}`, { as }),
        chat.send('GET', `/v1/conversations/${id}/messages`, { as }),
        chat.send('PATCH', `/v1/conversations/${id}`, { as, body: { title: 'Mine' } }),
        chat.send('DELETE', `/v1/conversations/${id}`, { as }),
        chat.send('GET', `/v1/messages/${done?.id}`, { as }),
        chat.send('PUT', `/v1/messages/${done?.id}/feedback`, { as, body: { rating: 'up' } }),
        chat.send('DELETE', `/v1/messages/${done?.id}/feedback`, { as }),
        chat.send('POST', '/v1/chat', { as, body: { conversationId: id, message: 'Hm?' } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
      expect((await chat.json(ConversationPage, '/v1/conversations', { as })).items).toEqual([]);
    }
    expect(await chat.json(Conversation, `/v1/conversations/${id}`)).toMatchObject({
      messageCount: 2,
    });
  });

  test.each(['x', Buffer.from('{"id":"1"}').toString('base64url'), '%00'])(
    'refuse the cursor %s',
    async (cursor) => {
      const chat = await testChat();
      const { done } = await chat.answer(QUESTION);
      const messages = `/v1/conversations/${done?.conversationId}/messages`;

      for (const path of ['/v1/conversations', messages]) {
        const response = await chat.send('GET', `${path}?cursor=${cursor}`);
        expect(response.status).toBe(400);
      }
    },
  );

  test('give their messages page by page, oldest first', async () => {
    const chat = await testChat();
    const { done } = await chat.answer('One');
    await chat.answer('Two', { conversationId: done?.conversationId ?? '' });
    const path = `/v1/conversations/${done?.conversationId}/messages`;

    const one = await chat.json(MessagePage, `${path}?limit=3`);
    const two = await chat.json(MessagePage, `${path}?limit=3&cursor=${one.nextCursor}`);

    const texts = [...one.items, ...two.items].map(({ role, text }) =>
      role === 'user' ? text : role,
    );
    expect(texts).toEqual(['One', 'assistant', 'Two', 'assistant']);
    expect(two.nextCursor).toBeNull();
  });
});

describe('feedback', () => {
  const rate = (chat: Chat, id: string | undefined, body: unknown) =>
    chat.send('PUT', `/v1/messages/${id}/feedback`, { body });

  test('is shown with the message, replaced by a later one, and taken back', async () => {
    const chat = await testChat();
    const { done } = await chat.answer(QUESTION);
    const shown = async () => (await chat.json(Message, `/v1/messages/${done?.id}`)).feedback;

    const first = await rate(chat, done?.id, { rating: 'up' });
    const afterFirst = await shown();
    await rate(chat, done?.id, { rating: 'down', reason: 'outdated', comment: 'It is 30 now.' });
    const afterSecond = await shown();
    const back = await chat.send('DELETE', `/v1/messages/${done?.id}/feedback`);

    expect(first.status).toBe(204);
    expect([afterFirst, afterSecond, await shown()]).toEqual(['up', 'down', null]);
    expect(back.status).toBe(204);
  });

  test('is listed for its author, newest first, page by page, and for nobody else', async () => {
    const chat = await testChat();
    const { done: one } = await chat.answer(QUESTION);
    const { done: two } = await chat.answer('When do vacation days expire?');
    await rate(chat, one?.id, { rating: 'down', reason: 'outdated', comment: 'It is 30 now.' });
    await rate(chat, two?.id, { rating: 'up' });

    const first = await chat.json(pageOf(Feedback), '/v1/feedback?limit=1');
    const second = await chat.json(
      pageOf(Feedback),
      `/v1/feedback?limit=1&cursor=${first.nextCursor}`,
    );
    const others = await chat.json(pageOf(Feedback), '/v1/feedback', {
      as: await chat.person('admin'),
    });

    expect(first.items).toMatchObject([{ messageId: two?.id, rating: 'up', comment: null }]);
    expect(second.items).toMatchObject([
      {
        messageId: one?.id,
        conversationId: one?.conversationId,
        rating: 'down',
        reason: 'outdated',
        comment: 'It is 30 now.',
      },
    ]);
    expect(second.nextCursor).toBeNull();
    expect(others.items).toEqual([]);
  });

  test('is refused for questions, for other ratings and for messages that do not exist', async () => {
    const chat = await testChat();
    const { meta, done } = await chat.answer(QUESTION);

    expect((await rate(chat, meta?.userMessageId, { rating: 'up' })).status).toBe(400);
    expect((await rate(chat, done?.id, { rating: 'great' })).status).toBe(400);
    expect((await rate(chat, newId(), { rating: 'up' })).status).toBe(404);
  });
});

test.each([
  ['  How\n many\tdays? ', 'How many days?'],
  [`${'word '.repeat(40)}`, `${'word '.repeat(16).trim()}…`],
  ['x'.repeat(200), `${'x'.repeat(80)}…`],
  [`${'x'.repeat(79)}😀😀`, `${'x'.repeat(79)}…`],
])('a title is one line, cut at a word: %j', (message, title) => {
  expect(titleOf(message)).toBe(title);
});
