import { Message } from '@docent/contracts/chat';
import { Problem } from '@docent/contracts/common';
import { AppError } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import { fileDatabase } from '@docent/test/database';
import { type Script, scriptedChatModel } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Search } from '../search/interfaces.ts';
import { findMessage } from './messages.store.ts';
import { foundAlways, vacation, testChat as withDatabase } from './testChat.ts';

const database = fileDatabase();
const testChat = (options: Parameters<typeof withDatabase>[0] = {}) =>
  withDatabase({ database: database(), ...options });

const QUESTION = 'How many vacation days do employees have?';
const unavailable = new AppError('model_unavailable', 'The model is gone.');
const limited = new AppError('model_rate_limited', 'Too many requests.');

describe('a chat model that fails before its first word', () => {
  test.each<[string, Script, Record<string, string>?]>([
    ['is gone', [unavailable]],
    ['limits the rate', [limited]],
    ['breaks', [new Error('a bug')]],
    ['is silent', [{ waitMs: 600_000 }], { ANSWER_FIRST_TEXT_TIMEOUT_MS: '50' }],
    ['ends without a word', ['']],
    ['writes nothing but space', [' \n ']],
    ['fails while its first marker is held back', ['[1', unavailable]],
  ])('and %s gives way to quotes of the sources, which say so', async (_, script, env = {}) => {
    const chat = await testChat({ chatModel: scriptedChatModel(script), env });

    const { done, terminals, events, text, meta } = await chat.answer(QUESTION);

    expect(terminals).toBe(1);
    expect(meta?.answerer).toBe('generative');
    expect(done).toMatchObject({
      status: 'complete',
      outcome: 'answer',
      answerer: 'extractive',
      model: 'builtin:extractive',
      error: null,
    });
    expect(text).toContain('25 vacation days');
    const said = events.flatMap(({ event }) => (event.type === 'status' ? [event.text] : []));
    expect(said.at(-1)).toContain('quoted from the sources');
  });
});

describe('a chat model that fails in the middle', () => {
  const begun = 'Every employee has 25 vacation days [1]. Unused ';

  test.each<[string, string, Script, Record<string, string>?]>([
    ['is cut off', 'model_unavailable', [begun, unavailable]],
    ['is limited', 'model_rate_limited', [begun, limited]],
    ['stalls', 'model_timeout', [begun, { waitMs: 600_000 }], { ANSWER_TEXT_TIMEOUT_MS: '50' }],
    ['never ends', 'model_timeout', [begun, { waitMs: 600_000 }], { ANSWER_TIMEOUT_MS: '200' }],
    ['breaks', 'internal_error', [begun, new Error('secret detail')]],
  ])(
    '%s: the stream ends with %s, and what was said is kept',
    async (_, code, script, env = {}) => {
      const chat = await testChat({ chatModel: scriptedChatModel(script), env });

      const { error, terminals, text, meta, types } = await chat.answer(QUESTION);

      expect(terminals).toBe(1);
      expect(types.at(-1)).toBe('error');
      expect(error).toMatchObject({ code, partial: true });
      expect(error?.detail).not.toContain('secret');
      expect(await chat.json(Message, `/v1/messages/${meta?.messageId}`)).toMatchObject({
        text,
        status: 'incomplete',
        error: { code },
        confidence: null,
        sources: [{ number: 1, title: 'Vacation policy' }],
        citations: [{ number: 1, supported: true }],
      });
    },
  );

  test('is a problem for whoever waits for JSON', async () => {
    const chat = await testChat({ chatModel: scriptedChatModel([begun, unavailable]) });

    const response = await chat.send('POST', '/v1/chat', {
      body: { message: QUESTION },
      headers: { accept: 'application/json' },
    });

    expect(response.status).toBe(503);
    const problem = Problem.extend({ messageId: z.uuid() }).parse(await response.json());
    expect(problem).toMatchObject({ code: 'model_unavailable', partial: 'true' });
    expect(await chat.json(Message, `/v1/messages/${problem.messageId}`)).toMatchObject({
      status: 'incomplete',
    });
  });
});

test('a model that reaches its longest length has not finished', async () => {
  const model = scriptedChatModel([]);
  const chatModel = {
    ...model,
    async *stream() {
      yield { type: 'text' as const, text: 'Every employee has ' };
      yield { type: 'finish' as const, reason: 'length' as const };
    },
  };
  const chat = await testChat({ chatModel });

  const { error, text } = await chat.answer(QUESTION);

  expect(error).toMatchObject({ code: 'model_unavailable', partial: true });
  expect(text).toBe('Every employee has ');
});

describe('a search that fails', () => {
  test.each([
    ['database_unavailable', new AppError('database_unavailable', 'No answer.')],
    ['internal_error', new Error('a bug')],
  ])('ends the stream with %s', async (code, failure) => {
    const search: Search = () => Promise.reject(failure);
    const chat = await testChat({ search });

    const { error, terminals, types, meta } = await chat.answer(QUESTION);

    expect(types).toEqual(['meta', 'status', 'error']);
    expect(terminals).toBe(1);
    expect(error).toMatchObject({ code, partial: false });
    expect(await chat.json(Message, `/v1/messages/${meta?.messageId}`)).toMatchObject({
      status: 'incomplete',
      text: '',
      error: { code },
    });
  });
});

describe('a database that is gone when the answer is to be stored', () => {
  test('for a moment is not noticed', async () => {
    const flaky = failing(database());
    const chat = await testChat({ database: flaky.database, search: flaky.failsFrom(2) });

    const { done, terminals } = await chat.answer(QUESTION);

    expect(terminals).toBe(1);
    expect(await chat.json(Message, `/v1/messages/${done?.id}`)).toEqual(done);
  });

  test('for longer ends the stream with an error, and the answer is stored afterwards', async () => {
    const flaky = failing(database());
    const chat = await testChat({ database: flaky.database, search: flaky.failsFrom(4) });

    const { error, terminals, meta } = await chat.answer(QUESTION);
    // Stopping tries once more what waits to be stored.
    await chat.app.close();

    expect(terminals).toBe(1);
    expect(error).toMatchObject({ code: 'database_unavailable', partial: true, retryable: true });
    const stored = await database().withPrincipal(chat.principal, (tx) =>
      findMessage(tx, chat.principal, meta?.messageId ?? ''),
    );
    expect(stored).toMatchObject({ status: 'complete', outcome: 'answer', error: null });
  });

  test('for good ends the stream all the same, and says so in the log', async () => {
    const flaky = failing(database());
    const chat = await testChat({ database: flaky.database, search: flaky.failsFrom(99) });

    const { terminals, types } = await chat.answer(QUESTION);
    await chat.app.close();

    expect(terminals).toBe(1);
    expect(types.at(-1)).toBe('error');
    expect(chat.problems.map(({ message }) => message)).toContain('an answer was not stored');
  });

  /** A database that fails a number of writing transactions once the question is being searched. */
  function failing(real: Database) {
    let left = 0;
    const wrapped: Database = {
      ...real,
      close: async () => {},
      withPrincipal: async (principal, work, options) => {
        if (options?.readOnly !== true && left > 0) {
          left -= 1;
          throw new AppError('database_unavailable', 'The database does not answer.');
        }
        return real.withPrincipal(principal, work, options);
      },
    };
    const failsFrom = (times: number): Search => {
      const found = foundAlways([vacation]);
      return async (...call) => {
        left = times;
        return found(...call);
      };
    };
    return { database: wrapped, failsFrom };
  }
});
