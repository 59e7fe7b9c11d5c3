import { randomUUID } from 'node:crypto';
import type { Passage } from '@docent/contracts/search';
import type { Document } from '@langchain/core/documents';
import { RunnableLambda } from '@langchain/core/runnables';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { DocentRetriever } from './retriever.ts';
import { answer, serveInTurn } from './testServer.ts';

const passage: Passage = {
  id: randomUUID(),
  contentId: randomUUID(),
  version: 2,
  title: 'Badges',
  url: null,
  contentType: 'reference',
  language: 'en',
  effectiveFrom: null,
  expiresAt: null,
  text: '| B12 | red |',
  tableHeader: '| door | colour |',
  span: { start: 10, end: 23 },
  place: { page: 3, headingPath: ['Doors'] },
  highlights: [],
  score: 0.8,
  parts: { words: 3.1, wordsNormalised: 0.5, vector: 0.4 },
};

test('a LangChain chain gets passages as documents that say where they stand', async () => {
  const server = await serveInTurn(
    answer(200, { passages: [passage], correctedQuery: null, mode: 'hybrid', tookMs: 2 }),
  );
  const client = createClient({ url: server.url, key: 'k' });
  const retriever = new DocentRetriever({ client, limit: 4, filters: { tags: ['security'] } });

  const [document] = await retriever
    .pipe(new RunnableLambda({ func: (found: Document[]) => found }))
    .invoke('B12');

  expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
    query: 'B12',
    limit: 4,
    filters: { tags: ['security'] },
  });
  expect(document).toMatchObject({
    id: passage.id,
    pageContent: '| door | colour |\n| B12 | red |',
    metadata: { title: 'Badges', score: 0.8, placeText: 'page 3 · Doors', version: 2 },
  });
});
