export interface Peer {
  addVectors(
    vectors: number[][],
    passages: { text: string; metadata: Record<string, unknown> }[],
  ): Promise<void>;
  /** m = 16, ef_construction = 128, as ours. */
  createHnswIndex(): Promise<void>;
  search(vector: number[], limit: number): Promise<unknown[]>;
  searchText(text: string, limit: number): Promise<unknown[]>;
  clear(): Promise<unknown>;
  close(): Promise<void>;
}

/** LangChain.js' PGVectorStore on a database of ours, in a table of its own. */
export function openPeer(options: {
  url: string;
  dimensions: number;
  embed: (text: string) => Promise<number[]>;
}): Promise<Peer>;
