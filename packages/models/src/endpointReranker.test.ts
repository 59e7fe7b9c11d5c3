import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openEndpointReranker } from './endpointReranker.ts';

interface Asked {
  path: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

/** A server that answers `/rerank` with what it is given, one answer after the other. */
async function rerankServer(...answers: { status?: number; body: unknown }[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { url: path, headers } = request;
    asked.push({ path, authorization: headers.authorization, body: await json(request) });
    const { status = 200, body } = answers[asked.length - 1] ?? answers.at(-1) ?? { body: null };
    response
      .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/v1`, asked };
}

const TEXTS = ['about cats', 'about leave'];

test('a named model is asked in the shape of Cohere, and scores come back in order', async () => {
  const { url, asked } = await rerankServer({
    body: {
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
    },
  });
  const reranker = openEndpointReranker({ url, model: 'judge', apiKey: 'k', timeoutMs: 5_000 });

  const scores = await reranker.rerank('paid leave?', TEXTS);

  expect(scores).toEqual([0.1, 0.9]);
  expect(asked).toEqual([
    {
      path: '/v1/rerank',
      authorization: 'Bearer k',
      body: {
        model: 'judge',
        query: 'paid leave?',
        documents: TEXTS,
        top_n: 2,
        return_documents: false,
      },
    },
  ]);
});

test('a server of one model is asked in the shape of text-embeddings-inference', async () => {
  const { url, asked } = await rerankServer({
    body: [
      { index: 1, score: 3.2 },
      { index: 0, score: -4 },
    ],
  });

  const scores = await openEndpointReranker({ url, timeoutMs: 5_000 }).rerank('leave?', TEXTS);

  expect(scores).toEqual([-4, 3.2]);
  expect(asked[0]?.body).toEqual({ query: 'leave?', texts: TEXTS, truncate: true });
});

test('a failure that passes is tried again', async () => {
  const { url, asked } = await rerankServer(
    { status: 503, body: {} },
    {
      body: [
        { index: 0, score: 1 },
        { index: 1, score: 2 },
      ],
    },
  );

  const scores = await openEndpointReranker({ url, timeoutMs: 5_000 }).rerank('leave?', TEXTS);

  expect(scores).toEqual([1, 2]);
  expect(asked).toHaveLength(2);
});

test.each([
  { body: { results: [{ index: 0, relevance_score: 1 }] } },
  { body: { results: 'none' } },
  { body: [{ index: 0, score: 'high' }] },
])('an answer that lacks a score is refused: %j', async (answer) => {
  const { url } = await rerankServer(answer);

  const asking = openEndpointReranker({ url, timeoutMs: 5_000 }).rerank('leave?', TEXTS);

  await expect(asking).rejects.toMatchObject({ code: 'model_unavailable' });
});

test('nothing to judge asks nobody', async () => {
  const { url, asked } = await rerankServer({ body: null });

  const scores = await openEndpointReranker({ url, timeoutMs: 5_000 }).rerank('leave?', []);

  expect(scores).toEqual([]);
  expect(asked).toEqual([]);
});
