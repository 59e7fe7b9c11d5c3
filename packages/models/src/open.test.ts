import { parseEnv } from '@docent/core/env';
import { modelServer } from '@docent/test/models';
import { expect, onTestFinished, test } from 'vitest';
import { modelsEnv } from './config.ts';
import { openModels } from './open.ts';

test('without settings: the built-in encoder, no chat model', async () => {
  const models = await opened({});

  expect(models.embedder.id).toBe('builtin:use-lite-en:512');
  expect(models.chatModel).toBeNull();
  expect(models.embedderById('openai:text-embedding-3-small:1536')).toBeNull();
  expect(models.embedderById('nobody:knows:1')).toBeNull();
});

test('a server that asks for no key is enough for chat and embeddings', async () => {
  const server = await modelServer({ dimensions: 24 });

  const models = await opened({
    OPENAI_BASE_URL: server.url,
    EMBEDDING_MODEL: 'nomic-embed-text:latest',
    CHAT_MODEL: 'llama3',
  });

  expect(models.embedder.id).toBe('openai:nomic-embed-text:latest:24');
  expect(models.chatModel?.id).toBe('openai:llama3');
});

test('vectors of an earlier model stay searchable by their id', async () => {
  const server = await modelServer({ dimensions: 24 });
  const models = await opened({ OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'new' });

  const earlier = models.embedderById('openai:old:model:16');
  const builtIn = models.embedderById('builtin:use-lite-en:512');

  expect(earlier).toMatchObject({ id: 'openai:old:model:16', dimensions: 16 });
  expect(models.embedderById('openai:old:model:16')).toBe(earlier);
  expect(models.embedderById(models.embedder.id)).toBe(models.embedder);
  expect(builtIn?.dimensions).toBe(512);
});

test('a second chat model writes when the first is gone', async () => {
  const server = await modelServer({ reply: 'from the second' });
  server.script({ status: 404 });
  const { chatModel } = await opened({
    OPENAI_BASE_URL: server.url,
    CHAT_MODEL: 'gone',
    CHAT_FALLBACK_MODELS: 'spare, other',
  });

  let text = '';
  const turns = [{ role: 'user', content: 'Hello' }] as const;
  for await (const part of chatModel?.stream(turns, { signal: new AbortController().signal }) ??
    []) {
    if (part.type === 'text') text += part.text;
  }

  expect(text).toBe('from the second');
  expect(server.requests.map(({ body }) => body)).toMatchObject([
    { model: 'gone' },
    { model: 'spare' },
  ]);
});

test('a reranking model is named by its address or its name', async () => {
  const one = await opened({ RERANK_URL: 'http://127.0.0.1:8080' });
  const named = await opened({ RERANK_URL: 'https://api.example/v1', RERANK_MODEL: 'judge' });

  expect(one.reranker?.id).toBe('rerank:127.0.0.1:8080');
  expect(named.reranker?.id).toBe('rerank:judge');
});

test.each([
  [{ CHAT_FALLBACK_MODELS: 'b' }, 'CHAT_FALLBACK_MODELS is set, but not CHAT_MODEL'],
  [{ CHAT_MODEL: 'gpt' }, 'CHAT_MODEL is set, but not OPENAI_API_KEY'],
  [{ EMBEDDING_MODEL: 'gpt' }, 'EMBEDDING_MODEL is set, but not OPENAI_API_KEY'],
  [{ EMBEDDING_DIMENSIONS: '256' }, 'the built-in encoder has only one size'],
  [{ OPENAI_BASE_URL: 'localhost:11434' }, 'OPENAI_BASE_URL: must look like https://host/v1'],
  [{ EMBEDDING_THREADS: 'many' }, 'EMBEDDING_THREADS'],
])('settings that make no sense are one clear sentence: %j', async (env, sentence) => {
  await expect((async () => opened(env))()).rejects.toThrow(sentence);
});

async function opened(env: Record<string, string>) {
  const models = await openModels(parseEnv(modelsEnv, env));
  onTestFinished(() => models.close());
  return models;
}
