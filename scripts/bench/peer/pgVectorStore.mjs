import { PGVectorStore } from '@langchain/community/vectorstores/pgvector';
import pg from 'pg';

// Plain JavaScript: its packages are installed on demand, so the workspace's type check cannot see them.
/** @type {import('./pgVectorStore.d.mts').openPeer} */
export async function openPeer({ url, dimensions, embed }) {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  const embeddings = {
    embedDocuments: (texts) => Promise.all(texts.map(embed)),
    embedQuery: embed,
  };
  const store = await PGVectorStore.initialize(embeddings, {
    pool,
    tableName: 'peer_passages',
    dimensions,
    distanceStrategy: 'cosine',
  });
  return {
    addVectors: (vectors, passages) =>
      store.addVectors(
        vectors,
        passages.map(({ text, metadata }) => ({ pageContent: text, metadata })),
      ),
    createHnswIndex: () => store.createHnswIndex({ dimensions, m: 16, efConstruction: 128 }),
    search: (vector, limit) => store.similaritySearchVectorWithScore(vector, limit),
    searchText: (text, limit) => store.similaritySearchWithScore(text, limit),
    clear: () => pool.query('truncate peer_passages'),
    // Its own: the store keeps a client of the pool to itself.
    close: () => store.end(),
  };
}
