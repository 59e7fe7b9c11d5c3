import { type Fault, type ModelServer, modelServer } from '@docent/test/models';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { ChatPart } from './interfaces.ts';
import { openOpenAiChatModel } from './openaiChat.ts';
import { openOpenAiEmbedder, reopenOpenAiEmbedder } from './openaiEmbedder.ts';

const KEY = 'SECRET-KEY';
const TURNS = [{ role: 'user', content: 'SECRET-PROMPT' }] as const;

describe('chat model', () => {
  test('streams the text, how it finished and what it used', async () => {
    const server = await modelServer({ reply: 'Ownership is a discipline.' });

    const parts = await collect(chatModel(server));

    expect(textOf(parts)).toBe('Ownership is a discipline.');
    expect(parts.slice(-2)).toEqual([
      { type: 'finish', reason: 'stop' },
      { type: 'usage', promptTokens: 11, completionTokens: 7 },
    ]);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: { model: 'writer', stream_options: { include_usage: true }, messages: TURNS },
    });
  });

  test.each([
    { status: 408 },
    { status: 409 },
    { status: 429, retryAfter: '0' },
    { status: 500 },
    { status: 503, retryAfter: 'garbage' },
    { kind: 'cut', afterTokens: 0 } as const,
  ] satisfies Fault[])('tries again before anything was said: %j', async (fault) => {
    const server = await modelServer({ reply: 'second try' });
    server.script(fault);

    const parts = await collect(chatModel(server));

    expect(textOf(parts)).toBe('second try');
    expect(server.requests).toHaveLength(2);
  });

  test.each([400, 401, 403, 404, 422])('does not try again after HTTP %i', async (status) => {
    const server = await modelServer();
    server.script({ status });

    const reading = collect(chatModel(server));

    await expect(reading).rejects.toMatchObject({ code: 'model_unavailable', details: { status } });
    expect(server.requests).toHaveLength(1);
  });

  test('gives up after two more tries', async () => {
    const server = await modelServer();
    server.script({ status: 500 }, { status: 502 }, { status: 503 }, null);

    const reading = collect(chatModel(server));

    await expect(reading).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(server.requests).toHaveLength(3);
  });

  test.each(['120', new Date(Date.now() + 3_600_000).toUTCString()])(
    'does not wait for a Retry-After beyond the deadline: %s',
    async (retryAfter) => {
      const server = await modelServer();
      server.script({ status: 429, retryAfter });

      const reading = collect(chatModel(server));

      await expect(reading).rejects.toMatchObject({ code: 'model_rate_limited' });
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a used-up quota is not tried again', async () => {
    const server = await modelServer();
    server.script({ status: 429, code: 'insufficient_quota' });

    await expect(collect(chatModel(server))).rejects.toMatchObject({ code: 'model_rate_limited' });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    { kind: 'cut', afterTokens: 2 },
    { kind: 'cut', afterTokens: 2, politely: true },
    { kind: 'malformed event', afterTokens: 2 },
  ] as const)(
    'a stream that breaks after its first words is never tried again: %j',
    async (fault) => {
      const server = await modelServer({ reply: 'one two three four' });
      server.script(fault);
      const parts: ChatPart[] = [];

      const reading = collect(chatModel(server), parts);

      await expect(reading).rejects.toMatchObject({ code: 'model_unavailable' });
      expect(textOf(parts)).toBe('one two ');
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a model without a first word in time is left, and its request closed', async () => {
    const server = await modelServer();
    server.script({ kind: 'silent' });

    const reading = collect(chatModel(server, { firstTokenTimeoutMs: 100 }));

    await expect(reading).rejects.toMatchObject({ code: 'model_timeout' });
    expect(server.requests).toHaveLength(1);
    expect(await server.requests[0]?.aborted).toBe(true);
  });

  test('a slow first word within its time is waited for', async () => {
    const server = await modelServer({ reply: 'late but fine' });
    server.script({ kind: 'slow first token', ms: 150 });

    expect(textOf(await collect(chatModel(server)))).toBe('late but fine');
  });

  test('a pause in the middle that is too long ends the stream with a timeout', async () => {
    const server = await modelServer({ reply: 'one two three' });
    server.script({ kind: 'stall', afterTokens: 1 });
    const parts: ChatPart[] = [];

    const reading = collect(chatModel(server, { tokenTimeoutMs: 100 }), parts);

    await expect(reading).rejects.toMatchObject({ code: 'model_timeout' });
    expect(textOf(parts)).toBe('one ');
    expect(await server.requests[0]?.aborted).toBe(true);
  });

  test('the deadline ends a stream, however lively', async () => {
    const server = await modelServer();
    server.script({ kind: 'stall', afterTokens: 1 });

    const reading = collect(chatModel(server, { timeoutMs: 150 }));

    await expect(reading).rejects.toMatchObject({ code: 'model_timeout' });
  });

  test('an abort closes the provider’s request and is not disguised', async () => {
    const server = await modelServer();
    server.script({ kind: 'stall', afterTokens: 1 });
    const controller = new AbortController();
    const reason = new Error('the reader left');

    const reading = (async () => {
      for await (const _ of chatModel(server).stream(TURNS, { signal: controller.signal })) {
        controller.abort(reason);
      }
    })();

    await expect(reading).rejects.toBe(reason);
    expect(await server.requests[0]?.aborted).toBe(true);
  });

  test('a consumer that stops reading closes the provider’s request', async () => {
    const server = await modelServer();
    server.script({ kind: 'stall', afterTokens: 1 });

    for await (const part of chatModel(server).stream(TURNS, { signal: never() })) {
      if (part.type === 'text') break;
    }

    expect(await server.requests[0]?.aborted).toBe(true);
  });

  test.each(['length', 'content_filter'] as const)(
    'tells that the answer ended by %s',
    async (reason) => {
      const server = await modelServer();
      server.script({ kind: 'finish', reason });

      expect(await collect(chatModel(server))).toContainEqual({ type: 'finish', reason });
    },
  );

  test('needs neither [DONE] nor usage', async () => {
    const server = await modelServer({ reply: 'complete' });
    server.script({ kind: 'no [DONE]' }, { kind: 'no usage' });

    const first = await collect(chatModel(server));
    const second = await collect(chatModel(server));

    expect([textOf(first), textOf(second)]).toEqual(['complete', 'complete']);
    expect(second.map(({ type }) => type)).not.toContain('usage');
  });

  test('letters of several bytes survive packets of one byte', async () => {
    const reply = 'Kölcsönzés: 学习 🎓 naïve';
    const server = await modelServer({ reply });
    server.script({ kind: 'single bytes' });

    expect(textOf(await collect(chatModel(server)))).toBe(reply);
  });

  test('no failure carries the key, the prompt or what the provider said', async () => {
    const server = await modelServer();
    server.script({ status: 401 });

    const error = await collect(chatModel(server)).catch((caught: unknown) => caught);

    expect(allText(error)).toContain('does not accept the configured key');
    expect(allText(error)).not.toMatch(/SECRET/);
  });

  test('an address that nobody listens on is an unavailable model', async () => {
    const model = openOpenAiChatModel({
      ...LIMITS,
      model: 'writer',
      baseUrl: 'http://127.0.0.1:1/v1',
    });

    await expect(collect(model)).rejects.toMatchObject({ code: 'model_unavailable' });
  });
});

describe('embedder', () => {
  test('gives one unit vector per text, in order, and asks for the dimensions', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });

    const [first, second] = await embedder.embed(['ownership and borrowing', 'soil moisture']);

    expect(embedder).toMatchObject({ id: 'openai:encoder:32', dimensions: 32 });
    expect(Math.hypot(...(first ?? []))).toBeCloseTo(1, 6);
    expect(first).not.toEqual(second);
    expect(server.requests[0]?.body).toMatchObject({ dimensions: 32, encoding_format: 'base64' });
  });

  test('finds out the dimensions of an unknown model with one request', async () => {
    const server = await modelServer({ dimensions: 48 });

    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server) });
    await embedder.embed(['a text']);

    expect(embedder.id).toBe('openai:encoder:48');
    expect(server.requests).toHaveLength(2);
    expect(server.requests.every(({ body }) => body.dimensions === undefined)).toBe(true);
  });

  test('a reopened model is asked for its dimensions only when it gives others by itself', async () => {
    const server = await modelServer({ dimensions: 48 });
    const plain = reopenOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 48 });
    const short = reopenOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 16 });

    await plain.embed(['a text']);
    await short.embed(['a text']);
    await short.embed(['another text']);

    expect(server.requests.map(({ body }) => body.dimensions)).toEqual([
      undefined,
      undefined,
      16,
      16,
    ]);
  });

  test.each(['reordered', 'numbers'] as const)('vectors that come %s are as good', async (kind) => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
    const texts = ['ownership', 'borrowing', 'lifetimes'];

    const expected = await embedder.embed(texts);
    server.script({ kind });
    const vectors = await embedder.embed(texts);

    expect(vectors).toEqual(expected);
  });

  test.each(['wrong dimension', 'NaN', 'zero', 'short batch', 'twice', 'not embeddings'] as const)(
    'an unusable answer is refused whole: %s',
    async (kind) => {
      const server = await modelServer();
      const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
      server.script({ kind });

      const embedding = embedder.embed(['one', 'two']);

      await expect(embedding).rejects.toMatchObject({ code: 'model_unavailable' });
    },
  );

  test('a limited provider is tried again', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
    server.script({ status: 429, retryAfter: '0' }, { status: 500 });

    await expect(embedder.embed(['a text'])).resolves.toHaveLength(1);
    expect(server.requests).toHaveLength(3);
  });

  test('a silent provider is left at the deadline', async () => {
    const server = await modelServer();
    const options = { ...LIMITS, ...at(server), dimensions: 32, timeoutMs: 150 };
    const embedder = await openOpenAiEmbedder(options);
    server.script({ kind: 'silent' });

    await expect(embedder.embed(['a text'])).rejects.toMatchObject({ code: 'model_timeout' });
    expect(await server.requests[0]?.aborted).toBe(true);
  });

  test('an abort ends the wait for another try', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
    server.script({ status: 429, retryAfter: '9' });
    const stop = new AbortController();
    const reason = new Error('stopped');

    const embedding = embedder.embed(['a text'], { signal: stop.signal });
    await vi.waitUntil(() => server.requests.length > 0);
    stop.abort(reason);

    await expect(embedding).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('an abort ends the request', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
    server.script({ kind: 'silent' });
    const reason = new Error('stopped');

    const signal = abortedSoon(reason);
    await expect(embedder.embed(['a text'], { signal })).rejects.toBe(reason);
  });

  test('texts that are too long or empty are made acceptable', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });

    await embedder.embed(['word '.repeat(20_000), '  ']);

    const { input } = server.requests[0]?.body ?? {};
    expect(input).toEqual([expect.stringMatching(/^(word ?){7000,8000}$/), '.']);
  });

  test('more tokens than a request takes become several requests', async () => {
    const server = await modelServer();
    const embedder = await openOpenAiEmbedder({ ...LIMITS, ...at(server), dimensions: 32 });
    const long = 'word '.repeat(7_500);

    const vectors = await embedder.embed(Array.from({ length: 40 }, () => long));

    const sizes = server.requests.map(({ body }) => z.array(z.string()).parse(body.input).length);
    expect(vectors).toHaveLength(40);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes) * 7_500).toBeLessThanOrEqual(300_000);
  });
});

const LIMITS = {
  apiKey: KEY,
  timeoutMs: 10_000,
  firstTokenTimeoutMs: 5_000,
  tokenTimeoutMs: 5_000,
};

function chatModel(server: ModelServer, limits: Partial<typeof LIMITS> = {}) {
  return openOpenAiChatModel({ ...LIMITS, ...limits, model: 'writer', baseUrl: server.url });
}

function at(server: ModelServer) {
  return { model: 'encoder', baseUrl: server.url };
}

async function collect(
  model: ReturnType<typeof openOpenAiChatModel>,
  parts: ChatPart[] = [],
): Promise<ChatPart[]> {
  for await (const part of model.stream(TURNS, { signal: never() })) parts.push(part);
  return parts;
}

function textOf(parts: readonly ChatPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function abortedSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  return controller.signal;
}

/** Everything that a logger could print of an error: messages, stacks, details, causes. */
function allText(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  return [error.message, error.stack, JSON.stringify(error), allText(error.cause)].join('\n');
}
